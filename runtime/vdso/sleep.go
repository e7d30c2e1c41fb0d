package vdso

import "time"

// Sleep waits for a duration at least. If it is not positive, it does not wait.
func Sleep(d time.Duration) { time.Sleep(d) }

// After returns a channel that gets the time after a duration.
func After(d time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	time.AfterFunc(d, func() { c <- Now() })
	return c
}
