package collect

import (
	"runtime"
	"testing"
	"time"
)

// TestSeldom allocates 100 MB in small pieces, with hardly anything live, and
// counts the collections.
func TestSeldom(t *testing.T) {
	collections := func() uint32 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 << 10 {
			piece = make([]byte, 1<<10)
		}
		runtime.ReadMemStats(&after)
		return after.NumGC - before.NumGC
	}
	usual := collections()
	Seldom(Spare)
	if got := collections(); got > 1 || usual < 5 {
		t.Errorf("%d collections, %d at the usual percentage", got, usual)
	}
	// The percentage is set anew when more is live.
	live := make([]byte, 1<<30)
	for range live[:3] {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // the finalizer's goroutine
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	if limit := uint64(len(live)) * 18 / 10; stats.NextGC > limit {
		t.Errorf("with %d bytes live the next collection is at %d", len(live), stats.NextGC)
	}
	runtime.KeepAlive(live)
}

var piece []byte
