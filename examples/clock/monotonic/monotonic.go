// Package monotonic is a source of the clock: the system's monotonic clock.
package monotonic

import (
	"time"

	// The slots' package.
	_ "github.com/go-vimage/vimage/examples/clock"
)

var start = time.Now()

//vimage:strong github.com/go-vimage/vimage/examples/clock.Counter
func counter() uint64 { return uint64(time.Since(start)) }

//vimage:strong github.com/go-vimage/vimage/examples/clock.Frequency
func frequency() uint64 { return uint64(time.Second) }
