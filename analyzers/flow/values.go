package flow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

type part struct {
	tuple ssa.Value
	index int
}

func (e *extractor) unop(v *ssa.UnOp) {
	n := e.node(v)
	switch v.Op {
	case token.MUL:
		e.loadPool(v)
		e.moved(e.addr(v.X), v.Type())
		if n != 0 && (HasRefs(v.Type()) || isUintptr(v.Type())) {
			e.load(n, v.X, v.Type())
		}
	case token.ARROW:
		dst := n
		if v.CommaOk {
			dst = e.part(v, 0)
		}
		e.receive(v.X, dst)
	default:
		if isUintptr(v.Type()) {
			e.copy(n, e.node(v.X))
		}
	}
}

// needsTypes reports whether calls depend on what a value of type t holds.
func needsTypes(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface, *types.Signature, *types.Slice:
		return true
	case *types.Basic:
		return isUnsafe(u) || isUintptr(u)
	case *types.Struct:
		return isLeaf(t)
	case *types.Pointer:
		return isMapIter(u.Elem())
	}
	return false
}

func (e *extractor) convert(v *ssa.Convert) {
	e.opens(v, v.X)
	e.integer(v)
	n := e.node(v)
	if n == 0 {
		return
	}
	if _, ok := v.Type().Underlying().(*types.Slice); ok && !isInitialConst(v) {
		e.emit(Room, 0, 0, 0) // of a string: rounded up
	}
	if isCount(v) {
		e.emit(Count, n, 0, 0)
	}
	from, to := v.X.Type().Underlying(), v.Type().Underlying()
	if x := e.use(v.X); x != 0 {
		e.emit(Recast, n, x, untypes(v))
	}
	if ptr, ok := from.(*types.Pointer); ok && isUnsafe(to) {
		if goesOn(v, map[ssa.Value]bool{}) {
			e.p.exposeUnsafe(ptr.Elem())
			e.p.hand(ptr.Elem())
			e.emit(Address, n, 0, int32(e.p.Type(v.X.Type())))
		}
	} else if ptr, ok := to.(*types.Pointer); ok && isUnsafe(from) {
		c, to := cast{}, e.p.Type(ptr.Elem())
		c.from(v.X)
		if _, ok := e.p.castAt[to]; !ok {
			e.p.castAt[to] = v.Pos()
		}
		for _, t := range c.types {
			e.p.SeenAs(e.p.Type(t), e.p.Type(ptr.Elem()), c.moved)
			for _, whole := range c.wholes {
				if c.moved || e.p.larger(ptr.Elem(), t) && !begins(whole, ptr.Elem()) {
					e.p.SeenAs(e.p.Type(whole), e.p.Type(ptr.Elem()), true)
				}
			}
		}
		if c.elsewhere || c.integer && !c.address {
			e.p.exposeUnsafe(ptr.Elem())
			e.emit(Seen, 0, e.use(v.X), int32(e.p.Type(ptr.Elem())))
			if c.moved {
				e.emit(Moved, e.use(v.X), 0, 0)
			}
		}
	} else {
		e.converted(v.X.Type(), v.Type())
	}
}

// untypes returns 1 if a conversion makes an unsafe.Pointer of a pointer. Its type
// is then that of the pointer, see [Address], whatever the pointer's node may
// hold besides. After
//
//	func (c *Conn) WriteTo(b []byte) { send(unsafe.Pointer(&b[0])) }
//
// an address given to send leads to bytes, although reflection may call WriteTo
// and a parameter's node gets all that such calls are given.
func untypes(v *ssa.Convert) int32 {
	ptr, ok := v.X.Type().Underlying().(*types.Pointer)
	if !ok || !isUnsafe(v.Type().Underlying()) || needsTypes(ptr) || fromReflect(ptr.Elem()) {
		return 0
	}
	return 1
}

// fromReflect reports whether a type is one of package reflect's.
func fromReflect(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "reflect"
}

// isInitialConst reports whether a conversion is of a constant in a package's initialisation: the compiler lays out
// such slices itself, without room.
func isInitialConst(v *ssa.Convert) bool {
	_, ok := v.X.(*ssa.Const)
	return ok && v.Parent().Synthetic == "package initializer"
}

func (e *extractor) convertTo(kind Kind, a, b Node) {
	if a != 0 && b != 0 {
		e.emit(kind, a, b, 0)
	}
}

// converted ties memory that a conversion lets be seen under two types.
func (e *extractor) converted(from, to types.Type) {
	f, ok1 := from.Underlying().(*types.Pointer)
	t, ok2 := to.Underlying().(*types.Pointer)
	if ok1 && ok2 {
		e.p.tieTypes(f.Elem(), t.Elem())
		return
	}
	e.p.tieTypes(from, to)
}

func (e *extractor) part(tuple ssa.Value, index int) Node {
	k := part{tuple, index}
	n, ok := e.parts[k]
	if !ok {
		t := tuple.Type().(*types.Tuple).At(index).Type()
		n = e.p.nodeFor(t)
		if _, iter := tuple.(*ssa.Next); iter && n == 0 && t == types.Typ[types.Invalid] {
			n = e.p.node()
		}
		e.parts[k] = n
	}
	return n
}

func (e *extractor) slice(v *ssa.Slice) {
	n := e.node(v)
	if n == 0 {
		return
	}
	if own, ok := e.own[v.X]; ok { // the slice of variadic arguments carries them along
		e.emit(Box, n, own, int32(e.p.Type(core(v.X.Type()).(*types.Pointer).Elem().Underlying().(*types.Array).Elem())))
		return
	}
	x := e.addr(v.X)
	if _, ok := v.X.(*ssa.FieldAddr); ok {
		x = e.use(v.X)
	}
	if ptr, ok := core(v.X.Type()).(*types.Pointer); ok {
		e.p.partOf(ptr.Elem().Underlying().(*types.Array).Elem(), ptr.Elem(), false)
		e.p.enclosed(v.X)
	}
	if x == 0 {
		return
	}
	if c, ok := v.Max.(*ssa.Const); ok && c.Value != nil && constant.Sign(c.Value) == 0 &&
		(onlyAppended(v) || isEmptyVariable(v.X)) {
		return // s[:0:0] leads to nothing
	}
	if v.High != nil && v.Max == nil || v.Max != nil && !sameConst(v.High, v.Max) {
		e.emit(Reslice, n, x, 0)
		return
	}
	e.copy(n, x)
}

// isEmptyVariable reports whether a value is the address of a package-level array
// without elements, around which there is nothing that unsafe could find.
func isEmptyVariable(v ssa.Value) bool {
	g, ok := v.(*ssa.Global)
	if !ok {
		return false
	}
	a, ok := g.Type().(*types.Pointer).Elem().Underlying().(*types.Array)
	return ok && a.Len() == 0
}

// onlyAppended reports whether nothing is done with a slice but to append to it:
// unsafe could find again what it was cut from.
func onlyAppended(v *ssa.Slice) bool {
	for _, r := range *v.Referrers() {
		if _, ok := r.(*ssa.DebugRef); ok {
			continue
		}
		c, ok := r.(*ssa.Call)
		if !ok || len(c.Call.Args) == 0 || c.Call.Args[0] != ssa.Value(v) {
			return false
		}
		if b, ok := c.Call.Value.(*ssa.Builtin); !ok || b.Name() != "append" {
			return false
		}
	}
	return true
}

func sameConst(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok1 := a.(*ssa.Const)
	y, ok2 := b.(*ssa.Const)
	return ok1 && ok2 && x.Value != nil && y.Value != nil && constant.Compare(x.Value, token.EQL, y.Value)
}

func (e *extractor) lookup(v *ssa.Lookup) {
	m, ok := core(v.X.Type()).(*types.Map)
	if !ok {
		return
	}
	dst := Node(0)
	if v.CommaOk {
		dst = e.part(v, 0)
	} else {
		dst = e.node(v)
	}
	if dst != 0 {
		e.emit(whole(Load, m.Elem()), dst, e.node(v.X), int32(e.p.mapCell(m, valueCell)))
	}
}

func (e *extractor) rangeNode(v *ssa.Range) Node {
	n, ok := e.nodes[v]
	if !ok {
		n = e.p.nodeFor(v.X.Type())
		e.nodes[v] = n
	}
	return n
}

func (e *extractor) next(v *ssa.Next) {
	if v.IsString {
		return
	}
	m, ok := core(v.Iter.(*ssa.Range).X.Type()).(*types.Map)
	if !ok {
		return
	}
	it := e.rangeNode(v.Iter.(*ssa.Range))
	for i, t := range []types.Type{m.Key(), m.Elem()} {
		if !HasRefs(t) && !isUintptr(t) {
			e.parts[part{v, i + 1}] = 0
			continue
		}
		n := e.p.node()
		e.parts[part{v, i + 1}] = n
		e.emit(whole(Load, t), n, it, int32(e.p.mapCell(m, []cellKind{keyCell, valueCell}[i])))
	}
}

func (e *extractor) send(ch, x ssa.Value) {
	elem := core(ch.Type()).(*types.Chan).Elem()
	e.emit(whole(Store, x.Type()), e.node(ch), e.use(x), int32(e.p.chanCell(elem)))
}

// receive takes something out of a channel, which changes it.
func (e *extractor) receive(ch ssa.Value, dst Node) {
	if elem := core(ch.Type()).(*types.Chan).Elem(); dst != 0 {
		e.emit(whole(Load, elem), dst, e.node(ch), int32(e.p.chanCell(elem)))
	}
	e.emit(Write, e.node(ch), 0, 0)
}

func (e *extractor) selects(v *ssa.Select) {
	recv := 2
	for _, s := range v.States {
		if s.Dir == types.SendOnly {
			e.send(s.Chan, s.Send)
			continue
		}
		e.receive(s.Chan, e.part(v, recv))
		recv++
	}
}

func isUintptr(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uintptr
}

func isUnsafe(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}
