package flow

import (
	"fmt"
	"go/types"

	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A TypeID names a type, up to identity and across the variants of its package.
type TypeID int32

// Type returns the identifier of t.
func (p *Program) Type(t types.Type) TypeID {
	if id, ok := p.typeIDs[t]; ok {
		return id
	}
	var b spelling
	p.writeType(&b, t)
	key := b.String()
	id, ok := p.typeKeys[key]
	if !ok {
		id = TypeID(len(p.types))
		p.types = append(p.types, t)
		p.typeKeys[key] = id
	}
	p.typeIDs[t] = id
	return id
}

// PointerTo returns the type of pointers to values of type t.
func (p *Program) PointerTo(t TypeID) TypeID {
	id, ok := p.pointers.get(t)
	if !ok {
		id = p.Type(types.NewPointer(p.types[t]))
		p.pointers.put(t, id)
	}
	return id
}

// TypeOf returns a type of that identifier.
func (p *Program) TypeOf(id TypeID) types.Type { return p.types[id] }

// writeType spells t so that equal spellings mean identical types.
func (p *Program) writeType(b *spelling, t types.Type) {
	list := func(open string, n int, at func(int) types.Type, end string) {
		b.WriteString(open)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			p.writeType(b, at(i))
		}
		b.WriteString(end)
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Obj()
		if pkg := obj.Pkg(); pkg != nil {
			b.WriteString(pkg.Path())
			b.WriteByte('.')
			b.WriteString(obj.Name())
			if obj.Parent() != pkg.Scope() { // local types of one name are many
				fmt.Fprintf(b, "@%d", t.Origin().Obj().Pos())
				if !p.spelling[t] { // in instances of a generic function they differ
					p.spelling[t] = true
					b.WriteByte('{')
					p.writeType(b, t.Underlying())
					b.WriteByte('}')
					delete(p.spelling, t)
				}
			}
		} else {
			b.WriteString(obj.Name())
		}
		if args := t.TypeArgs(); args.Len() > 0 {
			list("[", args.Len(), args.At, "]")
		}
	case *types.Pointer:
		b.WriteByte('*')
		p.writeType(b, t.Elem())
	case *types.Slice:
		b.WriteString("[]")
		p.writeType(b, t.Elem())
	case *types.Array:
		fmt.Fprintf(b, "[%d]", t.Len())
		p.writeType(b, t.Elem())
	case *types.Map:
		list("map[", 2, func(i int) types.Type { return []types.Type{t.Key(), t.Elem()}[i] }, "]")
	case *types.Chan:
		fmt.Fprintf(b, "chan%d ", t.Dir())
		p.writeType(b, t.Elem())
	case *types.Struct:
		b.WriteString("struct{")
		for i := range t.NumFields() {
			f := t.Field(i)
			if !f.Exported() && f.Pkg() != nil {
				b.WriteString(f.Pkg().Path() + ".")
			}
			b.WriteString(f.Name())
			if f.Embedded() {
				b.WriteByte('!')
			}
			b.WriteByte(' ')
			p.writeType(b, f.Type())
			if !b.untagged {
				fmt.Fprintf(b, "%q", t.Tag(i))
			}
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case *types.Signature:
		list("func(", t.Params().Len(), func(i int) types.Type { return t.Params().At(i).Type() }, ")")
		if t.Variadic() {
			b.WriteString("...")
		}
		list("(", t.Results().Len(), func(i int) types.Type { return t.Results().At(i).Type() }, ")")
	case *types.Interface:
		b.WriteString("interface{")
		for i := range t.NumMethods() {
			m := t.Method(i)
			b.WriteString(m.Id() + " ")
			p.writeType(b, m.Type())
			b.WriteByte(';')
		}
		if t.IsImplicit() || !t.IsMethodSet() {
			b.WriteString(t.String())
		}
		b.WriteByte('}')
	case *types.Tuple:
		list("(", t.Len(), func(i int) types.Type { return t.At(i).Type() }, ")")
	case *types.TypeParam:
		fmt.Fprintf(b, "%s@%d", t.Obj().Name(), t.Obj().Pos())
	case *types.Basic: // byte and rune are other names of numbers
		b.WriteString(types.Typ[t.Kind()].Name())
	default:
		b.WriteString(t.String())
	}
}

// HasRefs reports whether a value of type t may hold a reference to memory that can change. A uintptr may in a
// register, but not in memory: what it leads to need not be there any more when it is taken out.
func HasRefs(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer || t.Kind() == types.Invalid
	case *types.Array:
		return t.Len() != 0 && HasRefs(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if HasRefs(f.Type()) {
				return true
			}
		}
		return false
	case *types.Tuple:
		for v := range t.Variables() {
			if HasRefs(v.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// A Leaf type is one whose memory is one node: everything but structs and arrays. The structs of package
// reflect are leaves too: they stand for the value that they describe.
func isLeaf(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		switch named.Obj().Pkg().Path() {
		case "reflect", "internal/reflectlite":
			return !hasExported(named)
		}
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return false
	}
	return true
}

// isMapIter reports whether a type is reflect's MapIter, which stands for a map.
func isMapIter(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "reflect" && named.Obj().Name() == "MapIter"
}

// hasExported reports whether a type is a struct with exported fields.
func hasExported(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if f.Exported() {
			return true
		}
	}
	return false
}

// Implements reports whether values of type t have interface i's methods.
func (p *Program) Implements(t TypeID, i TypeID) bool {
	known, _ := p.implements.get(i)
	if known == nil {
		known = new(answers)
		p.implements.put(i, known)
	}
	if known.known.Has(t) {
		return known.yes.Has(t)
	}
	iface := p.types[i].Underlying().(*types.Interface)
	r := true
	for m := range iface.Methods() {
		sel := p.Methods(t).Lookup(m.Pkg(), m.Name())
		if sel == nil {
			sel = lookupByID(p.Methods(t), m.Id())
		}
		if sel == nil || p.Type(sel.Type()) != p.Type(m.Type()) {
			r = false
			break
		}
	}
	known.known.Add(t)
	if r {
		known.yes.Add(t)
	}
	return r
}

// answers are what is known of types, and of which of them the answer is yes: there are as many as types times interfaces.
type answers struct{ known, yes bitset.Set[TypeID] }

// lookupByID finds a method by its spelling: of a package and its test variant each has its own objects.
func lookupByID(set *types.MethodSet, id string) *types.Selection {
	for i := range set.Len() {
		if sel := set.At(i); sel.Obj().Id() == id {
			return sel
		}
	}
	return nil
}

// Methods returns the method set of a type.
func (p *Program) Methods(t TypeID) *types.MethodSet {
	if set, ok := p.methods.get(t); ok {
		return set
	}
	set := types.NewMethodSet(p.types[t])
	p.methods.put(t, set)
	return set
}

// IsInterface reports whether the type is an interface.
func (p *Program) IsInterface(t TypeID) bool { return types.IsInterface(p.types[t]) }

// core returns the type that all types have in common that a type parameter stands for, if there is one, as far as it
// takes to know what a value can be used for; of other types the underlying one.
func core(t types.Type) types.Type {
	tp, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	var common types.Type
	var add func(types.Type) bool
	add = func(t types.Type) bool {
		switch u := t.Underlying().(type) {
		case *types.Interface:
			for e := range u.EmbeddedTypes() {
				if union, ok := e.(*types.Union); ok {
					for term := range union.Terms() {
						if !add(term.Type()) {
							return false
						}
					}
				} else if !add(e) {
					return false
				}
			}
			return true
		default:
			if common == nil {
				common = u
			}
			return types.Identical(common, u)
		}
	}
	if add(tp.Constraint()) && common != nil {
		return common
	}
	return t.Underlying()
}
