package context

import (
	"runtime"
	"time"
)

// vnetAfterFunc is time.AfterFunc for a context's own deadline, which holds also
// when the image that made the context is over: others may have it. Then it runs in no image, so that
// the timer does not keep the image's containers.
func vnetAfterFunc(d time.Duration, f func()) *time.Timer {
	im := runtime.VnetCurrent()
	defer runtime.VnetSwap(runtime.VnetSwap(nil)) // so that it is not tied to the image
	return time.AfterFunc(d, func() {
		if im != nil && !runtime.VnetResume(im) {
			runtime.VnetSettle(nil)
		}
		f()
	})
}
