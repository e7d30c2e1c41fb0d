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
			c.from(b.Call.Args[0])
		} else {
			c.elsewhere = true
		}
	}
}

// isAdd reports whether a call is one of unsafe.Add.
func isAdd(v *ssa.Call) bool {
	b, ok := v.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "Add"
}

// recastTypes is tieTypes for types that need not be laid out alike: what was a reference of one type may come out as
// one of the other. Where both have as many, they are taken to be meant one for one.
func (p *Program) recastTypes(a, b types.Type) {
	as, bs := p.Leaves(a), p.Leaves(b)
	for i, x := range as {
		for j, y := range bs {
			if i == j || len(as) != len(bs) {
				p.recast(x, y)
			}
		}
	}
}

// recast makes two pieces of memory one, in which references may change their type.
func (p *Program) recast(a, b Node) {
	at, bt := p.within(a), p.within(b)
	if at == nil || bt == nil || p.Type(at) == p.Type(bt) {
		p.tie(a, b)
		return
	}
	p.link(Op{Kind: Recast, A: a, B: b, C: int32(p.Type(at))})
	p.link(Op{Kind: Recast, A: b, B: a, C: int32(p.Type(bt))})
}
