package pcpu

import (
	"iter"
	"sync"
	"sync/atomic"
)

// Slots are values of type T, one for each P, each on cache lines of its own.
// The zero value is ready for use. It must not be copied after its first use.
type Slots[T any] struct {
	table atomic.Pointer[[]*slot[T]]
	mu    sync.Mutex // held to grow the table
}

type slot[T any] struct {
	v T
	_ [line]byte
	// Pinning is no synchronisation that the race detector knows, so there it
	// is told so by a lock. Who is pinned to the P never finds it taken.
	race sync.Mutex
}

// Do calls f with the P's value. Nobody else has it meanwhile, because the
// goroutine is pinned to its P. f must not block nor panic, upon which the
// runtime ends the process, and should not take long.
func (s *Slots[T]) Do(f func(v *T)) {
	slot := s.pin()
	if raceEnabled {
		slot.race.Lock()
	}
	f(&slot.v)
	if raceEnabled {
		slot.race.Unlock()
	}
	unpin()
}

// pin pins the goroutine and returns its P's slot.
func (s *Slots[T]) pin() *slot[T] {
	for {
		p := pin()
		if t := s.table.Load(); t != nil && p < len(*t) {
			return (*t)[p]
		}
		unpin()
		s.grow(p)
	}
}

// grow makes sure that P number p has a slot. Existing ones stay where they
// are.
func (s *Slots[T]) grow(p int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var larger []*slot[T]
	if t := s.table.Load(); t != nil {
		larger = append(larger, *t...)
	}
	for len(larger) <= p {
		larger = append(larger, new(slot[T]))
	}
	s.table.Store(&larger)
}

// All returns the values of all Ps that used theirs, or have a higher number
// than one that did. Whoever reads one has to synchronise with Do by other
// means: fields of package sync/atomic, for instance.
func (s *Slots[T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		if t := s.table.Load(); t != nil {
			for _, slot := range *t {
				if !yield(&slot.v) {
					return
				}
			}
		}
	}
}
