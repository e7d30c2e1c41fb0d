package runtime

import "unsafe"

// Finalizers and cleanups run in the image in which they were set. What the
// runtime is given to call is a vnetCarrier in a funcval's clothes: its first word
// is that of the function proper, which is all that anyone but the caller
// reads of it. The garbage collector traces it as any object.

type vnetCarrier struct {
	code uintptr
	fn   *funcval
	im   *VnetImage
	box  *vnetTable // im's containers, which the object may need when im is over
}

// vnetCarry wraps the function of SetFinalizer or AddCleanup.
func vnetCarry(fn *funcval) *funcval {
	if fn == nil {
		return nil
	}
	c := &vnetCarrier{code: fn.fn, fn: fn, im: VnetCurrent()}
	if c.im != nil {
		c.box = c.im.box
	}
	return (*funcval)(unsafe.Pointer(c))
}

// vnetCarried unwraps fn for its call, and makes its image current. An object
// outlives its image as often as not, and nothing may go wrong on the one goroutine
// that serves all finalizers; so when the image is over, a stand-in with its
// containers takes its place.
func vnetCarried(fn *funcval) *funcval {
	if fn == nil {
		return nil
	}
	c := (*vnetCarrier)(unsafe.Pointer(fn))
	im := c.im
	if im != nil && vnetLoad(&im.tab) == nil && c.box != nil {
		im = vnetStandIn(im, c.box)
	}
	VnetSwap(im)
	return c.fn
}

func vnetUncarry() { VnetSwap(nil) }

func vnetStandIn(im *VnetImage, box *vnetTable) *VnetImage {
	s := &VnetImage{ID: im.ID, Name: im.Name, Args: im.Args, Exit: im.Exit, state: VnetClosing, box: box, closed: make(chan struct{})}
	s.slot.init(s.Name)
	vnetLock()
	if len(box.entry) < len(vnetReserved) {
		larger := make([]unsafe.Pointer, cap(vnetReserved))
		copy(larger, box.entry)
		box.entry = larger
	}
	vnetFill(box) // with what was reserved since the image's end
	vnetStore(&s.tab, unsafe.Pointer(&box.entry[0]))
	vnetUnlock()
	return s
}
