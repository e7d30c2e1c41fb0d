//go:build vimage_debug

package core

import "testing"

// In the debug build a hook sees that its table is not the image's own.
func TestStrayContainer(t *testing.T) {
	m, im, other := counter("m"), new(VnetImage), new(VnetImage)
	VnetRegister(m)
	VnetCreate(im)
	VnetCreate(other)
	if count(m, im) != 0 {
		t.Error("started")
	}
	own := im.tab
	im.tab = other.tab
	mustPanic(t, "found a container that is not the image's", func() { count(m, im) })
	im.tab = own
	VnetEnd(im, VnetClosed)
	VnetEnd(other, VnetClosed)
}
