package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// Where the references lead that a trace follows, their types tell: they are kept out of nodes of types that no value
// in the variables' memory has, nor was converted to.

// filter keeps back those references at node i that cannot be of a type.
func (t *trace) filter(i int32, refs, boxed mask, typ flow.TypeID) mask {
	pass := t.pass(typ) | t.wild | boxed&t.boxes[typ]
	if refs&^pass != 0 {
		t.block(i, typ)
	}
	return refs & pass
}

// list notes that references to variables were converted to a type.
func (t *trace) list(typ flow.TypeID, refs mask) {
	if typ != 0 && refs&^t.lists.of(typ) != 0 {
		t.lists.add(typ, refs)
		t.release(typ)
	}
}

// listed is filter for slices of references: what the slice of a call's variadic arguments carries is not what it leads to.
func (t *trace) listed(i int32, refs mask, typ flow.TypeID) mask {
	t.block(i, typ)
	return refs & (t.home[typ] | t.lists.of(typ) | t.wild)
}

// pass returns the variables in whose memory there are values of a type.
func (t *trace) pass(typ flow.TypeID) mask {
	parametric := t.g.r.p.Parametric(typ)
	if !parametric {
		iface, ok := t.g.r.p.TypeOf(typ).Underlying().(*types.Interface)
		if !ok {
			return t.carriers.of(typ)
		}
		if iface.NumMethods() == 0 {
			return ^mask(0)
		}
	}
	if m, ok := t.passing[typ]; ok {
		return m
	}
	var m mask
	if parametric {
		for c, who := range t.carriers {
			if who != 0 && t.g.r.p.Admits(typ, flow.TypeID(c)) {
				m |= who
			}
		}
	} else {
		t.g.carried(typ).Each(func(c flow.TypeID) { m |= t.carriers.of(c) })
	}
	t.passing[typ] = m
	t.wanted.add(typ)
	return m
}

// lets reports whether a value of type t may be where one of type to is wanted, an interface or parametric.
func (t *trace) lets(to, typ flow.TypeID) bool {
	if t.g.r.p.Parametric(to) {
		return t.g.r.p.Admits(to, typ)
	}
	return t.g.r.p.Implements(typ, to) || t.g.carried(to).Has(typ)
}

// carry notes that references to variables lie in values of a type. What was kept back because of that is looked at
// again.
func (t *trace) carry(typ flow.TypeID, refs mask) {
	refs &^= t.wild // what is of any type needs no note
	if refs == 0 || typ == 0 {
		return
	}
	if t.carriers.of(typ)&refs == refs {
		return
	}
	t.carriers.add(typ, refs)
	t.release(typ)
	t.likenOf(typ, refs&t.alike)
	for _, kind := range t.g.r.p.Kinds(typ) {
		if kind != typ {
			t.carry(kind, refs)
		}
	}
	if ptr, ok := t.g.r.p.TypeOf(typ).Underlying().(*types.Pointer); ok {
		t.carry(t.g.r.p.Type(ptr.Elem()), refs)
	}
	for _, to := range t.wanted.letting(typ, t.lets) {
		if m, ok := t.passing[to]; ok && m&refs != refs {
			t.passing[to] = m | refs
			t.release(to)
		}
	}
}

// carryIn is carry for values that are put into interfaces: reflection may take
// a struct or an array out that is a part of one.
func (t *trace) carryIn(typ flow.TypeID, refs mask) {
	t.carry(typ, refs)
	for _, part := range t.g.r.p.Composites(typ) {
		t.carry(part, refs)
	}
}

// liken notes that references to variables may be of all types to which theirs convert.
func (t *trace) liken(refs mask) {
	if refs &^= t.alike | t.wild; refs == 0 {
		return
	}
	t.alike |= refs
	for i := 0; i < len(t.carriers); i++ { // more may come meanwhile
		t.likenOf(flow.TypeID(i), t.carriers[i]&refs)
	}
}

func (t *trace) likenOf(typ flow.TypeID, refs mask) {
	if refs == 0 {
		return
	}
	for _, other := range t.g.alike(typ) {
		t.carry(other, refs)
		t.list(other, refs)
	}
}

// unbind notes that references to variables may be of any type.
func (t *trace) unbind(who mask) {
	if who&^t.wild == 0 {
		return
	}
	t.wild |= who
	for _, i := range t.touched {
		if t.marks[i].refs&who != 0 {
			t.requeue(i)
		}
	}
}

// block notes that something was not let on from a node, because of a type.
func (t *trace) block(i int32, typ flow.TypeID) {
	if l := t.blocked[typ]; len(l) == 0 || l[len(l)-1] != i {
		t.blocked[typ] = append(l, i)
	}
}

func (t *trace) release(typ flow.TypeID) {
	for _, i := range t.blocked[typ] {
		t.requeue(i)
	}
	delete(t.blocked, typ)
}

// carried returns the types of values by which references may lie in an interface: those that have its methods, and, as
// importers fill what they make, those of their parts.
func (g *graph) carried(iface flow.TypeID) typeSet {
	set, ok := g.impls[iface]
	if !ok {
		for _, t := range g.contents.methods.having(g.r.p, iface, g.contents.r.madeList) {
			if g.r.p.IsInterface(t) || !g.r.p.Implements(t, iface) {
				continue
			}
			set.Add(t)
			if g.r.importer == nil {
				continue
			}
			if ptr, ok := g.r.p.TypeOf(t).Underlying().(*types.Pointer); ok {
				t = g.r.p.Type(ptr.Elem())
			}
			for _, part := range g.r.p.LeafTypes(t) {
				set.Add(part)
			}
		}
		g.impls[iface] = set
	}
	return set
}

// alike lists the types that convert to a type and back.
func (g *graph) alike(t flow.TypeID) []flow.TypeID {
	if g.like == nil {
		g.like = map[string][]flow.TypeID{}
		for t := range g.r.p.Types() {
			if k := g.r.p.Likeness(t); k != "" {
				g.like[k] = append(g.like[k], t)
			}
		}
	}
	return g.like[g.r.p.Likeness(t)]
}
