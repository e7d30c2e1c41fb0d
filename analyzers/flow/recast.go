package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A cast is what an unsafe.Pointer was made from.
type cast struct {
	types     []types.Type // of memory whose address it is
	elsewhere bool         // it may also come from where that does not show
	moved     bool         // something was added to it
	seen      []ssa.Value
}

func (c *cast) from(v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Const:
	case *ssa.Convert:
		switch t := v.X.Type().Underlying().(type) {
		case *types.Pointer:
			c.types = append(c.types, t.Elem())
		case *types.Basic:
			if isUnsafe(t) || isUintptr(t) {
				c.from(v.X)
			}
		}
	case *ssa.ChangeType:
		c.from(v.X)
	case *ssa.BinOp:
		c.moved = true
		c.from(v.X)
		c.from(v.Y)
	case *ssa.Phi:
		if !slices.Contains(c.seen, ssa.Value(v)) {
			c.seen = append(c.seen, v)
			for _, x := range v.Edges {
				c.from(x)
			}
		}
	default:
		if b, ok := v.(*ssa.Call); ok && isAdd(b) {
			c.moved = true
			c.from(b.Call.Args[0])
		} else {
			c.elsewhere = true
		}
	}
}

// newAt notes that reflection sees the memory at an address as the types that node typ describes.
func (e *extractor) newAt(typ Node, addr argument) {
	c := cast{elsewhere: true}
	if addr.value != nil {
		c.elsewhere = false
		c.from(addr.value)
	}
	for _, t := range c.types {
		e.emit(SeenBy, 0, typ, int32(e.p.Type(t)))
		if c.moved {
			e.p.exposeUnsafe(t)
		}
	}
	if c.elsewhere || c.moved {
		e.emit(SeenBy, 0, typ, 0)
	}
}

// SeenAs does what [Seen] and [SeenBy] say, once the types are known.
func (p *Program) SeenAs(a, b TypeID) {
	if a == 0 {
		p.exposeUnsafe(p.types[b])
		return
	}
	p.seenAs(p.types[a], p.types[b], false)
}

// isAdd reports whether a call is one of unsafe.Add.
func isAdd(v *ssa.Call) bool {
	b, ok := v.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "Add"
}

// seenAs makes memory of type a one with memory of type b, as which it is seen, and what lies behind both with it. Types need
// not be laid out alike: what was a reference of one type may come out as one of the other, or as a number. Where both have
// as many, they are taken to be meant one for one, unless the address was moved in between.
func (p *Program) seenAs(a, b types.Type, moved bool) {
	k := recastKey{p.Type(a), p.Type(b), moved}
	if k.a == k.b && !moved || p.recasts[k] {
		return
	}
	p.recasts[k] = true
	p.castBetween(a, b)
	if !moved && (p.heads(a, b, k) || p.heads(b, a, k)) {
		return
	}
	p.seenInParts(a, b, moved)
}

func (p *Program) seenInParts(a, b types.Type, moved bool) {
	p.recastNumbers(a, b, moved)
	as, bs := p.Leaves(a), p.Leaves(b)
	for i, x := range as {
		for j, y := range bs {
			if i == j || len(as) != len(bs) || moved {
				p.recast(x, y)
				p.seenBehind(p.Within(x), p.Within(y))
			}
		}
	}
}

type recastKey struct {
	a, b  TypeID
	moved bool
}

// seenBehind is seenAs for what pointers and slices lead to.
func (p *Program) seenBehind(a, b types.Type) {
	x, ok1 := pointee(a)
	y, ok2 := pointee(b)
	if !ok1 || !ok2 {
		return
	}
	for _, m := range p.elementLeaves(x) {
		for _, n := range p.elementLeaves(y) {
			if isLeaf(x) && isLeaf(y) {
				p.recast(m, n)
			}
		}
	}
	if isUintptr(x) || isUintptr(y) {
		for _, t := range []types.Type{x, y} {
			p.tieElements(t)
		}
	}
	p.seenAs(x, y, false)
}

// pointee returns what pointers or slices of a type lead to.
func pointee(t types.Type) (types.Type, bool) {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return u.Elem(), true
	case *types.Slice:
		return u.Elem(), true
	}
	return nil, false
}

// recast makes two pieces of memory one, in which references may change their type.
func (p *Program) recast(a, b Node) {
	at, bt := p.Within(a), p.Within(b)
	if at == nil || bt == nil || p.Type(at) == p.Type(bt) {
		p.tie(a, b)
		return
	}
	p.link(Op{Kind: Recast, A: a, B: b, C: int32(p.Type(at))})
	p.link(Op{Kind: Recast, A: b, B: a, C: int32(p.Type(bt))})
}
