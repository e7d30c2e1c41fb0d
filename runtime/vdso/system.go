package vdso

import (
	_ "unsafe" // for linkname

	"github.com/go-vimage/vimage/runtime/vdso/internal/counter"
)

// A system is what a keeper compares: the machine's counter and clocks. Tests
// have others.
type system struct {
	counter func() uint64
	mono    func() int64 // ns of the monotonic clock
	wall    func() int64 // ns since 1970
	why     func() string
}

// nanotime is the system's monotonic clock. The runtime keeps it and the next
// one open for linkname (go.dev/issue/67401). They are the process's clocks in
// builds where package time goes by the image's.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

//go:linkname now time.now
func now() (sec int64, nsec int32, mono int64)

func theSystem() *system {
	return &system{
		counter: counter.Read, mono: nanotime, why: unusable,
		wall: func() int64 {
			sec, nsec, _ := now()
			return sec*1e9 + int64(nsec)
		},
	}
}

// A sample is one comparison of the clocks.
type sample struct {
	counter uint64
	mono    int64
	width   uint64 // ticks that the comparison took: its error is at most half of them
}

// look compares the monotonic clock with the counter, some times, and returns
// the comparison that took the least time.
func (s *system) look() sample {
	best := sample{width: ^uint64(0)}
	for range 8 {
		before := s.counter()
		mono := s.mono()
		if width := s.counter() - before; width < best.width {
			best = sample{before + width/2, mono, width}
		}
	}
	return best
}

// difference returns the time of day less the monotonic time, and its error.
func (s *system) difference() (diff, err int64) {
	err = 1 << 62
	for range 8 {
		before := s.mono()
		wall := s.wall()
		if width := s.mono() - before; width < err {
			diff, err = wall-before-width/2, width
		}
	}
	return diff, err
}
