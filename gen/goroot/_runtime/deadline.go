package context

import (
	"runtime"
	"time"
)

// vnetAfterFunc is time.AfterFunc for a context's own deadline, which holds also
// when the image that made the context is over: others may have it.
func vnetAfterFunc(d time.Duration, f func()) *time.Timer {
	held := runtime.VnetHold()
	defer runtime.VnetSwap(runtime.VnetSwap(nil)) // so that it is not tied to the image
	return time.AfterFunc(d, func() {
		held.Resume()
		f()
	})
}
