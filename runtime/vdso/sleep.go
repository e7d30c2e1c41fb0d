package vdso

import (
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// real converts a duration of the image's time for package time.
func real(d time.Duration) time.Duration {
	if clock, ok := vimage.CurrentClock(); ok && !vimage.TimeByClock() {
		return clock.Real(d)
	}
	return d
}

// Sleep waits for a duration of the image's time at least. If it is not
// positive, it does not wait.
func Sleep(d time.Duration) { time.Sleep(real(d)) }

// After returns a channel that gets the image's time after a duration of it.
func After(d time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	time.AfterFunc(real(d), func() { c <- Now() })
	return c
}
