package vdso

import (
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/internal/counter"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// own is the process's clock, nil until it is asked for.
//
//vimage:shared a process has one counter and one keeper; images have offsets to it
var own atomic.Pointer[Clock]

//vimage:shared guards the start of the process's keeper
var self process

func start() *Clock {
	vimage.Apart(func() { own.Store(self.start()) })
	return own.Load()
}

// Monotonic returns the time since the epoch of the system's monotonic clock,
// by the image's clock. It does not run backwards.
func Monotonic() time.Duration {
	c := own.Load()
	if c == nil {
		c = start()
	}
	clock, clocked := vimage.CurrentClock()
	r, ok := c.read(counter.Read())
	if !ok {
		r.start, _ = c.slow()
	}
	if clocked {
		r.start, r.since = clock.Shift(r.start, r.since)
	}
	return time.Duration(r.mono())
}

// Now returns the time of day by the image's clock, in the local time zone. It
// has no monotonic reading.
func Now() time.Time {
	c := own.Load()
	if c == nil {
		c = start()
	}
	clock, clocked := vimage.CurrentClock()
	r, ok := c.read(counter.Read())
	if !ok {
		r.start, r.wall = c.slow()
		r.wall -= r.start
	}
	if clocked {
		r.start, r.since = clock.Shift(r.start, r.since)
	}
	return r.time()
}

// NowCoarse returns the time of day at the last tick of the keeper, by the
// image's clock.
func NowCoarse() time.Time {
	c := own.Load()
	if c == nil {
		c = start()
	}
	t := c.NowCoarse()
	if clock, ok := vimage.CurrentClock(); ok {
		ns, _ := c.slow()
		t = t.Add(time.Duration(clock.Delta(ns)))
	}
	return t
}

// Why returns why the process's clock reads the system's clock, "" if it reads
// the counter. For people.
func Why() string {
	c := own.Load()
	if c == nil {
		c = start()
	}
	return c.Why()
}
