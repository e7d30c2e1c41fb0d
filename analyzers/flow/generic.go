package flow

import "go/types"

// Parametric reports whether a type mentions a type parameter: it stands for many types then.
func (p *Program) Parametric(id TypeID) bool {
	is, ok := p.parametric.get(id)
	if !ok {
		is = mentions(p.types[id], false, map[types.Type]bool{})
		p.parametric.put(id, is)
	}
	return is
}

// mentions reports whether a type mentions a type parameter or, if instances count, an instance of a generic type.
func mentions(t types.Type, instances bool, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	in := func(t types.Type) bool { return mentions(t, instances, seen) }
	tuple := func(t *types.Tuple) bool {
		for v := range t.Variables() {
			if in(v.Type()) {
				return true
			}
		}
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		if instances && t.TypeParams().Len() > 0 {
			return true
		}
		if t.TypeArgs().Len() == 0 {
			return t.TypeParams().Len() > 0
		}
		for a := range t.TypeArgs().Types() {
			if in(a) {
				return true
			}
		}
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels, maps
		if m, ok := t.(*types.Map); ok && in(m.Key()) {
			return true
		}
		return in(t.Elem())
	case *types.Signature:
		return tuple(t.Params()) || tuple(t.Results())
	case *types.Tuple:
		return tuple(t)
	case *types.Struct:
		for f := range t.Fields() {
			if in(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if in(m.Type()) {
				return true
			}
		}
	}
	return false
}

// tieGeneric makes a cell one with what the importers of libraries have, if generic code may see it under another type: what
// is read as it is written, with type parameters, sees the memory of instances. Where nothing is, instances are types like others.
func (p *Program) tieGeneric(k cellKey, n Node) {
	if p.Outside == 0 || k.kind == newCell || k.kind == varCell {
		return
	}
	switch {
	case p.Parametric(k.typ):
		p.generic = true
		for _, m := range p.instances {
			p.tie(m, p.Outside)
		}
		p.instances = nil
	case !mentions(p.types[k.typ], true, map[types.Type]bool{}):
		return
	case !p.generic:
		p.instances = append(p.instances, n)
		return
	}
	p.tie(n, p.Outside)
}

// Admits reports whether values of type t may be where a parametric type is written.
func (p *Program) Admits(parametric, t TypeID) bool {
	return unify(p.types[parametric], p.types[t], 0)
}

// unify reports whether a type that mentions type parameters may stand for t. It may be wrong in t's favour: what
// parameters have in common, and constraints' methods, are not looked at.
func unify(pattern, t types.Type, depth int) bool {
	pattern, t = types.Unalias(pattern), types.Unalias(t)
	if depth > 8 { // types may lead to themselves
		return true
	}
	in := func(pattern, t types.Type) bool { return unify(pattern, t, depth+1) }
	if _, ok := pattern.(*types.TypeParam); ok {
		c := core(pattern)
		return types.IsInterface(c) || in(c, t)
	}
	if _, ok := t.(*types.TypeParam); ok {
		return true
	}
	named, _ := pattern.(*types.Named)
	other, _ := t.(*types.Named)
	if named != nil && other != nil {
		a, b := named.Origin().Obj(), other.Origin().Obj()
		return a.Name() == b.Name() && (a.Pkg() == b.Pkg() || a.Pkg() != nil && b.Pkg() != nil && a.Pkg().Path() == b.Pkg().Path())
	}
	if named != nil || other != nil { // one may be converted into the other without a word
		if other != nil {
			t = other.Underlying()
		}
		if named != nil {
			pattern = named.Underlying()
		}
	}
	switch a := pattern.(type) {
	case *types.Pointer:
		b, ok := t.(*types.Pointer)
		return ok && in(a.Elem(), b.Elem())
	case *types.Slice:
		b, ok := t.(*types.Slice)
		return ok && in(a.Elem(), b.Elem())
	case *types.Array:
		b, ok := t.(*types.Array)
		return ok && in(a.Elem(), b.Elem())
	case *types.Chan:
		b, ok := t.(*types.Chan)
		return ok && in(a.Elem(), b.Elem())
	case *types.Map:
		b, ok := t.(*types.Map)
		return ok && in(a.Key(), b.Key()) && in(a.Elem(), b.Elem())
	case *types.Signature:
		b, ok := t.(*types.Signature)
		return ok && a.Params().Len() == b.Params().Len() && a.Results().Len() == b.Results().Len()
	case *types.Interface: // what has its methods is not worth finding out
		return true
	case *types.Struct:
		b, ok := t.(*types.Struct)
		return ok && a.NumFields() == b.NumFields()
	case *types.Basic:
		b, ok := t.(*types.Basic)
		return ok && a.Kind() == b.Kind()
	}
	return true
}
