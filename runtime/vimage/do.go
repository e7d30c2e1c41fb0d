package vimage

import (
	"os"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Do runs f in the image, and returns to the image that was current, or to
// none, also when f panics or calls runtime.Goexit. It allocates nothing, but
// for a goroutine with profiler labels of its own. It panics if the image is
// closed.
func (im *Image) Do(f func()) {
	prev := core.VnetEnter(&im.core)
	if core.VnetDebug {
		crossed(prev, im)
	}
	defer core.VnetLeave(&im.core, prev)
	f()
}

// Go runs f in the image on a new goroutine. It panics if the image is closed.
func (im *Image) Go(f func()) {
	prev := core.VnetEnter(&im.core)
	if core.VnetDebug {
		crossed(prev, im)
	}
	defer core.VnetLeave(&im.core, prev)
	core.VnetAdd(&im.core, 1) // from here on, so that Close cannot miss it
	go func() {
		defer core.VnetAdd(&im.core, -1)
		f()
	}()
}

// Bind ties f to the current image: the function returned runs f in it,
// wherever it is called. Where no image is current, it returns f.
func Bind(f func()) func() {
	im := Current()
	if im == nil {
		return f
	}
	return func() { im.Do(f) }
}

// environ is a function of its own so that it runs in the image that is current
// when it is called.
func environ() []string { return os.Environ() }
