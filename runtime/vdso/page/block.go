package page

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A Block reads a variable that is an array of words, such as [10]uint64, in
// pieces: the caller loads the words that it needs from one generation and then
// asks whether they belong together.
//
//	h, ok := b.Hand()
//	n := h.Number()
//	x, y := h.Word(0), h.Word(3)
//	if ok = ok && h.Same(n); !ok { ... }
type Block struct {
	cell atomic.Pointer[blockCell] // nil: detached
	last atomic.Pointer[blockCell] // of the page that was attached last
	v    Var
}

type blockCell struct {
	current *uint64
	ring    ring
	offset  uintptr // from a generation's number
	mem     *memory
}

// Block declares a variable. Its type is an array of uint64 of the length that
// the caller uses; else it is never found.
func (r *Reader) Block(b *Block, v Var) {
	b.v = v
	r.add(b)
}

func (b *Block) attach(m *memory) error {
	b.cell.Store(nil)
	if m == nil {
		return nil
	}
	spans, ring, err := m.spans([]Var{b.v})
	if err != nil {
		return err
	}
	c := &blockCell{m.current, ring, spans[0].offset, m}
	b.last.Store(c)
	b.cell.Store(c)
	return nil
}

// A Hand is one generation of a block.
type Hand struct {
	cell *blockCell // nil: none
	at   unsafe.Pointer
}

// Hand returns the current generation. It reports false if there is no such
// variable now; then the hand must not be used.
func (b *Block) Hand() (h Hand, ok bool) {
	return b.cell.Load().hand()
}

// Last is Hand, but for the page that was attached last, when none is now: it
// tells what others may have read there.
func (b *Block) Last() (h Hand, ok bool) {
	return b.last.Load().hand()
}

func (c *blockCell) hand() (h Hand, ok bool) {
	if c == nil {
		return h, false
	}
	return Hand{c, unsafe.Add(c.ring.first, uintptr(atomic.LoadUint64(c.current)%hands)*c.ring.stride)}, true
}

// Number returns the generation's number, 0 while it is being filled.
func (h Hand) Number() uint64 { return atomic.LoadUint64((*uint64)(h.at)) }

// Word returns a word. The index must be less than the length of the declared
// array.
func (h Hand) Word(i uintptr) uint64 {
	return atomic.LoadUint64((*uint64)(unsafe.Add(h.at, h.cell.offset+8*i)))
}

// Same reports whether the words loaded since Number returned n are of one
// generation.
func (h Hand) Same(n uint64) bool {
	ok := n != 0 && h.Number() == n
	runtime.KeepAlive(h.cell)
	return ok
}
