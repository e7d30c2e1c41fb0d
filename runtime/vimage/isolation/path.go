package isolation

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// byteOfString stands for the bytes of a string, which do not change.
type byteOfString byte

// A place is what is known of memory of one object: what lies there, from its
// beginning. The runtime's own structures have no reflect.Type of their own.
type place struct {
	kind placeKind
	typ  reflect.Type // of a value, of an array's elements, of a map or channel
	base uintptr      // where in the object it begins: pointers lead inside, too
}

type placeKind int

const (
	unknown   placeKind = iota
	value               // one of type typ
	elements            // an array of them
	mapHeader           // internal/runtime/maps.Map, then its directory, tables and groups, as of Go 1.24
	mapDirectory
	mapTable
	channel // runtime.hchan
	closure
)

// path spells the way to where a step leads, and returns the type of what is
// there, nil if it is not known.
func (w *walk) path(last step) (Path, reflect.Type) {
	steps := []step{}
	for s := last; ; s = w.from[s.object] {
		if s.ptr < 0 {
			last = s
			break
		}
		steps = append(steps, s)
	}
	way := w.begin(last.object)
	for _, s := range slices.Backward(steps) {
		way = w.along(way, s)
	}
	switch way.at.kind {
	case value, elements, mapHeader, channel, closure:
		return way.Path, way.at.typ
	}
	return way.Path, nil
}

// A way is a path and what is known of where it leads.
type way struct {
	Path
	at place
}

// begin returns the way to a root.
func (w *walk) begin(container int32) way {
	r := w.roots[w.container[container]]
	base := uintptr(r.at() - w.h.objects[container].at) // the allocator may have put a word of its own before it
	if v := r.shared; v != nil {
		p := Path{Shared: "by word", Package: v.Package, Variable: v.Name, Place: v.Place, Way: v.Package + "." + v.Name}
		if !v.Word {
			p.Shared = "as proved not to change"
		}
		return way{p, place{value, reflect.TypeOf(v.Value).Elem(), base}}
	}
	p := Path{Image: r.image.Name(), Package: r.container.Path, Way: r.container.Path}
	return way{p, place{value, reflect.TypeOf(r.container.Value).Elem(), base}}
}

// along takes a step further.
func (w *walk) along(to way, s step) way {
	o := &w.h.objects[s.object]
	text, at := w.step(to.at, o, int(s.ptr))
	if i := w.h.find(o.words[s.ptr]); i >= 0 {
		at.base = uintptr(o.words[s.ptr] - w.h.objects[i].at)
	}
	to.add(text, uintptr(o.ptrs[s.ptr]))
	to.at = at
	return to
}

// add appends to a path; the first part, at an offset of the container, is the
// variable.
func (w *way) add(text string, off uintptr) {
	if w.Variable == "" {
		w.Variable, w.Place = variable(w.at.typ, off-w.at.base)
		text = "." + strings.TrimPrefix(text, ".V_")
	}
	w.Way += text
}

// placeTag is the tag with which generated code says where a container's
// variable is declared.
const placeTag = "vimage"

// variable names the one at an offset of a container, and its place.
func variable(container reflect.Type, off uintptr) (name, place string) {
	for i := range container.NumField() {
		f := container.Field(i)
		if f.Offset <= off && off < f.Offset+f.Type.Size() {
			return strings.TrimPrefix(f.Name, "V_"), f.Tag.Get(placeTag)
		}
	}
	return "", ""
}

// step spells pointer number n of an object with a known place, and says what
// it leads to.
func (w *walk) step(at place, o *object, n int) (string, place) {
	off := uintptr(o.ptrs[n])
	if off < at.base {
		return " ...", place{}
	}
	off -= at.base
	switch at.kind {
	case value:
		if off < at.typ.Size() {
			return w.inside(at.typ, o, off, at.base)
		}
	case elements:
		if size := at.typ.Size(); size > 0 {
			i := off / size
			text, to := w.inside(at.typ, o, off%size, at.base+off-off%size)
			return "[" + strconv.Itoa(int(i)) + "]" + text, to
		}
	case mapHeader:
		return "", place{kind: mapDirectory, typ: at.typ}
	case mapDirectory:
		if off == 0 { // a group begins with control bytes, no pointer
			return "", place{kind: mapTable, typ: at.typ}
		}
		return w.group(at, o, off)
	case mapTable:
		return "", place{kind: mapDirectory, typ: at.typ}
	case channel:
		if off == 2*unsafe.Sizeof(uintptr(0)) {
			return " (sent)", place{kind: elements, typ: at.typ.Elem()}
		}
	case closure:
		return " (captured by " + w.h.function(o.at) + ")", place{}
	}
	return " ...", place{}
}

// group spells a pointer in a map's groups.
func (w *walk) group(at place, o *object, off uintptr) (string, place) {
	e, ok := entryAt(at.typ, off)
	if !ok {
		return " ...", place{}
	}
	if e.in >= e.elemAt {
		text, to := w.inside(e.elem, o, e.in-e.elemAt, at.base+e.begin+e.elemAt)
		return "[" + w.key(e.key, o, at.base+e.begin) + "]" + text, to
	}
	text, to := w.inside(e.key, o, e.in, at.base+e.begin)
	return " (key)" + text, to
}

// An entry is one of the eight slots of a map's group.
type entry struct {
	key, elem reflect.Type // or pointers to them
	begin, in uintptr      // where it begins, and where in it an offset lies
	elemAt    uintptr      // where in it the element begins
}

// entryAt returns the entry in which an offset of a map's groups lies: before
// the slots of each are eight bytes of control.
func entryAt(m reflect.Type, off uintptr) (e entry, ok bool) {
	const slots, control, indirect = 8, 8, 128 // larger keys and values lie elsewhere
	part := func(t reflect.Type) reflect.Type {
		if t.Size() > indirect {
			return reflect.PointerTo(t)
		}
		return t
	}
	e.key, e.elem = part(m.Key()), part(m.Elem())
	slot := reflect.StructOf([]reflect.StructField{{Name: "K", Type: e.key}, {Name: "V", Type: e.elem}})
	e.elemAt = slot.Field(1).Offset
	in := off % (control + slots*slot.Size())
	if in < control {
		return e, false
	}
	e.in = (in - control) % slot.Size()
	e.begin = off - e.in
	return e, true
}

// key spells a map's key at an offset of an object, if it is of a kind that can
// be spelled.
func (w *walk) key(t reflect.Type, o *object, off uintptr) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Array, reflect.Interface, reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return "..."
	}
	return w.h.describe(t, w.h.bytes(o, off, t.Size()))
}

// inside spells the pointer at offset off of a value of type t, which begins at
// base in the object.
func (w *walk) inside(t reflect.Type, o *object, off, base uintptr) (string, place) {
	switch t.Kind() {
	case reflect.Struct:
		if of := atomicPointer(t); of != nil {
			return "", place{kind: value, typ: of}
		}
		for i := t.NumField() - 1; i >= 0; i-- {
			f := t.Field(i)
			if f.Offset <= off && f.Type.Size() > 0 {
				text, to := w.inside(f.Type, o, off-f.Offset, base+f.Offset)
				return "." + f.Name + text, to
			}
		}
	case reflect.Array:
		if size := t.Elem().Size(); size > 0 {
			i := off / size
			text, to := w.inside(t.Elem(), o, off%size, base+i*size)
			return "[" + strconv.Itoa(int(i)) + "]" + text, to
		}
	case reflect.Pointer:
		return "", place{kind: value, typ: t.Elem()}
	case reflect.Slice:
		return "", place{kind: elements, typ: t.Elem()}
	case reflect.String:
		return "", place{kind: value, typ: reflect.TypeFor[byteOfString]()}
	case reflect.Map:
		return "", place{kind: mapHeader, typ: t}
	case reflect.Chan:
		return "", place{kind: channel, typ: t}
	case reflect.Func:
		return "", place{kind: closure, typ: t}
	case reflect.Interface:
		return w.boxed(t, o, base)
	}
	return " ...", place{}
}

// atomicPointer returns T if a type is atomic.Pointer[T], else nil.
func atomicPointer(t reflect.Type) reflect.Type {
	if t.PkgPath() != "sync/atomic" || t.NumField() == 0 {
		return nil
	}
	if f := t.Field(0).Type; f.Kind() == reflect.Array && f.Elem().Kind() == reflect.Pointer {
		return f.Elem().Elem()
	}
	return nil
}

// boxed says what an interface value at an offset of an object leads to.
func (w *walk) boxed(t reflect.Type, o *object, base uintptr) (string, place) {
	in := w.h.dynamic(t, w.h.word(o, base))
	if in == nil {
		return " ...", place{}
	}
	text := ".(" + in.String() + ")"
	if pointerShaped(in) {
		more, to := w.inside(in, o, 0, base+uintptr(wordSize))
		return text + more, to
	}
	return text, place{kind: value, typ: in} // a copy in memory of its own
}
