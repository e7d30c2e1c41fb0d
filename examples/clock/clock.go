// Package clock is an example of a source that is picked at the start of a
// program among those that were linked into it, and of a function that each
// image can have its own of.
//
// A source is a counter and its frequency: two slots of one group, which no
// module overrides in part. The modules monotonic and coarse are sources. The
// program names one in a file that it reads at its start:
//
//	vimagegen build -loadable -modules ./examples/clock/monotonic,./examples/clock/coarse -o show ./examples/clock/show
//	echo github.com/go-vimage/vimage/examples/clock/coarse > sources
//	./show sources
//
// With the fixed way the source is picked when the program is built, and the
// other one is not in the binary:
//
//	vimagegen build -modules ./examples/clock/coarse -o show ./examples/clock/show
//
// Now is a slot that is per image. The tests give each image a time of its own,
// in parallel:
//
//	vimagegen test -loadable ./examples/clock
package clock

import "time"

// Counter returns the source's counter. Without a source time stands still.
//
//vimage:weak group=source
func Counter() uint64 { return 0 }

// Frequency returns how much the counter grows in a second; 0 if there is no
// source.
//
//vimage:weak group=source
func Frequency() uint64 { return 0 }

// Now returns the time since the source's start, to the nanosecond if the
// source has that.
//
//vimage:weak per=image
func Now() time.Duration {
	f := Frequency()
	if f == 0 {
		return 0
	}
	n := Counter()
	return time.Duration(n/f)*time.Second + time.Duration(n%f*uint64(time.Second)/f)
}

// A Stopwatch measures from its start. It has the time from Now, as any code
// that is to be tested does.
type Stopwatch struct{ start time.Duration }

// Start returns a stopwatch that runs.
func Start() Stopwatch { return Stopwatch{Now()} }

// Elapsed returns the time since the start.
func (s Stopwatch) Elapsed() time.Duration { return Now() - s.start }

// Late reports whether values come later than a limit, for values of any type:
// callers of a slot may be generic.
func Late[T any](s Stopwatch, limit time.Duration, v T) (T, bool) { return v, s.Elapsed() > limit }
