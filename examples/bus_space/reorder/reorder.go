// Package reorder is a module of bus_space that shows drivers which lack
// barriers: it holds writes back, and makes them in the opposite order when a
// barrier or a read of the register comes. The last of several writes of one
// register stays the last one.
package reorder

import (
	"context"
	"sync"

	bus "github.com/go-vimage/vimage/examples/bus_space"
)

type write struct{ off, v uint32 }

var (
	mu      sync.Mutex // held while writes are made, so that a read behind it sees them
	held    []write
	leaving bool // the module is being unloaded: nothing is held back
)

// take takes the writes that are held back; if only is not nil, those of this
// register alone. The caller holds mu.
func take(only *uint32) []write {
	var out, rest []write
	for _, w := range held {
		if only == nil || w.off == *only {
			out = append(out, w)
		} else {
			rest = append(rest, w)
		}
	}
	held = rest
	return out
}

// flush makes writes, the latest register first, those of one register in
// order.
func flush(list []write) {
	for len(list) > 0 {
		off := list[len(list)-1].off
		var rest []write
		for _, w := range list {
			if w.off == off {
				superWrite4(w.off, w.v)
			} else {
				rest = append(rest, w)
			}
		}
		list = rest
	}
}

// release makes the writes that are held back, of one register or of all.
func release(only *uint32) {
	mu.Lock()
	defer mu.Unlock() // a write may fault
	flush(take(only))
}

//vimage:refine bus.Read4
func read4(off uint32) uint32 {
	release(&off)
	return superRead4(off)
}

//vimage:refine bus.Write4
func write4(off, v uint32) {
	mu.Lock()
	defer mu.Unlock()
	if leaving {
		superWrite4(off, v)
		return
	}
	held = append(held, write{off, v})
}

//vimage:refine bus.Barrier
func barrier() {
	release(nil)
	superBarrier()
}

//vimage:module init
func start(context.Context) error {
	mu.Lock()
	defer mu.Unlock()
	leaving = false
	return nil
}

// catch makes the writes that are held back, before accesses pass the module
// by. Those who are inside write through from now on.
//
//vimage:module catch
func catch(context.Context) error {
	mu.Lock()
	defer mu.Unlock()
	leaving = true
	flush(take(nil))
	return nil
}

//vimage:module uncatch
func uncatch(ctx context.Context) error { return start(ctx) }

//vimage:super bus.Read4
func superRead4(off uint32) uint32 { return bus.Read4(off) }

//vimage:super bus.Write4
func superWrite4(off, v uint32) { bus.Write4(off, v) }

//vimage:super bus.Barrier
func superBarrier() { bus.Barrier() }
