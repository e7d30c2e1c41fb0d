package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A cast is what an unsafe.Pointer was made from.
type cast struct {
	types     []types.Type // of memory whose address it is
	wholes    []types.Type // of what that memory is known to be a part of
	elsewhere bool         // it may also come from where that does not show
	moved     bool         // something was added to it
	address   bool         // it, or something that was added to it, was an address
	integer   bool         // an integer of another type was part of it
	seen      []ssa.Value
}

func (c *cast) from(v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Const:
	case *ssa.Convert:
		switch t := v.X.Type().Underlying().(type) {
		case *types.Pointer:
			c.types, c.address = append(c.types, t.Elem()), true
			c.wholes = append(c.wholes, wholesOf(v.X)...)
		case *types.Basic:
			c.address = c.address || isUnsafe(t)
			if isUnsafe(t) || isUintptr(t) {
				c.from(v.X)
			} else if _, constant := v.X.(*ssa.Const); !constant {
				c.integer = true
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

// newAt notes that reflection sees the memory at an address as the types that
// node typ describes, or as many values of such if it spans these.
func (e *extractor) newAt(typ Node, addr argument, spans bool) {
	c := cast{elsewhere: true}
	if addr.value != nil {
		c.elsewhere = false
		c.from(addr.value)
	}
	c.moved = c.moved || spans
	for _, t := range c.types {
		e.emit(SeenBy, 0, typ, int32(e.p.Type(t)))
		if c.moved {
			e.p.exposeUnsafe(t)
			e.p.around(e.p.Type(t), view{})
		}
	}
	if spans {
		e.emit(Moved, addr.node, 0, 0)
	}
	if c.elsewhere || c.moved {
		e.emit(SeenBy, addr.node, typ, 0)
	}
}

// Views returns the number of pairs of types, one of which is seen as the
// other.
func (p *Program) Views() int { return len(p.recasts) }

// SeenChecked is SeenAs for an address that may be of very many types. The code
// checks the type first, so that nothing but the memory itself is seen.
func (p *Program) SeenChecked(a, b TypeID) { p.seenAs(p.types[a], p.types[b], checked) }

// SeenAs does what [Seen] and [SeenBy] say, once the types are known: memory of
// type a, or what is seen through unsafe.Pointer if that is 0, is seen as type
// b. The address may have been moved.
func (p *Program) SeenAs(a, b TypeID, shifted bool) {
	switch {
	case a == 0:
		p.exposeUnsafe(p.types[b])
	case shifted:
		p.seenAs(p.types[a], p.types[b], moved)
	default:
		p.seenAs(p.types[a], p.types[b], inPlace)
	}
}

// A place says where in memory of one type another type is seen.
type place uint8

const (
	inPlace place = iota // where it begins
	moved                // anywhere
	guessed              // where it begins, if at all: the reference to it may be another one
	checked              // where it begins, if it is of that type: the code checks first
)

// isAdd reports whether a call is one of unsafe.Add.
func isAdd(v *ssa.Call) bool {
	b, ok := v.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "Add"
}

// seenAs ties memory of type a to memory of type b, as which it is seen, and
// what their references lead to. The types need not be laid out alike: a
// reference of one type may be read as one of the other, or as a number. If
// both have as many references, they correspond one by one, unless the address
// was moved. If it was, or if values of type b are larger, the memory around
// that of type a is seen as b too.
func (p *Program) seenAs(a, b types.Type, at place) {
	k := recastKey{p.Type(a), p.Type(b), at}
	if k.a == k.b && at != moved || p.recasts[k] {
		return
	}
	p.recasts[k] = true
	p.castBetween(a, b)
	if at != checked {
		p.hold(k.a)
		p.hold(k.b)
	}
	v, wide := view{typ: k.b}, at == moved
	if at == inPlace || at == moved {
		p.partOf(b, a, true)
		wide = wide || p.larger(b, a)
	}
	if at == moved || !p.heads(a, b, k) && !p.heads(b, a, k) {
		p.seenInParts(a, b, at)
	} else if wide {
		v.downcast = true
		p.enclosing.downcasts[[2]TypeID{k.a, k.b}] = true
	}
	if wide {
		p.around(k.a, v)
	}
}

func (p *Program) seenInParts(a, b types.Type, at place) {
	p.recastNumbers(a, b, at)
	if at != checked {
		p.recastRaw(a, b)
	}
	behind := at
	if at == moved {
		behind = guessed
	}
	as, bs := p.Leaves(a), p.Leaves(b)
	for i, x := range as {
		for j, y := range bs {
			if i == j || len(as) != len(bs) || at == moved {
				p.recast(x, y, at)
				p.seenBehind(p.Within(x), p.Within(y), behind)
			}
		}
	}
}

type recastKey struct {
	a, b TypeID
	at   place
}

// seenBehind is seenAs for what pointers and slices lead to.
func (p *Program) seenBehind(a, b types.Type, at place) {
	x, ok1 := pointee(a)
	y, ok2 := pointee(b)
	if !ok1 || !ok2 {
		return
	}
	for _, m := range p.elementLeaves(x) {
		for _, n := range p.elementLeaves(y) {
			if isLeaf(x) && isLeaf(y) {
				p.recast(m, n, at)
			}
		}
	}
	if isUintptr(x) || isUintptr(y) {
		for _, t := range []types.Type{x, y} {
			p.tieElements(t)
		}
	}
	p.seenAs(x, y, at)
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

// recast ties two pieces of memory. A reference that goes from one to the other
// may change its type.
func (p *Program) recast(a, b Node, at place) {
	x, y := p.Within(a), p.Within(b)
	if x == nil || y == nil || p.Type(x) == p.Type(y) {
		p.tie(a, b)
		return
	}
	p.link(Op{Kind: Recast, A: a, B: b, C: int32(p.Type(x))})
	p.link(Op{Kind: Recast, A: b, B: a, C: int32(p.Type(y))})
	p.seenThrough(a, b, at)
	p.seenThrough(b, a, at)
}

// seenThrough lets what an address without a type, or an interface, in one piece
// of memory leads to be seen as what a reference in another leads to: both are
// the same memory.
func (p *Program) seenThrough(n, typed Node, at place) {
	if in := p.Within(n); at != inPlace || !untyped(in) && !types.IsInterface(in) {
		return
	}
	t := p.Within(typed)
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		p.link(Op{Kind: Seen, A: typed, B: n, C: int32(p.Type(u.Elem()))})
		if untyped(p.Within(n)) {
			p.exposeUnsafe(u.Elem())
			p.hand(u.Elem())
			p.link(Op{Kind: Address, A: n, B: typed, C: int32(p.Type(t))})
		}
	case *types.Slice: // more than one element
		p.link(Op{Kind: Seen, A: typed, B: n, C: int32(p.Type(types.NewArray(u.Elem(), 2)))})
		if untyped(p.Within(n)) {
			p.link(Op{Kind: Address, A: n, B: typed, C: int32(p.Type(t))})
		}
	}
}

// recastRaw lets memory of a type that shows no references hold those of another
// type as which it is seen:
//
//	*(*[8]byte)(unsafe.Pointer(&s.ptr))
//
// A type without size shows nothing of the memory.
func (p *Program) recastRaw(a, b types.Type) {
	if p.empty(a) || p.empty(b) {
		return
	}
	as, bs := p.shows(a), p.shows(b)
	switch {
	case len(as) == 0:
		p.tieEach(bs, p.Raw)
	case len(bs) == 0:
		p.tieEach(as, p.Raw)
	}
	if x, y := texts(a), texts(b); x != y || len(as) != len(bs) {
		if x > 0 {
			p.tieEach(bs, p.Text)
		}
		if y > 0 {
			p.tieEach(as, p.Text)
		}
	}
}

// empty reports whether values of a type have no size.
func (p *Program) empty(t types.Type) bool {
	return !p.Parametric(p.Type(t)) && p.sizes[0].Sizeof(t) == 0
}

// shows lists the memory in values of a type where it shows references, or
// numbers that may be addresses.
func (p *Program) shows(t types.Type) []Node { return slices.Concat(p.Leaves(t), p.numbers(t)) }

// texts counts the strings in a value, those of an array once.
func texts(t types.Type) (n int) {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return 1
		}
	case *types.Array:
		return texts(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			n += texts(f.Type())
		}
	}
	return n
}

func (p *Program) tieEach(nodes []Node, to Node) {
	for _, n := range nodes {
		p.tie(n, to)
	}
}
