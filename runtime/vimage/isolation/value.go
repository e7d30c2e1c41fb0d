package isolation

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
	"unsafe"
)

// describe spells a value of type t, whose memory b is, in a few words: what it
// leads to is of the dump.
func (h *heap) describe(t reflect.Type, b []byte) string {
	if uintptr(len(b)) < t.Size() || t.Size() == 0 {
		return "?"
	}
	first := word(b, 0)
	switch t.Kind() {
	case reflect.String:
		return h.quote(first, word(b, uint32(wordSize)))
	case reflect.Slice:
		if first == 0 {
			return "nil"
		}
		return plural(word(b, uint32(wordSize)), "element")
	case reflect.Map:
		if first == 0 {
			return "nil"
		}
		return plural(h.at(first), "entry")
	case reflect.Chan:
		if first == 0 {
			return "nil"
		}
		return strconv.FormatUint(h.at(first), 10) + " queued"
	case reflect.Func:
		if first == 0 {
			return "nil"
		}
		return h.function(first)
	case reflect.Pointer:
		return h.pointed(t.Elem(), first)
	case reflect.Interface:
		in := h.dynamic(t, first)
		if in == nil {
			return "nil"
		}
		if pointerShaped(in) {
			return in.String() + " " + h.describe(in, b[wordSize:])
		}
		return in.String() + " " + h.boxed(in, word(b, uint32(wordSize)))
	case reflect.UnsafePointer:
		if first == 0 {
			return "nil"
		}
		return "not nil"
	case reflect.Struct, reflect.Array:
		return "a " + t.String()
	}
	return scalar(t, b)
}

// scalar spells a number or truth value. No method of the program's is called.
func scalar(t reflect.Type, b []byte) string {
	var aligned [2]uint64
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&aligned)), unsafe.Sizeof(aligned)), b[:t.Size()])
	v := reflect.NewAt(t, unsafe.Pointer(&aligned)).Elem()
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return time.Duration(v.Int()).String()
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, t.Bits())
	case v.CanComplex():
		return fmt.Sprint(v.Complex())
	}
	return strconv.FormatBool(aligned != [2]uint64{})
}

// pointed spells a pointer to a value of type t.
func (h *heap) pointed(t reflect.Type, at uint64) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Array, reflect.Interface, reflect.Pointer, reflect.Func, reflect.UnsafePointer:
		if at == 0 {
			return "nil"
		}
		return "a *" + t.String()
	}
	if at == 0 {
		return "nil"
	}
	return "&" + h.boxed(t, at)
}

// boxed spells a value of type t that lies at an address.
func (h *heap) boxed(t reflect.Type, at uint64) string {
	b := h.memory(at, t.Size())
	if b == nil {
		return "a " + t.String()
	}
	return h.describe(t, b)
}

// memory returns what is at an address, nil if there is nothing. What is not of
// the heap is of the program's own data, mostly read-only, or of memory that
// the program mapped and may have unmapped.
func (h *heap) memory(at uint64, n uintptr) (b []byte) {
	if i := h.find(at); i >= 0 {
		return h.bytes(&h.objects[i], uintptr(at-h.objects[i].at), n)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			b = nil
		}
	}()
	p := *(*unsafe.Pointer)(unsafe.Pointer(&at))
	return here(p, n)
}

// here copies memory that the program may be writing.
//
//go:norace
func here(p unsafe.Pointer, n uintptr) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = *(*byte)(unsafe.Add(p, i))
	}
	return b
}

// at returns the word at an address, 0 if there is none.
func (h *heap) at(at uint64) uint64 { return word(h.memory(at, uintptr(wordSize)), 0) }

// function names what a closure runs.
func (h *heap) function(at uint64) string {
	if b := h.memory(at, uintptr(wordSize)); b != nil {
		if f := runtime.FuncForPC(uintptr(word(b, 0))); f != nil {
			return f.Name()
		}
	}
	return "a function"
}

// dynamic returns the type of what an interface of type t holds, whose first
// word is given; nil if it holds nothing.
func (h *heap) dynamic(t reflect.Type, first uint64) reflect.Type {
	if t.NumMethod() > 0 {
		first = h.types[first]
	}
	if first == 0 || h.find(first) >= 0 { // types lie in the program's read-only data
		return nil
	}
	var v any
	(*[2]uintptr)(unsafe.Pointer(&v))[0] = uintptr(first)
	return reflect.TypeOf(v)
}

// pointerShaped reports whether an interface holds values of the type itself,
// not their address.
func pointerShaped(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		return t.NumField() == 1 && pointerShaped(t.Field(0).Type)
	case reflect.Array:
		return t.Len() == 1 && pointerShaped(t.Elem())
	}
	return false
}

// quote spells a string.
func (h *heap) quote(at, n uint64) string {
	const most = 60
	switch b := h.memory(at, uintptr(min(n, most))); {
	case n == 0:
		return `""`
	case b == nil:
		return "a string"
	case n > most:
		return strconv.Quote(string(b)) + "..."
	default:
		return strconv.Quote(string(b))
	}
}

func plural(n uint64, word string) string {
	text := strconv.FormatUint(n, 10) + " " + word
	switch {
	case n == 1:
		return text
	case word == "entry":
		return text[:len(text)-1] + "ies"
	}
	return text + "s"
}
