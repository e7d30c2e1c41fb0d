// Package fault is a module of bus_space. It answers accesses that no register
// has, as a bus bridge answers accesses without a target: reads return all
// ones, writes are lost.
package fault

import (
	"sync/atomic"

	bus "github.com/go-vimage/vimage/examples/bus_space"
)

var faults atomic.Int64

// Take returns the number of faults since the last call.
func Take() int { return int(faults.Swap(0)) }

// caught counts a fault and ends it. It is called by defer.
func caught() {
	if recover() != nil {
		faults.Add(1)
	}
}

//vimage:refine bus.Read4
func read4(off uint32) (v uint32) {
	defer func() {
		if r := recover(); r != nil {
			faults.Add(1)
			v = ^uint32(0)
		}
	}()
	return superRead4(off)
}

//vimage:refine bus.Write4
func write4(off, v uint32) {
	defer caught()
	superWrite4(off, v)
}

//vimage:refine bus.Barrier
func barrier() {
	defer caught() // writes that were held back may fault now
	superBarrier()
}

//vimage:super bus.Read4
func superRead4(off uint32) uint32 { return bus.Read4(off) }

//vimage:super bus.Write4
func superWrite4(off, v uint32) { bus.Write4(off, v) }

//vimage:super bus.Barrier
func superBarrier() { bus.Barrier() }
