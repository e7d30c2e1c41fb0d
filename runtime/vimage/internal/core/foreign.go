package core

import "unsafe"

// C may call an exported Go function on a thread that it created itself. Such a
// thread has no goroutine that could have inherited an image. Its image is the
// host: the one image in which the program runs, if that is one.

// vnetHost is the host if it is not image 0; a *VnetImage.
var vnetHost unsafe.Pointer

// VnetHost makes im the image of the calls that C makes on threads of its own.
func VnetHost(im *VnetImage) { vnetStore(&vnetHost, unsafe.Pointer(im)) }

// VnetForeign returns the image of a call that C makes on a thread of its own:
// the host; else image 0, or none where the program is not started there and
// runs in several images.
func VnetForeign() *VnetImage {
	if im := (*VnetImage)(vnetLoad(&vnetHost)); im != nil {
		return im
	}
	if VnetDeferred() {
		return nil
	}
	return &vnet0
}
