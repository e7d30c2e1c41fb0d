package look

import (
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
	"unsafe"
)

// The layout of Go's maps, which are Swiss tables since Go 1.24: see package
// internal/runtime/maps. KnowsMaps checks that it is this one.
type (
	mapHeader struct {
		used   uint64
		seed   uintptr
		dir    unsafe.Pointer // to dirLen pointers to tables, or to one group if dirLen is 0
		dirLen int
		depth  uint8 // dirLen is 1<<depth, if it is not 0
		shift  uint8
		writes uint8 // not 0 while the map is written
	}
	mapTable struct {
		used, capacity, growthLeft uint16
		depth                      uint8
		index                      int
		groups                     unsafe.Pointer // (mask+1) groups
		mask                       uint64
	}
	// A group is a uint64 of eight control bytes, then eight slots. A slot
	// whose control byte has its high bit clear is full. Keys and elements of
	// more than 128 bytes are outside of the slot.
	mapLayout struct {
		key, elem            reflect.Type
		keyOutside, outside  bool
		elemAt, slot, stride uintptr
	}
)

const (
	groupSlots = 8
	slotsAt    = 8
	largest    = 128     // bytes of a key or element in a slot
	mostTables = 1 << 20 // more than a directory of a map that fits into memory
	mostGroups = 1024 / groupSlots
)

func layoutOf(m reflect.Type) mapLayout {
	l := mapLayout{key: m.Key(), elem: m.Elem()}
	size := func(t reflect.Type) (size, align uintptr, outside bool) {
		if t.Size() > largest {
			return unsafe.Sizeof(uintptr(0)), unsafe.Alignof(uintptr(0)), true
		}
		return t.Size(), uintptr(t.Align()), false
	}
	keySize, keyAlign, keyOutside := size(l.key)
	elemSize, elemAlign, outside := size(l.elem)
	l.keyOutside, l.outside = keyOutside, outside
	align := max(keyAlign, elemAlign)
	l.elemAt = roundUp(keySize, elemAlign)
	l.slot = l.elemAt + elemSize
	if elemSize == 0 && l.slot > 0 {
		l.slot++ // so that no pointer to the element points behind the slot
	}
	l.slot = roundUp(l.slot, align)
	l.stride = roundUp(slotsAt+groupSlots*l.slot, max(align, unsafe.Alignof(uint64(0))))
	return l
}

func roundUp(n, to uintptr) uintptr { return (n + to - 1) / to * to }

// A pair is an entry of a map: copies, but for what a slot keeps outside.
type pair struct{ key, elem unsafe.Pointer }

// snapshot returns up to limit entries of the map with this header, and whether
// it could be read. It calls nothing of the runtime's map code, so that it can
// meet a writer: it may miss entries that are added or removed meanwhile.
//
// Header: directory and its length are written one after the other while writes
// is set. They are taken when two copies in a row are the same, and writes was
// 0 before and after each; what was read first keeps an old directory's address
// in use, so it is no other's.
func snapshot(h *mapHeader, l mapLayout, limit int) (list []pair, ok bool) {
	dir, dirLen, ok := stableHeader(h)
	if !ok {
		return nil, false
	}
	if dir == nil {
		return nil, true
	}
	if dirLen == 0 {
		return l.group(list, dir, limit), true
	}
	var last *mapTable
	for i := range dirLen {
		t := (*mapTable)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Add(dir, uintptr(i)*unsafe.Sizeof(dir)))))
		if t == nil || t == last { // several entries in a row may have the same table
			continue
		}
		last = t
		groups, count := t.groups, t.mask+1 // set once
		if count > mostGroups {
			return nil, false
		}
		for g := range uintptr(count) {
			if list = l.group(list, unsafe.Add(groups, g*l.stride), limit); len(list) >= limit {
				return list, true
			}
		}
	}
	return list, true
}

// stableHeader returns the directory. A writer that is set aside in the middle
// gets some time to go on.
func stableHeader(h *mapHeader) (dir unsafe.Pointer, dirLen int, ok bool) {
	written := func() bool {
		word := atomic.LoadUint32((*uint32)(unsafe.Pointer(&h.depth))) // depth, shift, writes and a byte more
		return (*[4]byte)(unsafe.Pointer(&word))[2] != 0
	}
	length := (*uintptr)(unsafe.Pointer(&h.dirLen))
	for try := range 1000 {
		if try%20 == 19 {
			time.Sleep(50 * time.Microsecond)
		}
		if written() {
			continue
		}
		dir := atomic.LoadPointer(&h.dir)
		n, depth := atomic.LoadUintptr(length), h.depth
		if written() || atomic.LoadPointer(&h.dir) != dir || atomic.LoadUintptr(length) != n || written() {
			continue
		}
		if n == 0 || n <= mostTables && n == 1<<depth {
			return dir, int(n), true
		}
	}
	return nil, 0, false
}

// group adds the entries of a group.
func (l mapLayout) group(list []pair, g unsafe.Pointer, limit int) []pair {
	for i := range uintptr(groupSlots) {
		if len(list) >= limit {
			break
		}
		slot := unsafe.Add(g, slotsAt+i*l.slot)
		for range 3 { // unless the slot is another's in the middle
			ctrl := l.control(g, i)
			if ctrl&0x80 != 0 {
				break
			}
			p := pair{l.take(l.key, slot, l.keyOutside), l.take(l.elem, unsafe.Add(slot, l.elemAt), l.outside)}
			again := l.take(l.key, slot, l.keyOutside)
			if p.key != nil && p.elem != nil && l.control(g, i) == ctrl && sameBytes(p.key, again, l.key.Size()) {
				list = append(list, p)
				break
			}
		}
	}
	return list
}

// control returns a slot's control byte.
func (l mapLayout) control(g unsafe.Pointer, i uintptr) byte {
	if bigEndian() {
		i = groupSlots - 1 - i
	}
	return *(*byte)(unsafe.Add(g, i))
}

func bigEndian() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 0
}

// take returns a key or element: a copy, or where it is if it is outside of the
// slot. It returns nil if it changes all the time, or is no more.
func (l mapLayout) take(t reflect.Type, p unsafe.Pointer, outside bool) unsafe.Pointer {
	if outside {
		return *(*unsafe.Pointer)(p)
	}
	return copyOf(t, p)
}

// copyOf copies what is at p until two copies in a row are equal, and returns
// the copy, or nil if that does not happen.
func copyOf(t reflect.Type, p unsafe.Pointer) unsafe.Pointer {
	last := reflect.New(t)
	last.Elem().Set(reflect.NewAt(t, p).Elem())
	for range 100 {
		next := reflect.New(t)
		next.Elem().Set(reflect.NewAt(t, p).Elem())
		if sameBytes(last.UnsafePointer(), next.UnsafePointer(), t.Size()) {
			return next.UnsafePointer()
		}
		last = next
	}
	return nil
}

func sameBytes(a, b unsafe.Pointer, size uintptr) bool {
	return a == b || a != nil && b != nil &&
		slices.Equal(unsafe.Slice((*byte)(a), size), unsafe.Slice((*byte)(b), size))
}

// KnowsMaps reports whether Go's maps have the layout that Snapshot reads: it
// makes some, of all kinds that differ in layout, and reads them. Pointers are
// not followed before the numbers beside them are the expected ones.
func KnowsMaps() (ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	type wide [largest/8 + 1]uint64
	empty, few, many := map[string]int{}, map[int8]struct{}{}, map[int]string{}
	large, odd := map[wide]wide{}, map[[3]byte]uint16{}
	for i := range 5 {
		few[int8(i)] = struct{}{}
		large[wide{uint64(i)}] = wide{7: uint64(i)}
	}
	delete(few, 3)
	for i := range 3000 { // in several tables
		many[i] = strconv.Itoa(i)
	}
	for i := range 200 {
		odd[[3]byte{byte(i)}] = uint16(i)
		if i%3 == 0 {
			delete(odd, [3]byte{byte(i)})
		}
	}
	return reads(empty) && reads(few) && reads(many) && reads(large) && reads(odd)
}

// reads reports whether a map that nobody writes is read right.
func reads[K, V comparable](m map[K]V) bool {
	h := *(**mapHeader)(unsafe.Pointer(&m))
	if h.used != uint64(len(m)) || h.writes != 0 ||
		h.dirLen < 0 || h.dirLen > 64 || h.dirLen > 0 && h.dirLen != 1<<h.depth {
		return false
	}
	if h.dirLen > 0 {
		used, seen := 0, map[*mapTable]bool{}
		for _, t := range unsafe.Slice((**mapTable)(h.dir), h.dirLen) {
			if t == nil || uint64(t.capacity) != groupSlots*(t.mask+1) || t.mask+1 > mostGroups {
				return false
			}
			if !seen[t] {
				seen[t] = true
				used += int(t.used)
			}
		}
		if used != len(m) {
			return false
		}
	}
	list, ok := snapshot(h, layoutOf(reflect.TypeFor[map[K]V]()), len(m)+1)
	if !ok || len(list) != len(m) {
		return false
	}
	for _, p := range list {
		if v, ok := m[*(*K)(p.key)]; !ok || v != *(*V)(p.elem) {
			return false
		}
	}
	return true
}
