package page

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"
	"testing"
	"unsafe"
)

// FuzzPage changes bytes of a page, as a hostile publisher may. Readers read
// inside of the page, or nothing; where the race detector or checkptr is on, a
// load outside of it is found, and the bytes around the page are seen to be
// foreign to what was read.
func FuzzPage(f *testing.F) {
	_, file, err := newPublisher(tick(), fill(3), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{}, uint64(0))
	f.Add(uint32(24), []byte{1, 2, 3, 4, 5, 6, 7, 8}, uint64(3))
	for at := uint32(0); int(at) < len(file); at += 8 { // the places that hold something
		if !bytes.Equal(file[at:min(len(file), int(at)+8)], make([]byte, min(8, len(file)-int(at)))) {
			f.Add(at, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, ^uint64(0))
			f.Add(at, []byte{0, 0, 0, 0}, uint64(1))
		}
	}
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, current uint64) {
		b := bytes.Clone(file)
		if int(at) < len(b) {
			copy(b[at:], patch)
		}
		// Poison on both sides of the page: a value of it must not be read.
		const poison, margin = 0xa5, 1 << 16
		memory := heap(len(b) + 2*margin)
		for i := range memory {
			memory[i] = poison
		}
		copy(memory[margin:], b)
		m, err := newMemory(b, unsafe.Pointer(&memory[margin]), nil)
		if err != nil {
			return
		}
		if _, err := m.ring(); err != nil {
			return
		}
		inside := func(p unsafe.Pointer, size uintptr) {
			if at := uintptr(p) - uintptr(m.base); at > uintptr(len(b)) || size > uintptr(len(b))-at {
				t.Fatalf("%d bytes at %d of %d", size, int(at), len(b))
			}
		}
		inside(unsafe.Pointer(m.current), 8)
		atomic.StoreUint64(m.current, current)
		s := newStubs(Open(m.schema.Name, "none"))
		for _, stub := range s.r.stubs {
			stub.attach(m)
		}
		if c := s.a.cell.Load(); c != nil {
			inside(unsafe.Pointer(c.p), 8)
		}
		if c := s.all.cell.Load(); c != nil {
			for _, span := range c.spans {
				inside(c.ring.first, 3*c.ring.stride+span.offset+uintptr(8*span.words))
			}
		}
		words := make([]uint64, 7)
		s.all.Load(words)
		s.ab.Load()
		String(Bytes(words[4:]), 10)
		for _, w := range words {
			if w == binary.NativeEndian.Uint64(bytes.Repeat([]byte{poison}, 8)) && !bytes.Contains(patch, []byte{poison}) {
				t.Errorf("read beyond the page: %x", words)
			}
		}
	})
}
