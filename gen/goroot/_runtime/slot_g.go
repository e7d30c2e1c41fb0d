package runtime

// The g slot: the current image is a field of the running goroutine's g.
// newproc1 lets a new goroutine inherit it, gdestroy clears it.

type vnetSlot struct{}

func (*vnetSlot) init(string) {}

// VnetCurrent returns the image of this goroutine, nil if it has none.
func VnetCurrent() *VnetImage { return getg().vnet }

// VnetSwap makes im, which may be nil, the image of this goroutine and returns
// the one before. It must not be inlined: in a caller under the race detector
// the store would be instrumented, and seen to race with the goroutine that
// had this g before.
//
//go:noinline
func VnetSwap(im *VnetImage) *VnetImage {
	gp := getg()
	prev := gp.vnet
	gp.vnet = im
	return prev
}

func vnetOfG(gp *g) *VnetImage { return gp.vnet }
