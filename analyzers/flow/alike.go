package flow

import (
	"go/types"
	"strings"
)

// Reflection may convert a value to a type that is nowhere named beside the value's own. So where it does, all types that a
// value of one converts to, by language, are seen as each other, as far as what lies in such values is told apart by type.

// A spelling is a type's name being written.
type spelling struct {
	strings.Builder
	untagged bool // conversions ignore tags
}

// alike are types by what they are like.
type alike struct {
	upto  int // how many of the types are among them
	types map[string][]TypeID
	seen  map[string]bool // those that are seen as each other
}

// Converts lets values of a type be seen as those of all types to which they convert, also of such as come later; see
// [Program.Alike].
func (p *Program) Converts(t types.Type) {
	key := p.likeness(t)
	if key == "" || p.alike.seen[key] {
		return
	}
	p.alike.seen[key] = true
	for _, other := range p.alike.types[key] {
		p.tieTypes(p.types[p.alike.types[key][0]], p.types[other])
	}
}

// Alike takes up types that are new since it was last called.
func (p *Program) Alike() {
	for len(p.alike.seen) > 0 && p.alike.upto < len(p.types) { // more may come meanwhile
		t := TypeID(p.alike.upto)
		p.alike.upto++
		key := p.likeness(p.types[t])
		if key == "" {
			continue
		}
		p.alike.types[key] = append(p.alike.types[key], t)
		if p.alike.seen[key] {
			p.tieTypes(p.types[p.alike.types[key][0]], p.types[t])
		}
	}
}

// likeness spells what types have in common whose values convert to each other, "" if nothing is told apart by them.
func (p *Program) likeness(t types.Type) string {
	var b spelling
	b.untagged = true
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		b.WriteByte('*')
		p.writeType(&b, u.Elem().Underlying())
	case *types.Struct, *types.Map:
		p.writeType(&b, u)
	}
	return b.String()
}

// Types numbers the types that the program has.
func (p *Program) Types() TypeID { return TypeID(len(p.types)) }

// Likeness is that for all types of references, also where memory is not told apart by them.
func (p *Program) Likeness(id TypeID) string {
	var b spelling
	b.untagged = true
	switch u := p.types[id].Underlying().(type) {
	case *types.Pointer:
		a, ok := u.Elem().Underlying().(*types.Array)
		if !ok {
			return p.likeness(u)
		}
		p.writeType(&b, types.NewSlice(a.Elem())) // which converts to it
	case *types.Chan: // of any direction
		b.WriteString("chan ")
		p.writeType(&b, u.Elem())
	case *types.Slice, *types.Array:
		p.writeType(&b, u)
	default:
		return p.likeness(u)
	}
	return b.String()
}
