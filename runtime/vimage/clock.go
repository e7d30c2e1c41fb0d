package vimage

import (
	"errors"
	"strconv"
	"time"
	_ "unsafe" // for linkname

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// WithClock gives the image a clock of its own: it is ahead of the system's by
// offset (behind, if that is negative) when the image is created, and runs at
// rate times its speed from then on, 1 for the same. A child of the image
// (WithParent) has the same clock if it is given none. New returns an error if
// the rate is not between 1/1000 and 1000.
//
// Package vdso's functions go by it everywhere. So do, in builds made by
// vimagegen in the g slot, time.Now, Since and Until, timers, tickers, Sleep,
// timeouts of contexts, and deadlines of files and connections, in unmodified
// code. A time that is handed to another image is the giver's: its monotonic
// reading too. What other processes and files say (modification times, leases
// of a server) goes by the system's clock. A timer that is reset by code of
// another image converts its duration by that image's clock. In the label slot
// and on a stock toolchain package time goes by the system's clock.
func WithClock(offset time.Duration, rate float64) Option {
	return func(im *Image) {
		o := im.own()
		o.clockErr = nil
		if !(rate >= 1.0/1000 && rate <= 1000) {
			o.clockErr = errors.New("vimage: the rate of a clock is " + strconv.FormatFloat(rate, 'g', -1, 64) +
				": want one from 0.001 to 1000")
			return
		}
		core.VnetSetClock(&im.core, &core.VnetClock{Offset: int64(offset), Drift: int64((rate - 1) * (1 << 32))})
	}
}

// nanotime is the system's monotonic clock, for all images.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

// startClock lets the image's clock begin, and gives it its parent's if it has
// none.
func (im *Image) startClock() error {
	o := im.own()
	switch {
	case o.clockErr != nil:
		return o.clockErr
	case im.core.Clock != nil:
		im.core.Clock.At = nanotime()
	case o.parent != nil && o.parent.core.Clock != nil:
		core.VnetSetClock(&im.core, o.parent.core.Clock)
	}
	return nil
}

// A Clock converts the system's time to an image's. It does not change.
type Clock struct{ c *core.VnetClock }

// CurrentClock returns the clock of this goroutine's image. It reports false if
// the image goes by the system's. For package vdso. The compiler inlines
// it in plain builds.
func CurrentClock() (c Clock, own bool) {
	if core.VnetClocks() {
		c, own = currentClock()
	}
	return
}

//go:noinline
func currentClock() (Clock, bool) {
	c := core.VnetClockOf()
	return Clock{c}, c != nil
}

// Clock returns the image's clock. It reports false if that is the system's.
func (im *Image) Clock() (c Clock, own bool) { return Clock{im.core.Clock}, im.core.Clock != nil }

// Apart runs f in no image, so that goroutines that it starts belong to none
// and outlive the image of the caller. For package vdso, whose clock is the
// process's: in no image, use of virtual state panics.
func Apart(f func()) {
	prev := core.VnetSwap(nil)
	defer core.VnetSwap(prev)
	f()
}

// Delta returns what the image's clocks are ahead of the system's when the
// system's monotonic clock is at mono, in ns.
func (c Clock) Delta(mono int64) int64 { return c.c.Delta(mono) }

// Shift converts start + since, a moment of the system's monotonic clock in ns,
// to one of the image's, which is the sum of the results.
func (c Clock) Shift(start, since int64) (int64, int64) {
	if c.c.Drift != 0 {
		return c.c.Shift(start, since)
	}
	return start + c.c.Offset, since
}

// Real returns how long a duration of the image's time takes by the system's
// clock.
func (c Clock) Real(d time.Duration) time.Duration { return time.Duration(c.c.Real(int64(d))) }

// TimeByClock reports whether package time goes by images' clocks in this
// binary.
func TimeByClock() bool { return core.VnetTimeByClock }

// Offset returns by how much the image's clocks were ahead when it was created.
func (c Clock) Offset() time.Duration { return time.Duration(c.c.Offset) }

// Rate returns how fast the image's clocks run, 1 for the system's speed.
func (c Clock) Rate() float64 { return 1 + float64(c.c.Drift)/(1<<32) }
