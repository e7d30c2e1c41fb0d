package proof

import (
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// sets reports whether reflection that comes upon a variable's memory in other memory may write it. What it comes upon,
// as decoders do, it takes for data: it sets fields that are exported, elements, and what is behind pointers. It does not
// put one struct in the place of another.
func (g *graph) sets(v *flow.Global) bool {
	t := v.Obj.Type().(*types.Pointer).Elem()
	if i, ok := g.peek(v.Addr); ok && g.leaks(i, 0) {
		return true
	}
	if !types.IsInterface(t) {
		return settable(t)
	}
	return slices.ContainsFunc(g.contents.held(v.Content, nil), func(t thing) bool {
		return t == anything || t >= 0 && settable(g.r.p.TypeOf(flow.TypeID(t)))
	})
}

// escapes reports whether a variable's address goes anywhere.
func (g *graph) escapes(v *flow.Global) bool {
	i, ok := g.peek(v.Addr)
	return ok && slices.ContainsFunc(g.steps[i], func(s step) bool { return s.kind != stepContent })
}

// leaks reports whether the address at a node, or that of a part of what it leads to, goes further than where it is read and
// written through.
func (g *graph) leaks(i int32, depth int) bool {
	return slices.ContainsFunc(g.steps[i], func(s step) bool {
		switch s.kind {
		case stepContent:
			return false
		case stepCopy:
			return depth > 8 || !g.r.p.Refers(g.nodes[s.to]) || g.leaks(s.to, depth+1)
		}
		return true
	})
}

// settable reports whether a value has something that reflection can set.
func settable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map, *types.Slice:
		return true
	case *types.Array:
		return u.Len() > 0
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() || f.Embedded() && settable(f.Type()) {
				return true
			}
		}
	case *types.Pointer:
		switch u := u.Elem().Underlying().(type) {
		case *types.Struct:
			return settable(u)
		case *types.Signature:
		default:
			return true
		}
	}
	return false
}

// show notes that reflection comes upon references at a node of memory. What it can set by them may have been taken out of
// where it does not look: a field that is not exported, what a function has captured.
func (t *trace) show(i int32, who mask) {
	if typ := t.g.r.p.Within(t.g.nodes[i]); typ != nil && !types.IsInterface(typ) && !isReflected(typ) {
		t.set(t.sets(i, t.g.r.p.Type(typ), who))
		t.showHollow(i, typ, who)
		return
	}
	if who&^t.shown == 0 {
		return
	}
	t.shown |= who
	t.set(t.packed & t.shown)
	t.showPacked()
}

// pack notes that references at a node are put into an interface with a value of a type.
func (t *trace) pack(i int32, typ flow.TypeID, who mask) {
	for _, part := range t.g.r.p.LeafTypes(typ) {
		if who&^t.packed != 0 {
			t.packed |= t.sets(i, part, who)
		}
		t.packHollow(i, part, who)
	}
	t.set(t.packed & t.shown)
}

// sets returns the variables in whose memory there is something that reflection sets by a reference of a type, among those to which
// one at a node may lead.
func (t *trace) sets(i int32, typ flow.TypeID, who mask) mask {
	u := t.g.r.p.TypeOf(typ)
	if !settable(u) {
		return 0
	}
	if _, ok := u.Underlying().(*types.Slice); ok { // that of a call's variadic arguments may be of any type
		return t.listed(i, who, typ)
	}
	return t.filter(i, who, 0, typ)
}

// set notes that reflection, wherever it comes upon variables' memory, sets something there.
func (t *trace) set(who mask) {
	if who &^= t.settable; who == 0 || t.modest {
		return
	}
	t.settable |= who
	for _, i := range t.touched {
		if t.marks[i].refs&who != 0 && slices.ContainsFunc(t.g.events[i], func(e event) bool { return e.reflects }) {
			t.requeue(i)
		}
	}
}
