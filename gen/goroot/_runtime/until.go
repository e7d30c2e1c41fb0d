package poll

import (
	"runtime"
	"time"
)

// vnetUntil returns how long it takes until t by the image's clock.
func vnetUntil(t time.Time) time.Duration {
	return time.Duration(runtime.VnetReal(int64(time.Until(t))))
}
