package flow

import (
	"go/types"
	"slices"
)

// Refers reports whether a node is a value in a function, and that a pointer, a slice, a map or a channel of a type that
// is known.
func (p *Program) Refers(n Node) bool {
	t := p.nodeTypes[n]
	switch {
	case p.Common(n):
		return false
	case t == 0:
		return p.lists[n] != 0
	case p.Parametric(t):
		return false
	}
	switch p.types[t].Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Slice:
		return true
	}
	return false
}

// Apart reports whether a piece of memory is part of all values of a type, so that parts of some of these can be
// told from those of others.
func (p *Program) Apart(n Node) bool {
	k, ok := p.cellOf[n]
	return ok && k.kind <= chanCell
}

// Pointed reports whether a piece of memory is what pointers lead to of which no more is known: other memory may be
// the same.
func (p *Program) Pointed(n Node) bool {
	k, ok := p.cellOf[n]
	return ok && k.kind == pointedCell
}

// LeafTypes lists the types of what a value of type t consists of, as far as that holds references.
func (p *Program) LeafTypes(t TypeID) []TypeID {
	out, ok := p.leafTypes.get(t)
	if ok {
		return out
	}
	var add func(t types.Type)
	add = func(t types.Type) {
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if !isLeaf(t) {
				for f := range u.Fields() {
					add(f.Type())
				}
				return
			}
		case *types.Array:
			add(u.Elem())
			return
		}
		if id := p.Type(t); HasRefs(t) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	add(p.types[t])
	p.leafTypes.put(t, out)
	return out
}

// Composites lists the types of the structs and arrays of which a value of type
// t consists, as far as they hold references.
func (p *Program) Composites(t TypeID) []TypeID {
	out, ok := p.composites.get(t)
	if ok {
		return out
	}
	var add func(t types.Type)
	add = func(t types.Type) {
		if isLeaf(t) || !HasRefs(t) {
			return
		}
		if id := p.Type(t); !slices.Contains(out, id) {
			out = append(out, id)
		}
		switch u := t.Underlying().(type) {
		case *types.Struct:
			for f := range u.Fields() {
				add(f.Type())
			}
		case *types.Array:
			add(u.Elem())
		}
	}
	add(p.types[t])
	p.composites.put(t, out)
	return out
}

// Kinds lists what stands, in [Only], for a type.
func (p *Program) Kinds(t TypeID) []TypeID {
	out, ok := p.kinds.get(t)
	if !ok {
		out = p.kindsOf(t)
		p.kinds.put(t, out)
	}
	return out
}

func (p *Program) kindsOf(t TypeID) []TypeID {
	u := p.types[t].Underlying()
	if ptr, ok := u.(*types.Pointer); ok {
		u = ptr.Elem().Underlying()
		if !hasArray(u) {
			return nil
		}
	}
	switch u := u.(type) {
	case *types.Map:
		if HasRefs(u.Key()) {
			return []TypeID{p.Keyed, p.Mapped}
		}
		return []TypeID{p.Mapped}
	case *types.Chan:
		return []TypeID{p.Channelled}
	case *types.Slice:
		return []TypeID{p.Listed}
	}
	if hasArray(u) {
		return []TypeID{p.Listed}
	}
	return nil
}

// hasArray reports whether an array is a part of values of a type, or may be.
func hasArray(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if hasArray(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		_, parameter := types.Unalias(t).(*types.TypeParam)
		return parameter
	}
	return false
}
