//go:build !vimage

package kern

import (
	"time"

	"github.com/go-vimage/vimage/runtime/vdso"
)

// The clock of the stack: the shared page's, or a virtual one that a test moves.
var (
	virtualClock bool
	virtualNow   time.Duration
	batchNow     time.Duration // when the packets that are being taken were begun with, or 0
)

// Coarse returns the time at which the current batch of packets was begun with, or
// Now outside of a batch. It is for callers that need the time for each packet, and
// not exactly.
func Coarse() time.Duration {
	if batchNow != 0 {
		return batchNow
	}
	return Now()
}

// Now returns the time since an epoch of the clock's. It never runs backwards.
func Now() time.Duration {
	if virtualClock {
		return virtualNow
	}
	return vdso.Monotonic()
}

// SetVirtualClock stops the clock. From then on only [Advance] moves it, and
// callouts run in Advance. Call it before anything is started.
func SetVirtualClock() {
	virtualNow = Now()
	virtualClock = true
}

// DeadlineOf returns the time of Now's at which t comes, and 0 for the zero time.
func DeadlineOf(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return max(1, Now()+time.Until(t))
}

// VirtualClock reports whether the clock is virtual.
func VirtualClock() bool { return virtualClock }

// Advance moves a virtual clock by d. It runs the callouts that are due, each at
// its own time. The caller does not hold Giant.
func Advance(d time.Duration) {
	Lock()
	defer Unlock()
	if !virtualClock {
		panic("kern: Advance without a virtual clock")
	}
	for end := virtualNow + d; ; {
		next, ok := nextCallout()
		if !ok || next > end {
			virtualNow = end
			return
		}
		virtualNow = max(virtualNow, next)
		runCallouts(virtualNow)
	}
}

// NextCallout returns the time until the next callout, and whether there is one.
// A program that runs several stacks on virtual clocks advances them by the least
// of these.
func NextCallout() (time.Duration, bool) {
	Lock()
	defer Unlock()
	next, ok := nextCallout()
	return max(0, next-Now()), ok
}
