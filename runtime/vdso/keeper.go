package vdso

import (
	"fmt"
	"math/bits"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// The keeper's times, in ns of the system's clock.
const (
	tick   = int64(10 * time.Millisecond)  // between two steps
	length = int64(200 * time.Millisecond) // of a line
	margin = int64(time.Millisecond)       // to when a change of now takes effect
)

// Bounds of what a keeper corrects, in ns.
const (
	bias      = 250                     // lines aim at so much after the system's clock
	maxError  = int64(time.Millisecond) // from the system's clock
	stepError = int64(time.Microsecond) // of the time of day
	probation = int64(10 * time.Second) // after a failure of the counter
)

// maxStrikes is how many failures of the counter, each in the probation of the
// one before, end the clock for ever.
const maxStrikes = 3

// A keeper compares the counter with the system's clocks and publishes lines.
// One goroutine uses it.
type keeper struct {
	sys   *system
	pages []*page.Publisher

	lines   lines
	coarse  int64
	reason  string // why there are no lines
	samples []sample
	next    int64  // monotonic time of the next comparison
	seen    uint64 // the counter at the last tick
	strikes int
	struck  int64 // monotonic time of the last one
	given   bool  // it has given up
}

const starting = "the clock is being started"

func newKeeper(sys *system) *keeper {
	k := &keeper{sys: sys, reason: starting}
	k.lines.wall, _ = sys.difference()
	k.coarse = sys.wall()
	if why := sys.why(); why != "" {
		k.reason, k.given = why, true
	}
	return k
}

func (k *keeper) fill(b []byte) { put(b, &k.lines, k.coarse, k.reason) }

func (k *keeper) publish() {
	for _, p := range k.pages {
		p.Publish(k.fill) // an error: it was closed
	}
}

// run keeps the clock until stop is closed.
func (k *keeper) run(stop <-chan struct{}) {
	t := time.NewTicker(time.Duration(tick))
	defer t.Stop()
	for {
		k.step()
		select {
		case <-t.C:
		case <-stop:
			return
		}
	}
}

// step is one tick.
func (k *keeper) step() {
	if diff, err := k.sys.difference(); diff-k.lines.wall > stepError+err || k.lines.wall-diff > stepError+err {
		k.lines.wall = diff // the time of day was set
	}
	now := k.sys.counter()
	switch mono := k.sys.mono(); {
	case k.given:
	case now < k.seen:
		k.given = k.strike(mono)
		k.drop(mono, fmt.Sprintf("the counter ran back by %d ticks", k.seen-now))
	case mono >= k.next:
		k.next = mono + tick
		k.compare()
	}
	k.seen = now
	// Coarse time is not ahead of the lines.
	if ns, ok := k.lines.at(k.sys.counter()); ok {
		k.coarse = ns + k.lines.wall
	} else {
		k.coarse = max(k.sys.mono(), k.lines.floor) + k.lines.wall
	}
	k.publish()
}

// compare looks at the clocks and decides on the lines.
func (k *keeper) compare() {
	if why := k.sys.why(); why != "" {
		k.giveUp(why)
		return
	}
	s := k.sys.look()
	if len(k.samples) == 0 {
		k.samples = append(k.samples, s)
		return
	}
	last := k.samples[len(k.samples)-1]
	switch {
	case s.counter <= last.counter || s.mono <= last.mono:
		return // a clock stands still, or ran back: see step
	case len(k.samples) > 1 && unlike(k.slope(), slope(last, s)):
		k.given = k.strike(s.mono)
		k.end("the counter's frequency changed, or the machine was suspended")
		return
	}
	k.samples = append(k.samples, s)
	if len(k.samples) > 8 { // a second and a half
		k.samples = k.samples[1:]
	}
	k.extend(s)
}

// unlike reports whether two slopes differ by more than 1 %.
func unlike(a, b uint64) bool { return a > b+b/100 || b > a+a/100 }

// slope returns ns a tick, times 2^32, between two samples.
func slope(a, b sample) uint64 {
	ns := uint64(b.mono - a.mono)
	q, _ := bits.Div64(ns>>32, ns<<32, max(b.counter-a.counter, ns>>32+1))
	return q
}

func (k *keeper) slope() uint64 { return slope(k.samples[0], k.samples[len(k.samples)-1]) }

// ticks returns how many ticks a time takes.
func ticks(ns int64, slope uint64) uint64 {
	q, _ := bits.Div64(uint64(ns)>>32, uint64(ns)<<32, max(slope, uint64(ns)>>32+1))
	return q
}

// extend publishes the next line, if the newer one has begun.
func (k *keeper) extend(s sample) {
	rate := k.slope()
	target := line{s.counter, s.mono + bias, rate}
	now := k.sys.counter()
	if now >= k.lines.limit {
		k.begin(target, now)
		return
	}
	if now < k.lines.newer.start {
		return
	}
	start := k.lines.limit
	ns := k.lines.newer.at(start)
	if off := target.at(start) - ns; off > maxError || off < -maxError {
		k.end(fmt.Sprintf("the system's clock went away by %v", time.Duration(off)))
		return
	}
	end := start + ticks(length, rate)
	k.lines.older = k.lines.newer
	k.lines.newer = line{start, ns, aim(ns, target.at(end), end-start, rate)}
	k.lines.limit, k.reason = end, ""
	k.next = target.at(start) + margin
}

// aim returns the slope that leads from one time to another in so many ticks,
// and differs from the rate by 1/1000 at most.
func aim(from, to int64, length, rate uint64) uint64 {
	if to <= from {
		return rate - rate/1000
	}
	got := slope(sample{mono: from}, sample{counter: length, mono: to})
	return min(max(got, rate-rate/1000), rate+rate/1000)
}

// begin publishes a first line, which starts soon. It is not before the
// system's clock, which readers fall back to until then.
func (k *keeper) begin(target line, now uint64) {
	k.raise()
	rate := target.slope
	start := now + ticks(margin, rate)
	wide := int64(k.samples[len(k.samples)-1].width * rate >> 32)
	ns := max(target.at(start)+wide, k.lines.floor)
	if ns-target.at(start) > maxError {
		return // fallbacks stand at floor until the system's clock reaches it
	}
	end := start + ticks(length, rate)
	k.lines.older = line{start, ns, rate}
	k.lines.newer = line{start, ns, aim(ns, target.at(end), end-start, rate)}
	k.lines.limit, k.reason = end, ""
}

// raise notes the time that no read of the lines exceeds.
func (k *keeper) raise() {
	if l := k.lines.newer; k.lines.limit > l.start {
		k.lines.floor = max(k.lines.floor, l.at(k.lines.limit))
	}
}

// end lets the lines end soon, and begins anew at the next comparison.
func (k *keeper) end(why string) {
	k.reason, k.samples = why, k.samples[:0]
	now := k.sys.counter()
	limit := now + ticks(margin, max(k.lines.newer.slope, 1))
	if limit >= k.lines.limit || limit < k.lines.older.start {
		k.raise() // there are none, or they end by themselves
		return
	}
	if limit < k.lines.newer.start {
		k.lines.newer = k.lines.older // the newer one has no readers yet
	} else {
		k.lines.end = k.lines.limit
	}
	// Until this is published some readers may exceed the limit, up to end.
	k.lines.end = max(k.lines.end, limit)
	k.lines.limit = limit
	k.publish()
	last := max(limit, min(k.sys.counter(), k.lines.end))
	k.lines.floor = max(k.lines.floor, k.lines.newer.at(last))
	k.lines.end = 0
	k.publish()
}

// drop takes the lines away at once, because the counter's values mean nothing.
func (k *keeper) drop(mono int64, why string) {
	k.reason, k.samples = why, k.samples[:0]
	if l := k.lines.newer; k.lines.limit > l.start {
		// Readers were not at the limit yet, but near the system's clock.
		k.lines.floor = max(k.lines.floor, min(l.at(k.lines.limit), mono+maxError))
	}
	k.lines.older, k.lines.newer, k.lines.limit, k.lines.end = line{}, line{}, 0, 0
	k.publish()
}

// strike counts failures of the counter. It reports whether there were too
// many.
func (k *keeper) strike(mono int64) bool {
	if mono-k.struck > probation {
		k.strikes = 0
	}
	k.struck = mono
	k.strikes++
	return k.strikes >= maxStrikes
}

func (k *keeper) giveUp(why string) {
	k.given = true
	k.end(why)
}
