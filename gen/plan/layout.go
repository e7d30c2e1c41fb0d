package plan

import "go/types"

// A Layout is the order of the variables in a container, with the padding that
// gives each the alignment which the linker would give it.
//
//	head; variables with pointers; variables without pointers; padding
//
// The two parts are what the sections data and noptrdata of a plain program
// are: cgo looks for pointers in one of them and not in the other. The garbage
// collector scans no further than the first part's end.
type Layout struct {
	Fields []Placed
	Bare   int64 // offset of the first variable without pointers; the size if there is none
	Tail   int64 // bytes behind the last variable
	Size   int64
	Headed bool // the allocator puts a header of 8 bytes in front
}

// A Placed is one variable of a layout.
type Placed struct {
	Var *Var
	Pad int64 // bytes in front of it
}

// linkAlign is core.VnetAlign.
const linkAlign = 32

// Lay lays out a container of the build with images.
func (p *Plan) Lay(vars []*Var) Layout {
	sizes := p.Prog.Sizes
	word := sizes.Sizeof(types.Typ[types.Uintptr])
	fields := make([]laid, len(vars))
	for i, v := range vars {
		t := v.Obj.Type()
		fields[i] = laid{sizes.Sizeof(t), sizes.Alignof(t), bare(t)}
		if v.Mark == Stat {
			fields[i] = laid{size: word, align: word} // pcpu.Stats is a pointer
		}
	}
	order, l := lay(fields, word)
	for _, o := range order {
		l.Fields = append(l.Fields, Placed{vars[o.field], o.pad})
	}
	return l
}

// laid is what a layout has to know of a field.
type laid struct {
	size, align int64
	bare        bool // no pointers in it
}

// ordered is one field of an order.
type ordered struct {
	field int
	pad   int64
}

// lay orders fields: those with pointers first, and next always one that needs
// the least padding.
func lay(fields []laid, word int64) ([]ordered, Layout) {
	var order []ordered
	at := 2 * word // the head
	part := func(bare bool) {
		var rest []int
		for i, f := range fields {
			if f.bare == bare {
				rest = append(rest, i)
			}
		}
		for len(rest) > 0 {
			best, pad, align := 0, int64(-1), int64(0)
			for k, i := range rest {
				a := fields[i].aligned()
				gap := roundUp(at, a) - at
				if pad < 0 || gap < pad || gap == pad && a > align {
					best, pad, align = k, gap, a
				}
				if gap == 0 && a == linkAlign {
					break
				}
			}
			i := rest[best]
			rest = append(rest[:best], rest[best+1:]...)
			order = append(order, ordered{i, pad})
			at += pad + fields[i].size
		}
	}
	part(false)
	l := Layout{Bare: at}
	typed := len(order)
	part(true)
	if typed < len(order) {
		l.Bare += order[typed].pad
	}
	if len(order) > 0 && fields[order[len(order)-1].field].size == 0 {
		l.Tail = 1 // a pointer to the last variable must not point behind the object
	}
	l.Size = roundUp(at+l.Tail, linkAlign)
	l.Tail = l.Size - at
	if len(order) == typed {
		l.Bare = l.Size
	}
	// See heapBitsInSpan of package runtime.
	l.Headed = typed > 0 && l.Size > 8*word*word
	return order, l
}

// aligned is symalign of cmd/link: the largest power of two that is not larger
// than the size.
func (f laid) aligned() int64 {
	a := int64(linkAlign)
	for a > f.size && a > 1 {
		a /= 2
	}
	return max(a, f.align)
}

// bare reports whether the compiler sees no pointers in a type.
func bare(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString == 0 && t.Kind() != types.UnsafePointer
	case *types.Pointer:
		return outOfHeap(t.Elem())
	case *types.Array:
		return t.Len() == 0 || bare(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !bare(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// outOfHeap reports whether the compiler keeps values of a type out of the
// heap: runtime/cgo.Incomplete, which stands for C types that are declared and
// not defined, and structs and arrays of it.
func outOfHeap(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		if o := n.Obj(); o.Pkg() != nil && o.Pkg().Path() == "internal/runtime/sys" && (o.Name() == "NotInHeap" || o.Name() == "nih") {
			return true
		}
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return outOfHeap(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if outOfHeap(f.Type()) {
				return true
			}
		}
	}
	return false
}
