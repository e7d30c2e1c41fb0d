package vdso

import "math/bits"

// A line is a part of the clock: from start on, a tick of the counter is
// slope/2^32 ns.
type line struct {
	start uint64 // counter
	ns    int64  // at start
	slope uint64
}

// at returns the time at a counter value, which is not before the start.
func (l line) at(counter uint64) int64 { return l.ns + l.since(counter) }

// since returns the time from the start to a counter value.
func (l line) since(counter uint64) int64 {
	hi, lo := bits.Mul64(counter-l.start, l.slope)
	return int64(hi<<32 | lo>>32)
}

// lines is what is published.
type lines struct {
	older, newer line
	limit        uint64 // counter: the newer line ends before it
	wall         int64  // time of day less monotonic time
	floor        int64  // ns: no read of a line that was ended exceeds it
	end          uint64 // counter: readers who have not seen the limit yet stop here
}

// Indices of the words of Lines.
const (
	wordOlder = 0
	wordNewer = 3
	wordLimit = 6
	wordWall  = 7
	wordFloor = 8
	wordEnd   = 9
	wordCount = 10
)

func (l *lines) words() (w [wordCount]uint64) {
	for i, x := range []line{l.older, l.newer} {
		w[3*i], w[3*i+1], w[3*i+2] = x.start, uint64(x.ns), x.slope
	}
	w[wordLimit], w[wordWall], w[wordFloor], w[wordEnd] = l.limit, uint64(l.wall), uint64(l.floor), l.end
	return w
}

// bound returns the time that no read of the lines exceeds at a counter value
// where they do not apply.
func (l *lines) bound(counter uint64) int64 {
	if counter < l.limit || l.limit <= l.newer.start {
		return l.floor
	}
	return max(l.floor, l.newer.at(max(l.limit, min(counter, l.end))))
}

// at returns the time at a counter value, if a line has it.
func (l *lines) at(counter uint64) (ns int64, ok bool) {
	switch {
	case counter >= l.limit:
		return 0, false
	case counter >= l.newer.start:
		return l.newer.at(counter), true
	case counter >= l.older.start:
		return l.older.at(counter), true
	}
	return 0, false
}
