package flow

import (
	"go/types"
	"slices"
)

// Shown is Behind without fields that are not exported: what reflection takes out of those it neither sets nor hands
// out nor calls methods of.
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

// Expose lets package reflect store into whatever can be reached from a value of type t.
func (p *Program) Expose(t types.Type) {
	id := p.Type(t)
	if p.exposedIn[id] {
		return
	}
	p.exposedIn[id] = true
	for _, n := range p.NumbersBehind(t) {
		p.exposeCell(n, p.Within(n))
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		p.exposeMemory(u.Elem())
	case *types.Slice:
		p.exposeElements(u.Elem())
	case *types.Array:
		p.exposeElements(u.Elem())
	case *types.Chan:
		p.exposeCell(p.chanCell(u.Elem()), u.Elem())
		p.Expose(u.Elem())
	case *types.Map:
		p.exposeCell(p.mapCell(u, keyCell), u.Key())
		p.exposeCell(p.mapCell(u, valueCell), u.Elem())
		p.Expose(u.Key())
		p.Expose(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			p.Expose(f.Type())
		}
	}
}

func (p *Program) exposeMemory(t types.Type) {
	id := p.Type(t)
	if p.exposed[id] || !HasRefs(t) {
		return
	}
	p.exposed[id] = true
	if s, ok := t.Underlying().(*types.Struct); ok && !isLeaf(t) {
		for i := range s.NumFields() {
			if ft := s.Field(i).Type(); HasRefs(ft) && isLeaf(ft) {
				p.exposeCell(p.fieldOf(t, i, true), ft)
			} else {
				p.exposeMemory(ft)
			}
		}
	} else if a, ok := t.Underlying().(*types.Array); ok {
		p.exposeElements(a.Elem())
	} else {
		p.exposeCell(p.memory(t, true), t)
	}
	p.Expose(t)
}

// exposeElements is exposeMemory for the elements of slices and arrays. They can be pointed to as well.
func (p *Program) exposeElements(t types.Type) {
	if HasRefs(t) && isLeaf(t) {
		p.exposeCell(p.elements(t, true), t)
	}
	p.exposeMemory(t)
}

func (p *Program) exposeCell(n Node, t types.Type) {
	if n != 0 {
		p.link(Op{Kind: Assert, A: n, B: p.Reflected, C: int32(p.Type(t))})
		if types.IsInterface(t) {
			p.link(Op{Kind: Expose, A: n, B: n})
		}
	}
}
