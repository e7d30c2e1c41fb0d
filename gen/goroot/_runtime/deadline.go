package context

import (
	"runtime"
	"time"
)

// vnetAfterFunc is time.AfterFunc for a context's own deadline, which holds
// also when the image that made the context is over: others may have it. Then
// it runs in no image, so that the timer does not keep the image's containers.
func vnetAfterFunc(d time.Duration, f func()) *time.Timer {
	var r *runtime.VnetRef
	if im := runtime.VnetCurrent(); im != nil {
		r = runtime.VnetRefer(im)
	}
	if runtime.VnetTimeByClock {
		d = time.Duration(runtime.VnetReal(int64(d))) // by the image's clock, as long as it is current
	}
	defer runtime.VnetSwap(runtime.VnetSwap(nil)) // so that it is not tied to the image
	return time.AfterFunc(d, func() {
		if r != nil && !r.Resume() {
			runtime.VnetSettle(nil)
		}
		f()
	})
}
