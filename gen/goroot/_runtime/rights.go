package runtime

import "unsafe"

// The rights of package-level variables that are fields of a container, which
// is an object of the heap: see head.go. The runtime asks here wherever it
// treats memory of the heap and memory of the linker differently. A variable of
// an image is then treated as the linker's variable that it takes the place of.

// A vnetPart is where a pointer points to.
type vnetPart int

const (
	vnetNone  vnetPart = iota // no variable of an image
	vnetTyped                 // a variable with pointers, as in the sections data and bss
	vnetBare                  // one without, as in noptrdata and noptrbss
)

// vnetPartOf returns where p points to. It does not keep p's object alive, and
// is nosplit because isPinned and cgoIsGoPointer are.
//
//go:nosplit
func vnetPartOf(p unsafe.Pointer) vnetPart {
	s := spanOfHeap(uintptr(p))
	if s == nil {
		return vnetNone
	}
	base := s.base() + s.objIndex(uintptr(p))*s.elemsize
	// A container begins with its object, or VnetShift bytes later, each behind
	// a malloc header or not.
	for _, at := range [...]uintptr{0, VnetShift + 8, 8, VnetShift} {
		if at+unsafe.Sizeof(VnetHead{}) > s.elemsize {
			continue
		}
		h := (*VnetHead)(unsafe.Pointer(base + at))
		if h.mark != vnetHeadMark {
			continue
		}
		if uintptr(p)-(base+at) >= h.bare {
			return vnetBare
		}
		return vnetTyped
	}
	return vnetNone
}

// vnetCheckBase is checkptrBase for the pointer p into the object at base. All
// variables of a section are one object for checkptr, and those without
// pointers are none.
func vnetCheckBase(p unsafe.Pointer, base uintptr) uintptr {
	switch vnetPartOf(p) {
	case vnetTyped:
		return 2 // no address; the stack is 1
	case vnetBare:
		return 0
	}
	return base
}
