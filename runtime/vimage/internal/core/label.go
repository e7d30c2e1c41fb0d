package core

import "unsafe"

// This is the label slot: the current image is the one whose label stands among
// the goroutine's profiler labels, which goroutines inherit.

// VnetCurrent returns the image of this goroutine, nil if it has none. It must
// not grow the stack: package syscall calls it between a fork and an exec.
//
//go:nosplit
func VnetCurrent() *VnetImage {
	return vnetOf((*vnetLabels)(vnetGetLabels()))
}

// VnetClockOf returns the clock of this goroutine's image, nil for the
// system's.
func VnetClockOf() *VnetClock {
	if im := VnetCurrent(); im != nil {
		return im.Clock
	}
	return nil
}

// Vnet is the hook's body: the current image's container at off. On a stock
// toolchain it cannot be inlined, because the labels are had by a call. So it
// has no other call in the usual case, which is labels of an image alone.
//
//go:nosplit
func Vnet(off uintptr) unsafe.Pointer {
	if set := (*vnetLabels)(vnetGetLabels()); !VnetDebug && set != nil && vnetAlone(set) {
		im := vnetImageAt(unsafe.Pointer(set), vnetSetOff)
		if tab := vnetLoad(&im.tab); tab != nil {
			return *(*unsafe.Pointer)(unsafe.Add(tab, off))
		}
	}
	return vnetAmongLabels(off)
}

// vnetAmongLabels is Vnet for all other cases.
func vnetAmongLabels(off uintptr) unsafe.Pointer { return vnetContainer(VnetCurrent(), off) }

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
