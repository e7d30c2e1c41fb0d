package sysctl

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Value is a type that a sysctl can have. A time.Duration is one of the
// integers, but reads 1m30s.
type Value interface {
	~bool | ~string | ~float32 | ~float64 |
		~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Load reads a variable that [Set] or [Store] may be writing.
func Load[T Value](p *T) T {
	switch {
	case unsafe.Sizeof(*p) == 4:
		bits := atomic.LoadUint32((*uint32)(unsafe.Pointer(p)))
		return *(*T)(unsafe.Pointer(&bits))
	case unsafe.Sizeof(*p) == 8 && wide(p):
		bits := atomic.LoadUint64((*uint64)(unsafe.Pointer(p)))
		return *(*T)(unsafe.Pointer(&bits))
	case unsafe.Sizeof(*p) < 4 && !raceEnabled:
		word, shift := wordOf(unsafe.Pointer(p), unsafe.Sizeof(*p))
		bits := atomic.LoadUint32(word) >> shift
		return small[T](bits)
	}
	l := lockOf(unsafe.Pointer(p))
	l.RLock()
	defer l.RUnlock()
	return *p
}

// Store writes a variable that others may be reading with [Load].
func Store[T Value](p *T, v T) {
	switch {
	case unsafe.Sizeof(*p) == 4:
		atomic.StoreUint32((*uint32)(unsafe.Pointer(p)), *(*uint32)(unsafe.Pointer(&v)))
		return
	case unsafe.Sizeof(*p) == 8 && wide(p):
		atomic.StoreUint64((*uint64)(unsafe.Pointer(p)), *(*uint64)(unsafe.Pointer(&v)))
		return
	case unsafe.Sizeof(*p) < 4 && !raceEnabled:
		word, shift := wordOf(unsafe.Pointer(p), unsafe.Sizeof(*p))
		mask := (uint32(1)<<(8*unsafe.Sizeof(v)) - 1) << shift
		for {
			old := atomic.LoadUint32(word)
			if atomic.CompareAndSwapUint32(word, old, old&^mask|bitsOf(v)<<shift) {
				return
			}
		}
	}
	l := lockOf(unsafe.Pointer(p))
	l.Lock()
	defer l.Unlock()
	*p = v
}

// wide reports whether 8 bytes can be had at once. On a 32-bit machine they may
// be a string, or lie badly in a struct.
func wide[T Value](p *T) bool {
	return unsafe.Sizeof(uintptr(0)) == 8 || uintptr(unsafe.Pointer(p))&7 == 0 && reflect.TypeFor[T]().Kind() != reflect.String
}

// wordOf returns the aligned word that a value of one or two bytes is in, and
// where in it: there are no atomic operations for less. A neighbour in the same
// word is never changed, but the race detector could not know that.
func wordOf(p unsafe.Pointer, size uintptr) (*uint32, uintptr) {
	off := uintptr(p) & 3
	word := (*uint32)(unsafe.Add(p, -int(off)))
	if one := uint16(1); *(*uint8)(unsafe.Pointer(&one)) == 0 { // big-endian
		return word, 8 * (4 - size - off)
	}
	return word, 8 * off
}

func small[T Value](bits uint32) T {
	if unsafe.Sizeof(*new(T)) == 1 {
		b := uint8(bits)
		return *(*T)(unsafe.Pointer(&b))
	}
	b := uint16(bits)
	return *(*T)(unsafe.Pointer(&b))
}

func bitsOf[T Value](v T) uint32 {
	if unsafe.Sizeof(v) == 1 {
		return uint32(*(*uint8)(unsafe.Pointer(&v)))
	}
	return uint32(*(*uint16)(unsafe.Pointer(&v)))
}

// locks guard what is not written in one instruction, by address.
//
//vimage:shared images may use one variable by one address, and then must meet at one lock
var locks [64]struct {
	sync.RWMutex
	_ [40]byte
}

func lockOf(p unsafe.Pointer) *sync.RWMutex {
	return &locks[uint32(uintptr(p)>>3)*0x9E3779B9>>26].RWMutex
}
