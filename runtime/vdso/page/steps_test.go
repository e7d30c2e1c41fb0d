//go:build vimage_steps

package page

import "testing"

// A read is interrupted after each of its steps by any number of publications,
// whole ones and one that stops in the middle. It returns one generation, or
// nothing; and it returns something unless it was overtaken in three tries.
func TestReadInterrupted(t *testing.T) {
	cases, none := 0, 0
	for _, when := range readerSteps(t) {
		for whole := range 6 {
			for part := range publisherSteps(t) + 1 {
				s, p, n := interruptible(t)
				step := 0
				p.mem.readHook = func(Step) {
					if step == when {
						for range whole {
							n++
							p.Publish(fill(n))
						}
						stopAfter(p, part, n+1)
					}
					step++
				}
				first := n
				got, ok := s.check(t)
				p.mem.readHook = nil
				cases++
				if !ok {
					none++
				} else if got < first || got > n+1 {
					t.Errorf("interrupted at %d by %d and %d steps: read %d", when, whole, part, got)
				}
				if next, again := s.check(t); ok && (!again || next < got) {
					t.Errorf("interrupted at %d by %d and %d steps: read %d, then %d", when, whole, part, got, next)
				}
				p.Close()
				s.r.Close()
			}
		}
	}
	if none != 0 {
		t.Errorf("%d of %d reads that one interruption met had no value", none, cases)
	}
}

// A publisher that overtakes in each try leaves the reader with no value, after
// three tries.
func TestReadOvertaken(t *testing.T) {
	s, p, n := interruptible(t)
	tries := 0
	p.mem.readHook = func(at Step) {
		if at == StepCurrent {
			tries++
			for range hands {
				n++
				p.Publish(fill(n))
			}
		}
	}
	words := make([]uint64, 7)
	if s.all.Load(words) || tries != 3 {
		t.Errorf("a value after %d tries: %v", tries, words)
	}
}

// The test finds a protocol that does not look again.
func TestReadInterruptedFinds(t *testing.T) {
	s, p, n := interruptible(t)
	torn := false
	c := s.all.cell.Load()
	step := 0
	p.mem.readHook = func(at Step) {
		if step++; step == 2 {
			for range hands {
				n++
				p.Publish(fill(n))
			}
		}
	}
	words := make([]uint64, 7)
	if _, ok := c.load(words); !ok {
		torn = words[1] != ^words[0] // what a reader without StepNumbered would return
	}
	if !torn {
		t.Error("no torn values without the second look")
	}
}

func interruptible(t *testing.T) (*stubs, *Publisher, uint64) {
	t.Helper()
	p, err := Local(tick(), fill(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	s := newStubs(p.Reader())
	t.Cleanup(s.r.Close)
	if err := s.r.Start(); err != nil {
		t.Fatal(err)
	}
	return s, p, 1
}

type stopped struct{}

// stopAfter publishes and stops for ever after so many stores.
func stopAfter(p *Publisher, stores int, n uint64) {
	if stores == 0 {
		return
	}
	defer func() {
		if r := recover(); r != nil && r != any(stopped{}) {
			panic(r)
		}
		p.step = nil
	}()
	p.step = func(s Step) {
		if stores--; s != StepBeat && stores == 0 {
			panic(stopped{})
		}
	}
	p.Publish(fill(n))
}

// readerSteps returns the number of steps of an undisturbed read.
func readerSteps(t *testing.T) []int {
	s, p, _ := interruptible(t)
	var all []int
	p.mem.readHook = func(Step) { all = append(all, len(all)) }
	s.check(t)
	p.mem.readHook = nil
	if len(all) < 10 {
		t.Fatalf("%d steps", len(all))
	}
	return all
}

// publisherSteps returns the number of stores of a publication.
func publisherSteps(t *testing.T) int {
	_, p, _ := interruptible(t)
	n := 0
	p.step = func(s Step) {
		if s != StepBeat {
			n++
		}
	}
	p.Publish(fill(2))
	if n < 10 {
		t.Fatalf("%d stores", n)
	}
	return n
}
