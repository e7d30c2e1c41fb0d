package core

import "unsafe"

// This is the label slot: the current image is the one whose label stands among the goroutine's
// profiler labels, which goroutines inherit.

// VnetCurrent returns the image of this goroutine, nil if it has none. It must not grow the stack: package syscall
// calls it between a fork and an exec.
//
//go:nosplit
func VnetCurrent() *VnetImage {
	return vnetOf((*vnetLabels)(vnetGetLabels()))
}

// VnetSwap makes im, which may be nil, the image of this goroutine and returns
// the one before.
func VnetSwap(im *VnetImage) *VnetImage {
	set := (*vnetLabels)(vnetGetLabels())
	prev := vnetOf(set)
	if prev != im {
		vnetSetLabels(unsafe.Pointer(vnetWith(set, im)))
	}
	return prev
}
