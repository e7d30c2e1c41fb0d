package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vdso/internal/elfso"
)

// A memory is a page that is mapped, or in the heap. A stub that loads from it
// keeps the *memory alive until it has loaded.
type memory struct {
	base    unsafe.Pointer
	size    int
	symbols map[[2]string]elfso.Symbol // offsets from base
	schema  Schema
	types   map[string]string // by variable
	file    fileID            // zero: in the heap

	abandoned, period, beat, current *uint64

	readHook func(Step) // called in tests: see step_on.go
}

// linger is how long a page that nobody uses stays mapped.
const linger = 60 * time.Second

// newMemory checks a page. The file is a private copy of what is at base, whose
// release is called some time after the memory is not reachable any more.
func newMemory(file []byte, base unsafe.Pointer, release func()) (*memory, error) {
	symbols, err := elfso.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	m := &memory{base: base, size: len(file), symbols: symbols, types: map[string]string{}}
	for _, h := range headerSymbols() {
		s, ok := symbols[[2]string{h.Name, headerNode}]
		if !ok || s.Size != h.Size || s.Offset%8 != 0 {
			return nil, fmt.Errorf("page: %w: no symbol %s of %d bytes", elfso.ErrFormat, h.Name, h.Size)
		}
	}
	abi, ok := symbols[[2]string{"vimage_abi", headerNode}]
	if !ok || abi.Size > maxSize {
		return nil, fmt.Errorf("page: %w: no text vimage_abi", elfso.ErrFormat)
	}
	if m.schema, err = ParseABI(string(file[abi.Offset : abi.Offset+abi.Size])); err != nil {
		return nil, fmt.Errorf("page: %w: %w", elfso.ErrFormat, err)
	}
	for _, v := range m.schema.Vars {
		m.types[v.Name] = v.Type + " " + v.Version
	}
	word := func(name string) *uint64 { return m.word(symbols[[2]string{name, headerNode}].Offset) }
	m.abandoned, m.period = word("vimage_abandoned"), word("vimage_period")
	m.beat, m.current = word("vimage_beat"), word("vimage_current")
	if release != nil {
		runtime.AddCleanup(m, func(release func()) { time.AfterFunc(linger, release) }, release)
	}
	return m, nil
}

func (m *memory) word(offset int) *uint64 { return (*uint64)(unsafe.Add(m.base, offset)) }

// header returns a word of the header.
func (m *memory) header(name string) uint64 {
	return atomic.LoadUint64(m.word(m.symbols[[2]string{name, headerNode}].Offset))
}

// boot returns the identity of the publisher's boot.
func (m *memory) boot() (id [16]byte) {
	at := m.symbols[[2]string{"vimage_boot", headerNode}].Offset
	binary.NativeEndian.PutUint64(id[:], atomic.LoadUint64(m.word(at)))
	binary.NativeEndian.PutUint64(id[8:], atomic.LoadUint64(m.word(at+8)))
	return id
}

// ErrAbsent is in the chain of the error for a variable that the page does not
// have under this name, type and version.
//
//vimage:shared an error value that nothing changes
var ErrAbsent = errors.New("not in the page")

// find returns the offset of a variable from the memory's base.
func (m *memory) find(v Var) (offset int, t Type, err error) {
	t, err = ParseType(v.Type)
	if err != nil {
		return 0, t, err
	}
	s, ok := m.symbols[[2]string{symbol(m.schema.Name, v.Name), node(m.schema.Name, v.Version)}]
	if !ok {
		if has, ok := m.types[v.Name]; ok {
			return 0, t, fmt.Errorf("page: %s %s %s: %w, which has %s", v.Name, v.Type, v.Version, ErrAbsent, has)
		}
		return 0, t, fmt.Errorf("page: %s: %w", v.Name, ErrAbsent)
	}
	if has := m.types[v.Name]; has != v.Type+" "+v.Version {
		return 0, t, fmt.Errorf("page: %s %s %s: %w, which has %s", v.Name, v.Type, v.Version, ErrAbsent, has)
	}
	if s.Size != t.Size() || s.Offset%8 != 0 || s.Offset+t.Words()*8 > m.size {
		return 0, t, fmt.Errorf("page: %s: %w: bad symbol", v.Name, elfso.ErrFormat)
	}
	return s.Offset, t, nil
}

// A ring is where the generations are.
type ring struct {
	first  unsafe.Pointer // of the first generation's number
	stride uintptr
	base   int // the offset of the live values, which offsets in a generation count from
	size   int // of the values
}

// place returns where generation n is: its number, and its values behind that.
func (r ring) place(n uint64) unsafe.Pointer {
	return unsafe.Add(r.first, uintptr(n%hands)*r.stride)
}

// holds reports whether a place still has generation n, the current one before.
func holds(place unsafe.Pointer, n uint64) bool { return atomic.LoadUint64((*uint64)(place)) == n }

func (m *memory) ring() (ring, error) {
	live, ok := m.symbols[[2]string{m.schema.Name, headerNode}]
	all, ok2 := m.symbols[[2]string{m.schema.Name + "__hands", headerNode}]
	stride := all.Size / hands
	if !ok || !ok2 || live.Offset%8 != 0 || all.Offset%8 != 0 || stride%8 != 0 || stride < 8+live.Size {
		return ring{}, fmt.Errorf("page: %w: bad generations", elfso.ErrFormat)
	}
	return ring{first: unsafe.Add(m.base, all.Offset), stride: uintptr(stride), base: live.Offset, size: live.Size}, nil
}

// heap returns zeroed memory that is aligned to 8 bytes.
func heap(size int) []byte {
	words := make([]uint64, roundUp(size, 8)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), size)
}
