//go:build !vimage

package kern

import (
	"container/heap"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso"
)

// A Callout calls a function at a time, once. The zero value is idle. All methods
// need Giant, and the function runs with it. A Callout may be reset or stopped in
// its own function.
type Callout struct {
	when    time.Duration // when to run
	key     time.Duration // the heap's order: when, or earlier if it was put off
	f       func()
	at      int // place in the heap, from 1 on; 0 if it is idle
	pending bool
}

// The softclock is a heap of callouts and a goroutine that exists while there are
// some. It sleeps until wake, or until it is kicked.
var (
	callouts  calloutHeap
	softclock bool // the goroutine exists
	wake      time.Duration
	kick      = make(chan struct{}, 1)
)

// Reset sets the callout to call f after d. It replaces an earlier setting.
func (c *Callout) Reset(d time.Duration, f func()) {
	if Giant.halted {
		return
	}
	c.f, c.pending = f, true
	c.when = Now() + max(0, d)
	switch {
	case c.at == 0:
		c.key = c.when
		heap.Push(&callouts, c)
	case c.when < c.key:
		c.key = c.when
		heap.Fix(&callouts, c.at-1)
	default: // put off: it moves when its key comes up, so that resetting costs nothing
		return
	}
	startSoftclock()
}

// Stop says that the function is not to be called. It reports whether it was
// pending.
func (c *Callout) Stop() bool {
	was := c.pending
	c.pending, c.f = false, nil
	if c.at != 0 {
		heap.Remove(&callouts, c.at-1)
	}
	return was
}

// Pending reports whether the callout is set.
func (c *Callout) Pending() bool { return c.pending }

// Left returns the time until the function is called.
func (c *Callout) Left() time.Duration { return max(0, c.when-Now()) }

// nextCallout returns the time of the first callout.
func nextCallout() (time.Duration, bool) {
	for len(callouts) > 0 {
		c := callouts[0]
		if c.key == c.when {
			return c.when, true
		}
		c.key = c.when
		heap.Fix(&callouts, 0)
	}
	return 0, false
}

// runCallouts calls the functions that are due.
func runCallouts(now time.Duration) {
	for {
		next, ok := nextCallout()
		if !ok || next > now {
			return
		}
		c := heap.Pop(&callouts).(*Callout)
		f := c.f
		c.pending, c.f = false, nil
		f()
	}
}

// startSoftclock has the goroutine look at the heap no later than its first
// callout is due.
func startSoftclock() {
	if virtualClock {
		return
	}
	first := callouts[0].key
	if !softclock {
		softclock, wake = true, first
		Go(runSoftclock)
		return
	}
	if first < wake {
		wake = first
		select {
		case kick <- struct{}{}:
		default:
		}
	}
}

// runSoftclock runs callouts until there are none.
func runSoftclock() {
	Lock()
	defer Unlock()
	for {
		runCallouts(Now())
		next, ok := nextCallout()
		if !ok || Giant.halted {
			softclock = false
			return
		}
		wake = next
		Unlock()
		select {
		case <-vdso.After(next - Now()):
		case <-kick:
		}
		Lock()
	}
}

// calloutHeap is a heap by key.
type calloutHeap []*Callout

func (h calloutHeap) Len() int           { return len(h) }
func (h calloutHeap) Less(i, j int) bool { return h[i].key < h[j].key }
func (h calloutHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i+1, j+1
}

func (h *calloutHeap) Push(x any) {
	c := x.(*Callout)
	*h = append(*h, c)
	c.at = len(*h)
}

func (h *calloutHeap) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	c.at = 0
	return c
}
