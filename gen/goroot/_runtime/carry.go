package runtime

import "unsafe"

// Finalizers and cleanups run in the image in which they were set. What the
// runtime is given to call is a vnetCarrier in a funcval's clothes: its first
// word is that of the function proper, which is all that anyone but the caller
// reads of it. The garbage collector traces it as any object.

type vnetCarrier struct {
	code uintptr
	fn   *funcval
	held VnetHeld
}

// vnetCarry wraps the function of SetFinalizer or AddCleanup.
func vnetCarry(fn *funcval) *funcval {
	if fn == nil {
		return nil
	}
	return (*funcval)(unsafe.Pointer(&vnetCarrier{fn.fn, fn, VnetHold()}))
}

// vnetCarried unwraps fn for its call, and makes its image current. An object
// outlives its image as often as not, and nothing may go wrong on the one
// goroutine that serves all finalizers, so what is over is stood in for.
func vnetCarried(fn *funcval) *funcval {
	if fn == nil {
		return nil
	}
	c := (*vnetCarrier)(unsafe.Pointer(fn))
	c.held.Resume()
	return c.fn
}

func vnetUncarry() { VnetSwap(nil) }
