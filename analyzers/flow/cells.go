package flow

import (
	"fmt"
	"go/types"
	"path"
)

type cellKind uint8

const (
	fieldCell   cellKind = iota
	elemCell             // of slices and arrays
	pointedCell          // behind pointers to what is neither a field nor an element
	keyCell              // of maps
	valueCell
	chanCell
	newCell    // field New of a package-level sync.Pool, by the variable's index; see pools.go
	varCell    // a package-level uintptr, by its index; see numbers.go
	sumCell    // what all parts of a struct hold: read
	spreadCell // the same, written
)

// A cellKey names a piece of memory: by type, and for a field by its index.
type cellKey struct {
	kind  cellKind
	typ   TypeID
	index int32
}

func (p *Program) cell(k cellKey) Node {
	n, ok := p.cells[k]
	if !ok {
		n = p.node()
		p.cells[k] = n
		p.cellOf[n] = k
		p.tieGeneric(k, n)
	}
	return n
}

// fieldOf returns the memory of a field, which is none if it holds no
// references, or an aggregate.
func (p *Program) fieldOf(s types.Type, index int, read bool) Node {
	t := s.Underlying().(*types.Struct).Field(index).Type()
	if !HasRefs(t) {
		return 0
	}
	if !isLeaf(t) {
		return p.memory(t, read)
	}
	return p.typed(p.cell(cellKey{fieldCell, p.Type(s), int32(index)}), t)
}

// memory returns the memory behind a pointer to t whose target is not known: a
// leaf's cell, or a node that gathers (read) or spreads over an aggregate's parts.
func (p *Program) memory(t types.Type, read bool) Node {
	if !HasRefs(t) {
		return 0
	}
	if isLeaf(t) {
		return p.typed(p.cell(cellKey{kind: pointedCell, typ: p.Type(t)}), t)
	}
	k := cellKey{kind: sumCell, typ: p.Type(t)}
	if !read {
		k.kind = spreadCell
	}
	if n, ok := p.cells[k]; ok {
		return n
	}
	n := p.cell(k)
	for _, leaf := range p.Leaves(t) {
		if read {
			p.link(Op{Kind: Copy, A: n, B: leaf})
		} else {
			p.link(Op{Kind: Copy, A: leaf, B: n})
		}
	}
	return n
}

// elements returns the memory of a slice's or array's elements.
func (p *Program) elements(t types.Type, read bool) Node {
	if !HasRefs(t) || !isLeaf(t) {
		return p.memory(t, read)
	}
	return p.typed(p.cell(cellKey{kind: elemCell, typ: p.Type(t)}), t)
}

// elementLeaves is Leaves for elements.
func (p *Program) elementLeaves(t types.Type) []Node {
	if !HasRefs(t) || !isLeaf(t) {
		return p.Leaves(t)
	}
	return []Node{p.elements(t, true)}
}

// Leaves lists the memory that a value of type t consists of, as far as it
// holds references.
func (p *Program) Leaves(t types.Type) []Node {
	if !HasRefs(t) {
		return nil
	}
	id := p.Type(t)
	if l, ok := p.leaves.get(id); ok {
		return l
	}
	var out []Node
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if isLeaf(t) {
			out = []Node{p.memory(t, true)}
			break
		}
		for i := range u.NumFields() {
			ft := u.Field(i).Type()
			switch {
			case !HasRefs(ft):
			case isLeaf(ft):
				out = append(out, p.typed(p.cell(cellKey{fieldCell, id, int32(i)}), ft))
			default:
				out = append(out, p.Leaves(ft)...)
			}
		}
	case *types.Array:
		out = p.elementLeaves(u.Elem())
	default:
		out = []Node{p.memory(t, true)}
	}
	p.leaves.put(id, out)
	return out
}

// Behind lists the memory that values of type t lead to or consist of, as far
// as it holds references.
func (p *Program) Behind(t types.Type) []Node {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return p.Leaves(u.Elem())
	case *types.Slice:
		return p.elementLeaves(u.Elem())
	case *types.Chan:
		if n := p.chanCell(u.Elem()); n != 0 {
			return append([]Node{n}, p.Leaves(u.Elem())...)
		}
	case *types.Map:
		var out []Node
		for i, t := range []types.Type{u.Key(), u.Elem()} {
			if n := p.mapCell(u, []cellKind{keyCell, valueCell}[i]); n != 0 {
				out = append(out, n)
				if !isLeaf(t) {
					out = append(out, p.Leaves(t)...)
				}
			}
		}
		return out
	case *types.Struct, *types.Array:
		return p.Leaves(t)
	}
	return nil
}

func (p *Program) link(op Op) {
	if op.A == op.B && op.Kind != Expose || op.Kind == Hold && op.B == 0 {
		return
	}
	if k := (linkKey{op.A, op.B, op.Kind}); !p.linked[k] {
		p.linked[k] = true
		from, _ := p.linksFrom.get(Source(op))
		p.linksFrom.put(Source(op), append(from, int32(len(p.links))))
		p.links = append(p.links, op)
	}
}

// A linkKey tells links apart. There are millions.
type linkKey struct {
	a, b Node
	kind Kind
}

// Source returns the node that an operation between pieces of memory starts
// from.
func Source(link Op) Node {
	if link.Kind == Expose {
		return link.A
	}
	return link.B
}

// LinksFrom lists the operations that tie a piece of memory to others, by their
// index in [Program.Links].
func (p *Program) LinksFrom(n Node) []int32 {
	list, _ := p.linksFrom.get(n)
	return list
}

// tie makes two pieces of memory one.
func (p *Program) tie(a, b Node) {
	if a != 0 && b != 0 {
		p.link(Op{Kind: Copy, A: a, B: b})
		p.link(Op{Kind: Copy, A: b, B: a})
	}
}

// tieTypes makes memory of two types one, and what lies behind it: a conversion
// lets it be seen as either. Such types are alike but for their names and their
// fields' tags.
func (p *Program) tieTypes(a, b types.Type) {
	k := [2]TypeID{p.Type(a), p.Type(b)}
	if k[0] == k[1] || p.tied[k] {
		return
	}
	p.tied[k] = true
	p.partOf(a, b, false)
	p.partOf(b, a, false)
	p.tieNumbers(a, b)
	p.tieAll(p.Leaves(a), p.Leaves(b))
	p.tieAll(p.Behind(a), p.Behind(b))
	switch a := a.Underlying().(type) {
	case *types.Struct:
		if b, ok := b.Underlying().(*types.Struct); ok {
			for i := range min(a.NumFields(), b.NumFields()) {
				p.tieTypes(a.Field(i).Type(), b.Field(i).Type())
			}
		}
	case interface{ Elem() types.Type }:
		if b, ok := b.Underlying().(interface{ Elem() types.Type }); ok {
			p.tieTypes(a.Elem(), b.Elem())
		}
	}
}

func (p *Program) tieAll(as, bs []Node) {
	for i := range min(len(as), len(bs)) {
		p.tie(as[i], bs[i])
	}
}

// mapCell returns the memory of a map's keys or values.
func (p *Program) mapCell(m *types.Map, kind cellKind) Node {
	t := m.Elem()
	if kind == keyCell {
		t = m.Key()
	}
	if !HasRefs(t) && !isUintptr(t) {
		return 0
	}
	return p.typed(p.cell(cellKey{kind: kind, typ: p.Type(m)}), t)
}

// chanCell returns the memory of what channels of t carry.
func (p *Program) chanCell(t types.Type) Node {
	if !HasRefs(t) && !isUintptr(t) {
		return 0
	}
	return p.cell(cellKey{kind: chanCell, typ: p.Type(t)})
}

// Common reports whether a node is memory that all functions see.
func (p *Program) Common(n Node) bool {
	_, cell := p.cellOf[n]
	return cell || p.contents[n]
}

// Anywhere reports whether a node stands for values whose place is not known.
func (p *Program) Anywhere(n Node) bool {
	switch n {
	case p.Panic, p.Unsafe, p.Raw, p.Text, p.Loose, p.Reflected, p.Wholes, p.Pooled,
		p.Given, p.Returned, p.Asked, p.Answered, p.Handed, p.Outside:
		return n != 0
	}
	return false
}

// Within returns the type of what a piece of memory has in it, or nil.
func (p *Program) Within(n Node) types.Type {
	k, ok := p.cellOf[n]
	if !ok {
		return nil
	}
	t := p.types[k.typ]
	switch k.kind {
	case fieldCell:
		return t.Underlying().(*types.Struct).Field(int(k.index)).Type()
	case keyCell:
		return t.Underlying().(*types.Map).Key()
	case valueCell:
		return t.Underlying().(*types.Map).Elem()
	}
	return t
}

// Describe tells a person which memory a node is, or returns "".
func (p *Program) Describe(n Node) string {
	switch n {
	case p.Outside:
		return "what an importer has"
	case p.Panic:
		return "a panic's value"
	case p.Unsafe:
		return "memory seen through unsafe.Pointer"
	case p.Raw:
		return "memory without references by its type"
	case p.Text:
		return "a string's bytes"
	case p.Reflected, p.Wholes:
		return "what package reflect stores"
	case p.Pooled:
		return "a sync.Pool"
	}
	k, ok := p.cellOf[n]
	if !ok {
		return ""
	}
	switch k.kind {
	case newCell:
		return "a sync.Pool's field New"
	case varCell:
		return "a package-level uintptr"
	}
	t := p.types[k.typ]
	name := types.TypeString(t, func(pkg *types.Package) string { return path.Base(pkg.Path()) })
	switch k.kind {
	case fieldCell:
		if len(name) > 40 {
			name = "a struct"
		}
		return fmt.Sprintf("field %s of %s", t.Underlying().(*types.Struct).Field(int(k.index)).Name(), name)
	case elemCell:
		return "an element of type " + name
	case pointedCell:
		return "a variable of type " + name
	case keyCell:
		return "a key of a " + name
	case valueCell:
		return "a value of a " + name
	case chanCell:
		return "a channel of " + name
	}
	return "a " + name
}

// FieldNamed returns the memory of a struct type's field, or none.
func (p *Program) FieldNamed(t *types.Named, name string) Node {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return 0
	}
	for i := range s.NumFields() {
		if s.Field(i).Name() == name {
			return p.fieldOf(t, i, false)
		}
	}
	return 0
}
