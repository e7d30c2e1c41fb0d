// Package right is a module without findings.
package right

import (
	"context"

	net "kernel"
)

type Ifnet = net.Ifnet

//vimage:refine net.Read4
func read4(off int, rest ...string) (uint32, error) {
	f := func() (uint32, error) { return below(off) }
	return f()
}

func below(off int) (uint32, error) { return super(off) }

//vimage:super kernel.Read4
func super(off int, _ ...string) (uint32, error) { return net.Read4(off) }

//vimage:strong net.Mtap
func mtap(*Ifnet, []byte) {}

//vimage:strong net.Lock
func lock() {}

//vimage:strong net.Unlock
func unlock() {}

//vimage:module init
func start(ctx context.Context) error { return nil }

//vimage:module fini
func stop(context.Context) error { return nil }

// A value of a slot, and of a function for one.
var values = []func(int, ...string) (uint32, error){net.Read4, read4}
