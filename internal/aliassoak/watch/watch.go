// Package watch is what each module of the soak knows of itself.
package watch

import (
	"errors"
	"sync/atomic"
	"time"
)

// ErrBusy is what a module refuses to finish with.
var ErrBusy = errors.New("busy")

// A Module notes calls that run in it while it is not loaded.
type Module struct {
	Alive  atomic.Bool
	Refuse atomic.Bool // Fini fails
	Faults atomic.Int64
}

// Inside checks that the module is loaded.
func (m *Module) Inside() {
	if !m.Alive.Load() {
		m.Faults.Add(1)
	}
}

// Do sleeps or panics, for some numbers.
func Do(n uint64) {
	switch {
	case n%1_000_003 == 1:
		time.Sleep(time.Duration(n%7) * 100 * time.Microsecond)
	case n%100_003 == 2:
		panic(ErrBusy)
	}
}

// Init is what the module does when it is loaded.
func (m *Module) Init() error {
	m.Alive.Store(true)
	return nil
}

// Fini is the module's Fini: no caller is inside any more.
func (m *Module) Fini() error {
	if m.Refuse.Load() {
		return ErrBusy
	}
	m.Alive.Store(false)
	return nil
}
