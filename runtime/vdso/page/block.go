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
//	if !ok { ... }
//	x, y := h.Word(0), h.Word(3)
//	if !h.Same() { ... }
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
	cell   *blockCell // nil: none
	at     unsafe.Pointer
	number uint64
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
	n := atomic.LoadUint64(c.current)
	return Hand{c, c.ring.place(n), n}, true
}

// Word returns a word. The index must be less than the length of the declared
// array.
func (h Hand) Word(i uintptr) uint64 {
	return atomic.LoadUint64((*uint64)(unsafe.Add(h.at, h.cell.offset+8*i)))
}

// Same reports whether all words that were loaded are of this generation.
func (h Hand) Same() bool {
	ok := holds(h.at, h.number)
	runtime.KeepAlive(h.cell)
	return ok
}
