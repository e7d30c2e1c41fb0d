package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Shown is Behind without fields that are not exported: what reflection takes
// out of those it neither sets nor hands out nor calls methods of. It hands it
// out with the whole struct: package proof gives a struct that may come out of
// reflection all that lies in memory of its type.
func (p *Program) Shown(t types.Type) []Node {
	all := p.Behind(t)
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if _, ok := t.Underlying().(*types.Struct); !ok || isLeaf(t) {
		return all
	}
	shown := map[Node]bool{}
	p.shown(t, shown)
	return slices.DeleteFunc(slices.Clone(all), func(n Node) bool { return !shown[n] })
}

// visible reports whether package reflect hands out what it finds in a field, or in the exported fields of that.
func visible(f *types.Var) bool {
	if f.Exported() || !f.Embedded() {
		return f.Exported()
	}
	t := f.Type().Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	_, ok := t.(*types.Struct)
	return ok
}

// Embedded calls f with the types of what is embedded in a struct, or in that to
// which a pointer leads: structs, pointers and the structs behind these. With a
// pointer's type it is given the field's memory.
func (p *Program) Embedded(t TypeID, f func(TypeID, Node)) {
	typ := p.types[t]
	if ptr, ok := typ.Underlying().(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok || isLeaf(typ) {
		return
	}
	for i := range s.NumFields() {
		v := s.Field(i)
		switch {
		case !v.Embedded():
		case isPointer(v.Type()):
			f(p.Type(v.Type()), p.fieldOf(typ, i, true))
			f(p.Type(v.Type().Underlying().(*types.Pointer).Elem()), 0)
		default:
			if _, ok := v.Type().Underlying().(*types.Struct); ok {
				f(p.Type(v.Type()), 0)
			}
		}
	}
}

func (p *Program) shown(t types.Type, out map[Node]bool) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || isLeaf(t) {
		for _, n := range p.Leaves(t) {
			out[n] = true
		}
		return
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		switch {
		case !visible(f), !HasRefs(f.Type()):
		case isLeaf(f.Type()):
			out[p.fieldOf(t, i, true)] = true
		default:
			p.shown(f.Type(), out)
		}
	}
}

// exposeUnsafe ties the memory of a type to what is seen through unsafe.Pointer.
func (p *Program) exposeUnsafe(t types.Type) {
	for _, leaf := range p.Leaves(t) {
		p.tie(leaf, p.Unsafe)
	}
	for _, n := range p.numbers(t) {
		p.tie(n, p.Unsafe)
	}
}

// An exposure is the memory into which somebody may store who is not followed.
type exposure struct {
	from           Node            // what may be stored
	outside        bool            // by importers
	memory, values map[TypeID]bool // types of both
}

func newExposure(from Node, outside bool) *exposure {
	return &exposure{from, outside, map[TypeID]bool{}, map[TypeID]bool{}}
}

// Expose lets package reflect store into whatever can be reached from a value
// of type t. Into fields that are not exported it stores with the whole struct,
// what Wholes holds, or by their address (NewAt).
func (p *Program) Expose(t types.Type) { p.expose(p.reflects, t) }

// ExposeOutside lets the importers of libraries do so.
func (p *Program) ExposeOutside(t types.Type) {
	if p.imports == nil {
		p.imports = newExposure(p.Outside, true)
	}
	p.expose(p.imports, t)
}

// Lend says that the importers of libraries may store into a variable. It is given before bodies are read.
func (p *Program) Lend(g *ssa.Global) { p.lent[p.firstKey(g)] = true }

// borrowed returns what a variable holds that is lent, and what importers may have stored there. That is not the variable's
// own: it is not they who are judged.
func (p *Program) borrowed(g *Global) Node {
	n, ok := p.borrows[g]
	if !ok {
		t := g.Obj.Type().(*types.Pointer).Elem()
		n = p.typed(p.node(), t)
		p.contents[n] = true
		p.borrows[g] = n
		p.link(Op{Kind: Copy, A: n, B: g.Content})
		p.link(Op{Kind: Assert, A: n, B: p.Outside, C: int32(p.Type(t))})
	}
	return n
}

func (p *Program) expose(x *exposure, t types.Type) {
	id := p.Type(t)
	if x.values[id] {
		return
	}
	x.values[id] = true
	for _, n := range p.NumbersBehind(t) {
		p.exposeCell(x, n, p.Within(n))
	}
	if x.outside && !isLeaf(t) { // reflection makes such values where the exposed memory is
		p.exposeMemory(x, t)
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		p.exposeMemory(x, u.Elem())
	case *types.Slice:
		p.exposeElements(x, u.Elem())
	case *types.Array:
		p.exposeElements(x, u.Elem())
	case *types.Chan:
		p.exposeCell(x, p.chanCell(u.Elem()), u.Elem())
		p.expose(x, u.Elem())
	case *types.Map:
		p.exposeCell(x, p.mapCell(u, keyCell), u.Key())
		p.exposeCell(x, p.mapCell(u, valueCell), u.Elem())
		p.expose(x, u.Key())
		p.expose(x, u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if x.looksInto(f) {
				p.expose(x, f.Type())
			}
		}
	}
}

// looksInto reports whether who stores may do so in a field.
func (x *exposure) looksInto(f *types.Var) bool { return x.outside || visible(f) }

func (p *Program) exposeMemory(x *exposure, t types.Type) {
	id := p.Type(t)
	if x.memory[id] {
		return
	}
	x.memory[id] = true
	if !x.outside {
		p.partsOf(t)
	}
	if x.outside {
		for _, other := range p.casts[id] {
			p.exposeMemory(x, p.types[other])
		}
	}
	if !HasRefs(t) {
		if a, ok := t.Underlying().(*types.Array); ok && x.outside { // sync/atomic's Pointer has one of no pointers
			p.expose(x, a.Elem())
		}
		return
	}
	if s, ok := t.Underlying().(*types.Struct); ok && !isLeaf(t) {
		for i := range s.NumFields() {
			if !x.looksInto(s.Field(i)) {
				p.exposeHidden(t, i)
				continue
			}
			if ft := s.Field(i).Type(); HasRefs(ft) && isLeaf(ft) {
				p.exposeCell(x, p.fieldOf(t, i, true), ft)
			} else {
				p.exposeMemory(x, ft)
			}
		}
	} else if a, ok := t.Underlying().(*types.Array); ok {
		p.exposeElements(x, a.Elem())
	} else {
		p.exposeCell(x, p.memory(t, true), t)
	}
	p.expose(x, t)
}

// exposeHidden lets package reflect store into field i of a struct type, which
// is not exported, with the whole struct.
func (p *Program) exposeHidden(s types.Type, i int) {
	if _, ok := types.Unalias(s).(*types.Struct); ok { // it can be assigned to named types
		p.Converts(s)
	}
	ft := s.Underlying().(*types.Struct).Field(i).Type()
	leaves := p.Leaves(ft)
	if isLeaf(ft) && HasRefs(ft) {
		leaves = []Node{p.fieldOf(s, i, true)}
	}
	for _, n := range leaves {
		p.storeInto(n, p.Wholes, p.Within(n))
	}
}

// storeInto lets what node from holds come into memory n of type t. If that is
// an unsafe.Pointer, it may lead to anything.
func (p *Program) storeInto(n, from Node, t types.Type) {
	if isUnsafe(t.Underlying()) {
		p.link(Op{Kind: Hold, A: n, B: from})
		return
	}
	p.link(Op{Kind: Assert, A: n, B: from, C: int32(p.Type(t))})
}

// castBetween notes that memory of type a is seen as type b: where one is exposed, the other is.
func (p *Program) castBetween(a, b types.Type) {
	if p.Outside == 0 {
		return
	}
	i, j := p.Type(a), p.Type(b)
	p.casts[i] = append(p.casts[i], j)
	p.casts[j] = append(p.casts[j], i)
	switch x := p.imports; {
	case x == nil:
	case x.memory[i]:
		p.exposeMemory(x, b)
	case x.memory[j]:
		p.exposeMemory(x, a)
	}
}

// exposeElements is exposeMemory for the elements of slices and arrays. They can be pointed to as well.
func (p *Program) exposeElements(x *exposure, t types.Type) {
	if HasRefs(t) && isLeaf(t) {
		p.exposeCell(x, p.elements(t, true), t)
	}
	p.exposeMemory(x, t)
}

func (p *Program) exposeCell(x *exposure, n Node, t types.Type) {
	if n == 0 {
		return
	}
	if x.outside && isUnsafe(t.Underlying()) { // a container's, for values of any type
		p.link(Op{Kind: Copy, A: n, B: x.from})
		return
	}
	p.storeInto(n, x.from, t)
	if !x.outside && !isLeaf(t) { // a map's or channel's: what it is given may have been anywhere
		p.link(Op{Kind: Hold, A: n, B: p.memory(t, true)})
	}
	switch {
	case !types.IsInterface(t):
	case !x.outside:
		p.link(Op{Kind: Expose, A: n, B: n})
	default: // so that what lies there is looked at
		p.link(Op{Kind: Copy, A: x.from, B: n})
	}
}
