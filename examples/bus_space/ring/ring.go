// Package ring is a module of bus_space that keeps the latest accesses.
package ring

import (
	"fmt"
	"sync"

	bus "github.com/go-vimage/vimage/examples/bus_space"
)

// Size is how many accesses are kept.
const Size = 16

var ring struct {
	mu    sync.Mutex
	lines [Size]string
	n     int
}

func record(format string, args ...any) {
	ring.mu.Lock()
	defer ring.mu.Unlock()
	ring.lines[ring.n%Size] = fmt.Sprintf(format, args...)
	ring.n++
}

// Take returns the accesses since the last call, the latest Size of them, the
// oldest first.
func Take() []string {
	ring.mu.Lock()
	defer ring.mu.Unlock()
	var out []string
	for i := max(0, ring.n-Size); i < ring.n; i++ {
		out = append(out, ring.lines[i%Size])
	}
	ring.n = 0
	return out
}

//vimage:refine bus.Read4
func read4(off uint32) uint32 {
	v := superRead4(off)
	record("read %#x: %d", off, v)
	return v
}

//vimage:refine bus.Write4
func write4(off, v uint32) {
	record("write %#x: %d", off, v)
	superWrite4(off, v)
}

//vimage:refine bus.Barrier
func barrier() {
	record("barrier")
	superBarrier()
}

//vimage:super bus.Read4
func superRead4(off uint32) uint32 { return bus.Read4(off) }

//vimage:super bus.Write4
func superWrite4(off, v uint32) { bus.Write4(off, v) }

//vimage:super bus.Barrier
func superBarrier() { bus.Barrier() }
