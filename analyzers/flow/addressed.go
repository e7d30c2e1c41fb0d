package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A fieldKey names a field of all structs that convert to each other, or, without
// structs, of all with a field of the name.
type fieldKey struct {
	structs string
	index   int
	name    string
}

// addresses notes that the function makes a pointer to a struct's field, unless
// the field holds no references and the pointer only serves to read it, or to
// fill it in a struct that is made there:
//
//	return &errorString{text}
func (p *Program) addresses(v *ssa.FieldAddr) {
	s, ok := core(core(v.X.Type()).(*types.Pointer).Elem()).(*types.Struct)
	if !ok || plain(s.Field(v.Field).Type()) && staysPut(v) {
		return
	}
	key := fieldKey{p.structs(s), v.Field, ""}
	if p.Parametric(p.Type(s)) { // instances are spelled otherwise
		key = fieldKey{name: s.Field(v.Field).Id()}
	}
	p.addressed[key] = true
}

// structs spells what struct types have in common that convert to each other.
func (p *Program) structs(s *types.Struct) string {
	var b spelling
	b.untagged = true
	p.writeType(&b, s)
	return b.String()
}

// plain reports whether a type's values hold neither references nor numbers that
// may be addresses.
func plain(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return !isUintptr(u) && !HasRefs(u)
	case *types.Array:
		return plain(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if !plain(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// staysPut reports whether a field's address is only read through, or, if the
// struct is made by the function, written through.
func staysPut(v *ssa.FieldAddr) bool {
	_, made := v.X.(*ssa.Alloc)
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if !made || r.Val == ssa.Value(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// Addressed reports whether there may be a pointer to a field of a struct type
// that has the field's own type: the program makes one, or package reflect or an
// importer can. What package unsafe makes does not count, as its conversions say
// themselves which types it makes. It is to be asked once all of the program has
// been read.
func (p *Program) Addressed(t TypeID, index int) bool {
	s := p.types[t].Underlying().(*types.Struct)
	f := s.Field(index)
	return p.Open != nil || f.Exported() || f.Embedded() || p.addressed[fieldKey{name: f.Id()}] ||
		p.addressed[fieldKey{p.structs(s), index, ""}]
}
