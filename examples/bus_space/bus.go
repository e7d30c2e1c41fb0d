// Package bus_space is an example of functions that loadable modules refine:
// the accesses to a device's registers, after bus_space(9) of the BSDs. Three
// modules stand on them, loaded and unloaded in any order while the program
// runs, and each calls what it covers by a super function:
//
//	ring      keeps the latest accesses in a ring buffer
//	fault     answers accesses that no register has, instead of a panic
//	reorder   holds writes back until a barrier, and then makes them in another order
//
// Run it with
//
//	cd examples/bus_space
//	vimagegen run -n 1 -loadable -modules ./ring,./fault,./reorder ./show
//
// and its tests, which load the modules in all orders, with
//
//	vimagegen test -loadable ./examples/bus_space
//
// A plain build has the functions below as they are.
package bus_space

import (
	"fmt"
	"sync"
)

// Size is how many bytes of registers the device has.
const Size = 64

// A device is memory that is accessed by 4 bytes.
type device struct {
	mu   sync.Mutex
	regs [Size / 4]uint32
	log  []uint32 // offsets of the writes, in the order of their arrival
}

var dev device

// at returns the register at an offset. It panics if there is none, as hardware
// raises an exception.
func (d *device) at(off uint32) *uint32 {
	if off%4 != 0 || off >= Size {
		panic(fmt.Sprintf("bus fault at %#x", off))
	}
	return &d.regs[off/4]
}

// Read4 reads a register.
//
//vimage:weak group=space
func Read4(off uint32) uint32 {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	return *dev.at(off)
}

// Write4 writes a register.
//
//vimage:weak group=space
func Write4(off, v uint32) {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	*dev.at(off) = v
	dev.log = append(dev.log, off)
}

// Barrier returns when the writes before it are made.
//
//vimage:weak group=space
func Barrier() {}

// Arrived returns the offsets of the writes that the device has seen since the
// last call, in their order.
func Arrived() []uint32 {
	dev.mu.Lock()
	defer dev.mu.Unlock()
	log := dev.log
	dev.log = nil
	return log
}
