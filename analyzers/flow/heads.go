package flow

import "go/types"

// A struct is found from its first field by a cast, and the other way round. Their fields have the same memory anyway, and no other
// of the larger struct's does the cast show as the smaller one's; unless values of one of the types lie side by side, where
// what follows one field may be the next element.

// heads reports whether inner is the first field of struct outer, or the first of that, and neither lies in slices or arrays. If
// it turns out that one does, the cast is looked at again.
func (p *Program) heads(outer, inner types.Type, cast recastKey) bool {
	if _, ok := inner.Underlying().(*types.Struct); !ok || isLeaf(inner) || p.inRows[cast.a] || p.inRows[cast.b] {
		return false
	}
	if types.Identical(outer, inner) || !isFirst(outer, inner) {
		return false
	}
	p.headCasts[cast.a] = append(p.headCasts[cast.a], cast)
	p.headCasts[cast.b] = append(p.headCasts[cast.b], cast)
	return true
}

// isFirst reports whether inner is outer, or the first field of it, or the first of that.
func isFirst(outer, inner types.Type) bool {
	for !types.Identical(outer, inner) {
		s, ok := outer.Underlying().(*types.Struct)
		if !ok || s.NumFields() == 0 {
			return false
		}
		outer = s.Field(0).Type()
	}
	return true
}

// row notes that values of a slice's or array's element type lie side by side.
func (p *Program) row(t types.Type) {
	for {
		switch u := t.Underlying().(type) {
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		default:
			return
		}
		id := p.Type(t)
		if p.inRows[id] {
			return
		}
		p.inRows[id] = true
		for _, k := range p.headCasts[id] {
			p.seenInParts(p.types[k.a], p.types[k.b], k.at)
		}
	}
}
