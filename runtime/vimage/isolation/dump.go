package isolation

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"unsafe"
)

// An object is a piece of the heap.
type object struct {
	at, size uint64
	ptrs     []uint32 // offsets of its pointers
	words    []uint64 // and what they point to
	pos      int64    // of its memory in the dump
	mem      []byte   // its memory, if it is not in the dump
}

// A heap is what a dump tells.
type heap struct {
	dump     io.ReaderAt
	objects  []object          // by address
	starts   []uint64          // their addresses
	segments []object          // data and bss
	static   []uint64          // other roots
	types    map[uint64]uint64 // interface tables to types
	inner    []uint64          // the runtime's own objects for goroutines and threads
}

// find returns the index of the object in which an address lies, or -1.
func (h *heap) find(at uint64) int {
	i, ok := slices.BinarySearch(h.starts, at)
	if !ok {
		i--
	}
	if i < 0 || at >= h.starts[i]+h.objects[i].size {
		return -1
	}
	return i
}

// bytes returns a part of an object's memory, zeros where it has none.
func (h *heap) bytes(o *object, at, n uintptr) []byte {
	b := make([]byte, n)
	if o.mem != nil {
		copy(b, o.mem[min(at, uintptr(len(o.mem))):])
	} else if end := uintptr(o.size); at < end {
		h.dump.ReadAt(b[:min(n, end-at)], o.pos+int64(at)) // it was read before
	}
	return b
}

func (h *heap) sort() {
	slices.SortFunc(h.objects, func(a, b object) int { return cmp.Compare(a.at, b.at) })
	h.starts = h.starts[:0]
	for i := range h.objects {
		h.starts = append(h.starts, h.objects[i].at)
	}
}

// word returns the word at an offset of an object.
func (h *heap) word(o *object, at uintptr) uint64 {
	return word(h.bytes(o, at, uintptr(wordSize)), 0)
}

// takeHeap dumps the heap and reads it. The file is removed at once where the
// system lets it, so that nothing is left of a program that dies; else by
// close.
func takeHeap(dir string) (h *heap, close func(), err error) {
	f, err := os.CreateTemp(dir, "vimage-heap")
	if err != nil {
		return nil, nil, err
	}
	close = func() {
		f.Close()
		os.Remove(f.Name())
	}
	os.Remove(f.Name())
	debug.WriteHeapDump(f.Fd())
	if _, err = f.Seek(0, io.SeekStart); err == nil {
		h, err = readHeap(f)
	}
	if err != nil {
		close()
		return nil, nil, err
	}
	h.dump = f
	return h, close, nil
}

const header = "go1.7 heap dump\n"

// The records of a dump, as package runtime's heapdump.go writes them.
const (
	recEnd = iota
	recObject
	recOtherRoot
	recType
	recGoroutine
	recFrame
	recParams
	recFinalizer
	recItab
	recThread
	recMemStats
	recQueuedFinalizer
	recData
	recBSS
	recDefer
	recPanic
	recMemProf
	recSample
)

// ints returns how many integers a record consists of, of a kind that has
// nothing else.
func ints(kind uint64) (n int, ok bool) {
	switch kind {
	case recFinalizer, recQueuedFinalizer:
		return 5, true
	case recMemStats:
		return 24 + 256 + 1, true
	case recDefer:
		return 7, true
	case recPanic:
		return 6, true
	case recSample:
		return 2, true
	}
	return 0, false
}

// A reader reads the parts of records. The first error stays.
type reader struct {
	r    *bufio.Reader
	from counter
	err  error
}

// A counter counts the bytes read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

func readHeap(file io.Reader) (*heap, error) {
	r := &reader{from: counter{Reader: file}}
	r.r = bufio.NewReaderSize(&r.from, 1<<20)
	if string(r.bytes(uint64(len(header)))) != header {
		return nil, errors.New("isolation: this Go release writes heap dumps in a format that is not known here")
	}
	h := &heap{types: map[uint64]uint64{}}
	for r.err == nil {
		switch kind := r.int(); kind {
		case recEnd:
			h.sort()
			return h, r.err
		case recObject:
			h.objects = append(h.objects, r.object())
		case recData, recBSS:
			h.segments = append(h.segments, r.object())
		case recOtherRoot:
			r.string()
			h.static = append(h.static, r.int())
		case recType:
			r.skip(2)
			r.string()
			r.skip(1)
		case recGoroutine:
			h.inner = append(h.inner, r.int())
			r.skip(7)
			r.string()
			r.skip(4)
		case recFrame:
			r.skip(3)
			r.string()
			r.skip(3)
			r.string()
			r.fields()
		case recParams:
			r.skip(4)
			r.string()
			r.string()
			r.skip(1)
		case recThread:
			h.inner = append(h.inner, r.int())
			r.skip(2)
		case recItab:
			at := r.int()
			h.types[at] = r.int()
		case recMemProf:
			r.skip(2)
			for range r.int() {
				r.string()
				r.string()
				r.skip(1)
			}
			r.skip(2)
		default:
			n, ok := ints(kind)
			if !ok && r.err == nil {
				r.err = fmt.Errorf("isolation: the heap dump has a record of unknown kind %d", kind)
			}
			r.skip(n)
		}
	}
	return nil, r.err
}

func (r *reader) int() uint64 {
	if r.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(r.r)
	r.err = err
	return n
}

func (r *reader) skip(n int) {
	for range n {
		r.int()
	}
}

func (r *reader) bytes(n uint64) []byte {
	if r.err != nil {
		return nil
	}
	b := make([]byte, n)
	_, r.err = io.ReadFull(r.r, b)
	return b
}

func (r *reader) string() {
	if n := r.int(); r.err == nil {
		_, r.err = r.r.Discard(int(n))
	}
}

// fields reads the list of a piece of memory's pointers.
func (r *reader) fields() (offsets []uint32) {
	for r.err == nil && r.int() != 0 {
		offsets = append(offsets, uint32(r.int()))
	}
	return offsets
}

func (r *reader) object() object {
	o := object{at: r.int(), size: r.int()}
	o.pos = r.from.n - int64(r.r.Buffered())
	b := r.bytes(o.size)
	for _, at := range r.fields() {
		if p := word(b, at); p != 0 {
			o.ptrs = append(o.ptrs, at)
			o.words = append(o.words, p)
		}
	}
	return o
}

const wordSize = uint64(unsafe.Sizeof(uintptr(0)))

// word returns the word at an offset of some memory, 0 if it has none there.
func word(b []byte, at uint32) uint64 {
	switch {
	case uint64(at)+wordSize > uint64(len(b)):
		return 0
	case wordSize == 4:
		return uint64(binary.NativeEndian.Uint32(b[at:]))
	}
	return binary.NativeEndian.Uint64(b[at:])
}
