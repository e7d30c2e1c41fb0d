package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// escape notes that the address of a variable goes where memory is known by type alone.
func (e *extractor) escape(v ssa.Value) {
	p := e.p
	p.enclosed(v)
	switch v := v.(type) {
	case *ssa.Global:
		if g := p.Global(v); g.Content != 0 {
			p.tie(g.Content, p.memory(v.Type().(*types.Pointer).Elem(), true))
			if p.lent[p.firstKey(v)] {
				p.ExposeOutside(v.Type())
			}
		}
		if t := v.Type().(*types.Pointer).Elem(); isUintptr(t) {
			p.tie(p.number(v), p.numbers(t)[0])
		}
		p.tiePool(v, v.Type().(*types.Pointer).Elem())
	case *ssa.FieldAddr:
		s := core(v.X.Type()).(*types.Pointer).Elem()
		ft := s.Underlying().(*types.Struct).Field(v.Field).Type()
		if HasRefs(ft) && isLeaf(ft) {
			p.tie(p.fieldOf(s, v.Field, true), p.memory(ft, true))
		} else if isUintptr(ft) {
			p.tie(p.number(v), p.numbers(ft)[0])
		}
	case *ssa.IndexAddr:
		p.tieElements(core(v.Type()).(*types.Pointer).Elem())
	}
}

// tieElements lets pointers lead to elements of type t.
func (p *Program) tieElements(t types.Type) {
	if isUintptr(t) {
		p.tie(p.numberElem(), p.numbers(t)[0])
	} else if isLeaf(t) {
		p.tie(p.elements(t, true), p.memory(t, true))
	}
}

// cell returns the memory that an address leads to.
func (e *extractor) cell(addr ssa.Value, read bool) Node {
	elem := core(addr.Type()).(*types.Pointer).Elem()
	if !HasRefs(elem) && !isUintptr(elem) {
		return 0
	}
	if n := e.root(addr); n != 0 {
		return n
	}
	if isUintptr(elem) { // an address as a number
		return e.p.number(addr)
	}
	switch a := addr.(type) {
	case *ssa.Global:
		if g := e.p.Global(a); g.Content != 0 {
			if read && e.p.lent[e.p.firstKey(a)] {
				return e.p.borrowed(g)
			}
			return g.Content
		}
	case *ssa.FieldAddr:
		return e.p.fieldOf(core(a.X.Type()).(*types.Pointer).Elem(), a.Field, read)
	case *ssa.IndexAddr:
		return e.p.elements(elem, read)
	}
	return e.p.memory(elem, read)
}

// root returns the memory of its own that an address leads into, or none. A number in there is not known by that, but by
// where in it that lies.
func (e *extractor) root(addr ssa.Value) Node {
	if isUintptr(core(addr.Type()).(*types.Pointer).Elem()) {
		return e.own[addr]
	}
	for {
		if n, ok := e.own[addr]; ok {
			return n
		}
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return 0
		}
	}
}

// load has n get what lies at an address.
func (e *extractor) load(n Node, addr ssa.Value, t types.Type) {
	own := e.root(addr)
	if own == 0 {
		e.emit(whole(Load, t), n, e.addr(addr), int32(e.cell(addr, true)))
		return
	}
	if e.isPart(addr) {
		e.emit(LoadParts, n, e.addr(addr), int32(own))
		if needsTypes(t) {
			e.emit(Types, n, e.partCell(addr), 0)
		}
		return
	}
	e.emit(whole(Load, t), n, e.addr(addr), int32(own))
}

func (e *extractor) store(v *ssa.Store) {
	own := e.root(v.Addr)
	e.storePool(v)
	e.moved(e.addr(v.Addr), v.Val.Type())
	if own == 0 {
		e.emit(whole(Store, v.Val.Type()), e.addr(v.Addr), e.use(v.Val), int32(e.cell(v.Addr, false)))
		return
	}
	root := rootValue(v.Addr)
	if a, ok := root.(*ssa.Alloc); ok && e.own[a] != 0 { // nobody else's memory
		val := e.use(v.Val)
		switch {
		case val == 0:
		case a.Comment == "varargs":
			e.copy(own, val)
		case e.isPart(v.Addr):
			e.emit(Hold, own, val, 0)
			if needsTypes(v.Val.Type()) {
				e.emit(Types, e.partCell(v.Addr), val, 0)
			}
		case isLeaf(v.Val.Type()):
			e.copy(own, val)
		default:
			e.emit(Hold, own, val, 0)
		}
		return
	}
	// A captured variable, or a field of one whose address others have. The literal may be part of another variable's value, and
	// what it captured with it.
	val := e.use(v.Val)
	if e.isPart(v.Addr) {
		e.emit(StoreParts, e.addr(v.Addr), val, int32(own))
		if val != 0 && needsTypes(v.Val.Type()) {
			e.emit(Types, e.partCell(v.Addr), val, 0)
		}
		return
	}
	e.emit(whole(Store, v.Val.Type()), e.addr(v.Addr), val, int32(own))
}

// isPart reports whether an address leads to a part of a local variable that has no memory of its own.
func (e *extractor) isPart(addr ssa.Value) bool {
	if e.own[addr] != 0 {
		return false
	}
	root := rootValue(addr)
	return root != addr && !isLeaf(core(root.Type()).(*types.Pointer).Elem())
}

// partCell returns the memory that parts of the kind at an address have.
func (e *extractor) partCell(addr ssa.Value) Node {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return e.p.fieldOf(core(a.X.Type()).(*types.Pointer).Elem(), a.Field, true)
	case *ssa.IndexAddr:
		return e.p.elements(core(addr.Type()).(*types.Pointer).Elem(), true)
	}
	return 0
}

// whole returns the operation's kind for a value of type t.
func whole(k Kind, t types.Type) Kind {
	if !isLeaf(t) {
		return k + 1
	}
	return k
}

func rootValue(addr ssa.Value) ssa.Value {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return addr
		}
	}
}
