package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An address may lie in memory as a number, a uintptr. Such memory is told apart as other memory is. That of fields, elements
// and what is pointed to is none of a type's leaves: it does not go with values of the type, only with where they are
// seen as values of another type.

// number returns the memory of the uintptr that an address leads to.
func (p *Program) number(addr ssa.Value) Node {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return p.numberIn(core(a.X.Type()).(*types.Pointer).Elem(), a.Field)
	case *ssa.IndexAddr:
		return p.numberElem()
	case *ssa.Global:
		if g := p.Global(a); !p.mixed[globalKey(g.Obj)] {
			return p.cell(cellKey{kind: varCell, index: int32(p.globalIndex[g])})
		}
	}
	return p.cell(cellKey{kind: pointedCell, typ: p.Type(types.Typ[types.Uintptr])})
}

func (p *Program) numberIn(s types.Type, field int) Node {
	return p.cell(cellKey{fieldCell, p.Type(s), int32(field)})
}

func (p *Program) numberElem() Node {
	return p.cell(cellKey{kind: elemCell, typ: p.Type(types.Typ[types.Uintptr])})
}

// numbers lists the memory in values of type t where addresses may lie as numbers.
func (p *Program) numbers(t types.Type) []Node {
	id := p.Type(t)
	out, ok := p.numbersIn.get(id)
	if ok {
		return out
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		if isUintptr(u.Elem()) {
			out = []Node{p.numberElem()}
		} else {
			out = p.numbers(u.Elem())
		}
	case *types.Struct:
		for i := range u.NumFields() {
			if ft := u.Field(i).Type(); isUintptr(ft) {
				out = append(out, p.numberIn(t, i))
			} else {
				out = append(out, p.numbers(ft)...)
			}
		}
	case *types.Basic:
		if isUintptr(u) {
			out = []Node{p.cell(cellKey{kind: pointedCell, typ: p.Type(types.Typ[types.Uintptr])})}
		}
	}
	p.numbersIn.put(id, out)
	return out
}

// NumbersBehind lists the memory, in what values of type t lead to or consist of, where addresses may lie as numbers.
func (p *Program) NumbersBehind(t types.Type) []Node {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return p.numbers(u.Elem())
	case *types.Slice:
		if isUintptr(u.Elem()) {
			return []Node{p.numberElem()}
		}
		return p.numbers(u.Elem())
	case *types.Map: // where the key or the value is a number itself, see Behind
		var out []Node
		for _, t := range []types.Type{u.Key(), u.Elem()} {
			if !isUintptr(t) {
				out = append(out, p.numbers(t)...)
			}
		}
		return out
	case *types.Chan:
		if !isUintptr(u.Elem()) {
			return p.numbers(u.Elem())
		}
	case *types.Struct, *types.Array:
		return p.numbers(t)
	}
	return nil
}

// IsNumber reports whether values of a type are numbers that may be addresses.
func (p *Program) IsNumber(t TypeID) bool { return isUintptr(p.types[t]) }

// moved notes that a value of type t is moved, as a whole, into what a reference leads to or out of it: the numbers in there
// with it.
func (e *extractor) moved(ref Node, t types.Type) {
	if ref != 0 && !isLeaf(t) && len(e.p.numbers(t)) > 0 {
		e.emit(Open, ref, 0, 0)
	}
}

// tieNumbers makes one what lies as numbers in values of two types that are alike, where one is seen as the other.
func (p *Program) tieNumbers(a, b types.Type) {
	for _, n := range slices.Concat(p.numbers(a), p.numbers(b)) {
		p.open(p.Within(n))
	}
	p.tieAll(p.numbers(a), p.numbers(b))
}

// recastNumbers is tieNumbers for types that need not be laid out alike: what is a reference in one may be a number in
// the other. Where both have as many numbers, they are taken to be meant one for one, unless the address was moved.
func (p *Program) recastNumbers(a, b types.Type, at place) {
	as, bs := p.numbers(a), p.numbers(b)
	for i, x := range as {
		for j, y := range bs {
			if i == j || len(as) != len(bs) || at == moved {
				p.open(p.Within(x))
				p.open(p.Within(y))
				p.tie(x, y)
			}
		}
	}
	p.recastNumber(bs, p.Leaves(a), at)
	p.recastNumber(as, p.Leaves(b), at)
}

func (p *Program) recastNumber(numbers, leaves []Node, at place) {
	for _, n := range numbers {
		if len(leaves) > 0 {
			p.open(p.Within(n))
		}
		for _, leaf := range leaves {
			p.tie(leaf, n)
			p.seenThrough(n, leaf, at)
		}
	}
}
