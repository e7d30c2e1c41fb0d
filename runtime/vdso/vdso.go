package vdso

import (
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/internal/counter"
)

// own is the process's clock, nil until it is asked for.
//
//vimage:shared a process has one counter and one keeper; images have offsets to it
var own atomic.Pointer[Clock]

//vimage:shared guards the start of the process's keeper
var self process

func start() *Clock {
	c := self.start()
	own.Store(c)
	return c
}

// Monotonic returns the time since the epoch of the system's monotonic clock.
// It does not run backwards.
func Monotonic() time.Duration {
	if c := own.Load(); c != nil {
		if ns, _, ok := c.read(counter.Read()); ok {
			return time.Duration(ns)
		}
		return c.Monotonic()
	}
	return start().Monotonic()
}

// Now returns the time of day, in the local time zone. It has no monotonic
// reading.
func Now() time.Time {
	if c := own.Load(); c != nil {
		if ns, wall, ok := c.read(counter.Read()); ok {
			return time.Unix(0, ns+wall)
		}
		return c.Now()
	}
	return start().Now()
}

// NowCoarse returns the time of day at the last tick of the keeper.
func NowCoarse() time.Time {
	if c := own.Load(); c != nil {
		return c.NowCoarse()
	}
	return start().NowCoarse()
}

// Why returns why the process's clock reads the system's clock, "" if it reads
// the counter. For people.
func Why() string {
	if c := own.Load(); c != nil {
		return c.Why()
	}
	return start().Why()
}
