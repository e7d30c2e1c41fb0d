package core

import "unsafe"

// A variable that the linker allocates has rights that memory of the heap
// lacks: SetFinalizer and AddCleanup on its address are accepted and do
// nothing, cgo takes its address for pinned, and does not look into it if its
// type has no pointers. A container is memory of the heap, so that it can be
// freed with its image. The runtime recognises a container's variables by the
// head with which generated containers begin (gen/goroot's rights.go), and
// grants them these rights.

// VnetHead begins the container of a generated module.
type VnetHead struct {
	mark uintptr // vnetHeadMark
	bare uintptr // offset in the container of the first variable without pointers
}

// VnetPad is the element type of padding in containers. Generated code cannot
// name byte, which its package may have redeclared.
type VnetPad = byte

// vnetHeadMark is a random number. A word of the program that is equal to it
// would give its object a package-level variable's rights, and nothing else.
const vnetHeadMark = uintptr(0x9d375c1be6a248f3 & uint64(^uintptr(0)))

// VnetAlign is the alignment that the linker gives to variables of at least as
// many bytes: MaxAlign of cmd/link, on all machines but 32-bit ARM, where it is
// less.
const VnetAlign = 32

// VnetShift is the offset of a container in the object that VnetModule's Shift
// allocates.
const VnetShift = 24

// vnetNew allocates a container of m, under the lock. The allocator puts a
// header of 8 bytes in front of larger objects with pointers, so these are not
// aligned; the same object with VnetShift bytes in front is.
func vnetNew(m *VnetModule) unsafe.Pointer {
	if m.Bare == 0 {
		return m.New()
	}
	if m.shifted {
		p := m.Shift()
		vnetBegin(m, p)
		return p
	}
	p := m.New()
	if uintptr(p)%VnetAlign != 0 && m.Shift != nil {
		if q := m.Shift(); uintptr(q)%VnetAlign == 0 {
			m.shifted = true // the next ones will be like this one
			p = q
		}
	}
	vnetBegin(m, p)
	return p
}

func vnetBegin(m *VnetModule, p unsafe.Pointer) {
	h := (*VnetHead)(p)
	h.mark, h.bare = vnetHeadMark, m.Bare
}
