package vimage

import (
	"iter"
	"sync"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// An Image is one instance of the program's virtual state. It is handled by
// pointer, and not copied.
type Image struct {
	// Nothing but this: the runtime hands out pointers to it, and Current
	// makes an *Image of one without a further load.
	core core.VnetImage
}

// Current returns the image of this goroutine, nil if it has none.
func Current() *Image { return (*Image)(unsafe.Pointer(core.VnetCurrent())) }

// Zero returns image 0, which exists from start-up and which main runs in. Under vimagegen run and test the program
// is not started there, but in images of their own; then the first call of Zero starts it.
func Zero() *Image {
	if core.VnetDeferred() {
		startZero.Do(func() { zero().start(func(m *core.VnetModule) bool { return !m.Std }, nil) })
	}
	return zero()
}

var startZero sync.Once

func zero() *Image { return (*Image)(unsafe.Pointer(core.VnetZero())) }

// All returns the live images, image 0 first, then by age. Those created while it is
// read are not in it, and those closed meanwhile may be.
func All() iter.Seq[*Image] {
	images := core.VnetImages()
	return func(yield func(*Image) bool) {
		for _, im := range images {
			if !yield((*Image)(unsafe.Pointer(im))) {
				return
			}
		}
	}
}

// ID returns the image's number: 0 for image 0, and never used twice.
func (im *Image) ID() uint64 { return im.core.ID }

// Name returns the image's name, "vnet" and the ID if it was given none.
func (im *Image) Name() string { return im.core.Name }

// String returns the name.
func (im *Image) String() string { return im.core.Name }
