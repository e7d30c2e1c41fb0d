package isolation

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// byteOfString stands for the bytes of a string, which do not change.
type byteOfString byte

// A place is what is known of memory of one object: what lies there, from its beginning. The runtime's own structures have no
// reflect.Type of their own.
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

// path spells the way to where a step leads, and returns the type of what is there, nil if it is not known.
func (w *walk) path(last step) (Path, reflect.Type) {
	steps := []step{}
	for s := last; ; s = w.from[s.object] {
		if s.ptr < 0 {
			last = s
			break
		}
		steps = append(steps, s)
	}
	r := w.roots[w.container[last.object]]
	p := Path{Image: r.image.Name(), Package: r.container.Path}
	at := place{kind: value, typ: reflect.TypeOf(r.container.Value).Elem()}
	if len(steps) > 0 {
		first := steps[len(steps)-1]
		p.Variable, p.Place = variable(at.typ, uintptr(w.h.objects[first.object].ptrs[first.ptr]))
	}
	var b strings.Builder
	for k := len(steps) - 1; k >= 0; k-- {
		o := &w.h.objects[steps[k].object]
		var text string
		text, at = w.step(at, o, int(steps[k].ptr))
		if to := w.h.find(o.words[steps[k].ptr]); to >= 0 {
			at.base = uintptr(o.words[steps[k].ptr] - w.h.objects[to].at)
		}
		if k == len(steps)-1 {
			text = "." + strings.TrimPrefix(text, ".V_")
		}
		b.WriteString(text)
	}
	p.Way = p.Package + b.String()
	switch at.kind {
	case value, elements:
		return p, at.typ
	case mapHeader, channel:
		return p, at.typ
	case closure:
		return p, at.typ
	}
	return p, nil
}

// placeTag is the tag with which generated code says where a container's variable is declared.
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

// step spells pointer number n of an object with a known place, and says what it leads to.
func (w *walk) step(at place, o *object, n int) (string, place) {
	off := uintptr(o.ptrs[n])
	if off < at.base {
		return " ...", place{}
	}
	off -= at.base
	switch at.kind {
	case value:
		if off < at.typ.Size() {
			return w.inside(at.typ, o, n, off, at.base)
		}
	case elements:
		if size := at.typ.Size(); size > 0 {
			i := off / size
			text, to := w.inside(at.typ, o, n, off%size, at.base+off-off%size)
			return "[" + strconv.Itoa(int(i)) + "]" + text, to
		}
	case mapHeader:
		return "", place{kind: mapDirectory, typ: at.typ}
	case mapDirectory:
		if off == 0 { // a group begins with control bytes, no pointer
			return "", place{kind: mapTable, typ: at.typ}
		}
		return w.group(at, o, n, off)
	case mapTable:
		return "", place{kind: mapDirectory, typ: at.typ}
	case channel:
		if off == 2*unsafe.Sizeof(uintptr(0)) {
			return " (sent)", place{kind: elements, typ: at.typ.Elem()}
		}
	case closure:
		name := "a function"
		if f := runtime.FuncForPC(uintptr(w.h.word(o, 0))); f != nil {
			name = f.Name()
		}
		return " (captured by " + name + ")", place{}
	}
	return " ...", place{}
}

// group spells a pointer in a map's groups of eight slots.
func (w *walk) group(at place, o *object, n int, off uintptr) (string, place) {
	const slots, indirect = 8, 128 // larger keys and values lie elsewhere
	part := func(t reflect.Type) reflect.Type {
		if t.Size() > indirect {
			return reflect.PointerTo(t)
		}
		return t
	}
	key, elem := part(at.typ.Key()), part(at.typ.Elem())
	slot := reflect.StructOf([]reflect.StructField{{Name: "K", Type: key}, {Name: "V", Type: elem}})
	group := 8 + slots*slot.Size()
	in := off % group
	if in < 8 {
		return " ...", place{}
	}
	in = (in - 8) % slot.Size()
	if v := slot.Field(1).Offset; in >= v {
		text, to := w.inside(elem, o, n, in-v, at.base+off-(in-v))
		return "[...]" + text, to
	}
	text, to := w.inside(key, o, n, in, at.base+off-in)
	return " (key)" + text, to
}

// inside spells the pointer at offset off of a value of type t, which begins at base in the object.
func (w *walk) inside(t reflect.Type, o *object, n int, off, base uintptr) (string, place) {
	switch t.Kind() {
	case reflect.Struct:
		for i := t.NumField() - 1; i >= 0; i-- {
			f := t.Field(i)
			if f.Offset <= off && f.Type.Size() > 0 {
				text, to := w.inside(f.Type, o, n, off-f.Offset, base+f.Offset)
				return "." + f.Name + text, to
			}
		}
	case reflect.Array:
		if size := t.Elem().Size(); size > 0 {
			i := off / size
			text, to := w.inside(t.Elem(), o, n, off%size, base+i*size)
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

// boxed says what an interface value at an offset of an object leads to.
func (w *walk) boxed(t reflect.Type, o *object, base uintptr) (string, place) {
	typ := w.h.word(o, base)
	if t.NumMethod() > 0 {
		typ = w.h.types[typ]
	}
	if typ == 0 {
		return " ...", place{}
	}
	var v any
	(*[2]uintptr)(unsafe.Pointer(&v))[0] = uintptr(typ)
	in := reflect.TypeOf(v)
	text := ".(" + in.String() + ")"
	switch in.Kind() {
	case reflect.Pointer:
		return text, place{kind: value, typ: in.Elem()}
	case reflect.Map:
		return text, place{kind: mapHeader, typ: in}
	case reflect.Chan:
		return text, place{kind: channel, typ: in}
	case reflect.Func:
		return text, place{kind: closure, typ: in}
	}
	return text, place{kind: value, typ: in} // a copy in memory of its own
}
