package page

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vdso/internal/elfso"
)

// A Group reads several variables of any type from one generation.
type Group struct {
	cell atomic.Pointer[groupCell]
	vars []Var
}

type groupCell struct {
	current *uint64
	ring    ring
	spans   []span
	words   int
	mem     *memory
}

// A span is where a variable is in a generation.
type span struct {
	offset uintptr // in bytes, from the generation's number
	words  int
}

// Group declares variables.
func (r *Reader) Group(g *Group, vars ...Var) {
	g.vars = vars
	r.add(g)
}

// spans returns where variables are, inside of each generation.
func (m *memory) spans(vars []Var) ([]span, ring, error) {
	ring, err := m.ring()
	if err != nil {
		return nil, ring, err
	}
	var spans []span
	for _, v := range vars {
		at, t, err := m.find(v)
		if err != nil {
			return nil, ring, err
		}
		at -= ring.base
		if at < 0 || at+t.Words()*8 > ring.size {
			return nil, ring, fmt.Errorf("page: %s: %w: not among the page's values", v.Name, elfso.ErrFormat)
		}
		spans = append(spans, span{uintptr(8 + at), t.Words()})
	}
	return spans, ring, nil
}

func (g *Group) attach(m *memory) error {
	g.cell.Store(nil)
	if m == nil {
		return nil
	}
	spans, ring, err := m.spans(g.vars)
	if err != nil {
		return err
	}
	c := &groupCell{current: m.current, ring: ring, spans: spans, mem: m}
	for _, s := range spans {
		c.words += s.words
	}
	g.cell.Store(c)
	return nil
}

// Load copies the words of all variables, in the order of their declaration.
// Len(words) is the sum of their sizes. It reports false if a variable is not
// there now, or if three tries met a publisher in the middle of its stores.
func (g *Group) Load(words []uint64) (ok bool) {
	c := g.cell.Load()
	if c == nil || c.words != len(words) {
		return false
	}
	for range tries {
		if _, ok := c.load(words); ok {
			runtime.KeepAlive(c)
			return true
		}
	}
	runtime.KeepAlive(c)
	return false
}

// load is one try. It returns the generation's number.
func (c *groupCell) load(words []uint64) (n uint64, ok bool) {
	n = atomic.LoadUint64(c.current)
	hand := c.ring.place(n)
	c.mem.step(StepCurrent)
	i := 0
	for _, s := range c.spans {
		at := unsafe.Add(hand, s.offset)
		for range s.words {
			words[i] = atomic.LoadUint64((*uint64)(at))
			c.mem.step(StepCopy)
			at = unsafe.Add(at, 8)
			i++
		}
	}
	ok = holds(hand, n)
	c.mem.step(StepNumbered)
	return n, ok
}
