package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A held is one thing that a node may hold, as far as calls depend on it: a value of a type (even) or a function (odd).
type held int32

func heldType(t flow.TypeID) held { return held(t) << 1 }
func heldFunc(f flow.FuncID) held { return held(f)<<1 | 1 }

func (t held) isFunc() bool          { return t >= 0 && t&1 == 1 }
func (t held) isType() bool          { return t >= 0 && t&1 == 0 }
func (t held) typ() flow.TypeID      { return flow.TypeID(t >> 1) }
func (t held) function() flow.FuncID { return flow.FuncID(t >> 1) }

// shift returns the moved address of what leads to a value of type t, or of any
// type. In
//
//	q := unsafe.Add(unsafe.Pointer(&s.a), 8)
//
// q holds the type *int as well, for it may lead to what &s.a leads to, and
// *int shifted. A mark on the node alone would not do: the node of a parameter
// may hold a thousand types, one of which is that of an address which was moved.
func shift(t held) held {
	if t == anyType {
		return firstShifted
	}
	return firstShifted - 1 - held(t.typ())
}

func (t held) isShifted() bool { return t <= firstShifted }

// unshifted returns what a moved address led to before, and anything else as it is.
func (t held) unshifted() held {
	switch {
	case t == firstShifted:
		return anyType
	case t.isShifted():
		return heldType(flow.TypeID(firstShifted - 1 - t))
	}
	return t
}

// numbers gives each thing that nodes hold an index. All reaches in one program may share it.
type numbers struct {
	things []held // by index
	index  map[held]int32
	sieves map[flow.TypeID]*sieve
	parts  map[flow.TypeID][]flow.TypeID // by type: what components lists, and what signature lists
}

// anyIndex is the index of anyType.
const anyIndex = 0

func newNumbers() *numbers {
	return &numbers{
		things: []held{anyIndex: anyType}, index: map[held]int32{anyType: anyIndex},
		sieves: map[flow.TypeID]*sieve{}, parts: map[flow.TypeID][]flow.TypeID{},
	}
}

// number returns the index of what nodes may hold.
func (n *numbers) number(t held) int32 {
	i, ok := n.index[t]
	if !ok {
		i = int32(len(n.things))
		n.index[t] = i
		n.things = append(n.things, t)
	}
	return i
}

// sift returns what of a set is of a type.
func (r *reach) sift(set *heldSet, to flow.TypeID) heldSet {
	v := r.sieves[to]
	if v == nil {
		v = new(sieve)
		r.sieves[to] = v
	}
	return v.filter(set, func(i int32) bool { return r.passes(r.things[i], to) })
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// isReflected reports whether values of the type stand for other values, or describe types.
func isReflected(t types.Type) bool {
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "reflect"
}

func (r *reach) passes(t held, to flow.TypeID) bool {
	u := r.p.TypeOf(to).Underlying()
	if r.p.Parametric(to) {
		switch {
		case t.isType():
			return r.p.Admits(to, t.typ())
		case t.isFunc():
			return r.p.Admits(to, r.p.Type(r.p.Funcs[t.function()].SSA().Signature))
		}
		return true
	}
	switch {
	case isReflected(r.p.TypeOf(to)): // it stands for anything
		return true
	case t.isShifted():
		return false
	case t < 0:
		switch u.(type) {
		case *types.Interface, *types.Signature:
			return true
		}
		return false
	case t.isFunc():
		switch u := u.(type) {
		case *types.Interface:
			return true
		case *types.Signature:
			return r.p.Type(u) == r.p.Type(r.p.Funcs[t.function()].SSA().Signature)
		}
		return false
	}
	if _, ok := u.(*types.Interface); ok {
		return r.p.Implements(t.typ(), to)
	}
	return false
}

// partsOf lists the types of what reflection gets out of a value of type t, and
// of the values that it may make to call it.
func (r *reach) partsOf(t flow.TypeID) []flow.TypeID {
	list, ok := r.parts[t]
	if !ok {
		components(r.p, t, func(u flow.TypeID) { list = append(list, u) })
		for _, u := range signature(r.p.TypeOf(t)) {
			list = append(list, r.p.Type(u))
		}
		r.parts[t] = list
	}
	return list
}

// components calls f with the types of the values that reflection gets out of a value of type t.
func components(p *flow.Program, t flow.TypeID, f func(flow.TypeID)) {
	if isReflected(p.TypeOf(t)) {
		return
	}
	switch u := p.TypeOf(t).Underlying().(type) {
	case *types.Pointer:
		f(p.Type(u.Elem()))
	case *types.Slice:
		f(p.Type(u.Elem()))
		f(p.PointerTo(p.Type(u.Elem())))
	case *types.Array:
		f(p.Type(u.Elem()))
		f(p.PointerTo(p.Type(u.Elem())))
		f(p.Type(types.NewSlice(u.Elem())))
	case *types.Map:
		f(p.Type(u.Key()))
		f(p.Type(u.Elem()))
	case *types.Chan:
		f(p.Type(u.Elem()))
	case *types.Struct:
		for v := range u.Fields() {
			f(p.Type(v.Type()))
			f(p.PointerTo(p.Type(v.Type())))
		}
	}
}

// holds reports whether a node may hold something.
func (r *reach) holds(n flow.Node, t held) bool {
	s := r.nodes.peek(n)
	i, ok := r.index[t]
	return s != nil && ok && s.holds.has(i)
}

// types lists the types that a node may hold.
func (r *reach) types(n flow.Node) (list []flow.TypeID, any bool) {
	s := r.nodes.peek(n)
	if s == nil {
		return nil, false
	}
	s.holds.each(func(i int32) {
		switch t := r.things[i]; {
		case t == anyType:
			any = true
		case t.isType():
			list = append(list, t.typ())
		}
	})
	return list, any
}
