package page

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A Word reads a variable of one word: a scalar.
type Word struct {
	cell atomic.Pointer[wordCell]
	v    Var
}

type wordCell struct {
	p   *uint64
	mem *memory
}

// Word declares a variable. Its type is a scalar; else it is never found.
func (r *Reader) Word(w *Word, v Var) {
	w.v = v
	r.add(w)
}

func (w *Word) attach(m *memory) error {
	w.cell.Store(nil)
	if m == nil {
		return nil
	}
	offset, t, err := m.find(w.v)
	if err != nil || !t.OneWord() {
		return err
	}
	w.cell.Store(&wordCell{m.word(offset), m})
	return nil
}

// Load returns the variable's word, as it is in the page: decode it with
// [Bool], [Int8] and so on. It reports false if there is no such variable now.
func (w *Word) Load() (v uint64, ok bool) {
	c := w.cell.Load()
	if c == nil {
		return 0, false
	}
	v = atomic.LoadUint64(c.p)
	runtime.KeepAlive(c)
	return v, true
}

// tries is how often a consistent read is begun before the fallback.
const tries = 3

// A Pair reads two variables of one word each, from one generation.
type Pair struct {
	cell atomic.Pointer[pairCell]
	a, b Var
}

// A pairCell has addresses where offsets would do, so that a read computes
// none.
type pairCell struct {
	current *uint64
	hands   [hands]pairHand
	mem     *memory
}

// A pairHand is where a generation has its number and the two words.
type pairHand struct {
	number, a, b unsafe.Pointer
	_            uintptr // for an index by a shift
}

// Pair declares two scalars.
func (r *Reader) Pair(p *Pair, a, b Var) {
	p.a, p.b = a, b
	r.add(p)
}

func (p *Pair) attach(m *memory) error {
	p.cell.Store(nil)
	if m == nil {
		return nil
	}
	spans, ring, err := m.spans([]Var{p.a, p.b})
	if err != nil || spans[0].words != 1 || spans[1].words != 1 {
		return err
	}
	c := &pairCell{current: m.current, mem: m}
	for n := range c.hands {
		at := ring.place(uint64(n))
		c.hands[n] = pairHand{number: at, a: unsafe.Add(at, spans[0].offset), b: unsafe.Add(at, spans[1].offset)}
	}
	p.cell.Store(c)
	return nil
}

// Load returns the words of both. It reports false if one is not there now, or
// if three tries met a publisher in the middle of its stores.
func (p *Pair) Load() (a, b uint64, ok bool) {
	if a, b, ok = p.Try(); !ok {
		a, b, ok = p.Again()
	}
	return a, b, ok
}

// Try is the first try of Load. The compiler inlines it, so generated code
// calls it, and Again if it fails.
func (p *Pair) Try() (a, b uint64, ok bool) {
	c := p.cell.Load()
	if c == nil {
		return
	}
	n := atomic.LoadUint64(c.current)
	hand := &c.hands[n%hands]
	if hooked {
		c.mem.step(StepCurrent)
	}
	a = atomic.LoadUint64((*uint64)(hand.a))
	if hooked {
		c.mem.step(StepCopy)
	}
	b = atomic.LoadUint64((*uint64)(hand.b))
	if hooked {
		c.mem.step(StepCopy)
	}
	ok = holds(hand.number, n)
	if hooked {
		c.mem.step(StepNumbered)
	}
	runtime.KeepAlive(c)
	return
}

// Again is the other tries of Load.
func (p *Pair) Again() (a, b uint64, ok bool) {
	for range tries - 1 {
		if a, b, ok = p.Try(); ok {
			return a, b, true
		}
	}
	return 0, 0, false
}
