package counter

import (
	"sync"
	"sync/atomic"
	"testing"
)

func need(t testing.TB) {
	if why := Why(); why != "" {
		t.Skip(why)
	}
}

// The counter runs, and forwards.
func TestRead(t *testing.T) {
	need(t)
	last := Read()
	for range 100_000 {
		now := Read()
		if now < last {
			t.Fatalf("%d after %d", now, last)
		}
		last = now
	}
}

// A counter that is read after a value came from another thread is not smaller
// than the one that the other thread read before it stored the value.
func TestAcross(t *testing.T) {
	need(t)
	var highest atomic.Uint64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 500_000 {
				before := highest.Load()
				now := Read()
				if now < before {
					t.Errorf("%d after %d", now, before)
					return
				}
				highest.CompareAndSwap(before, now)
			}
		})
	}
	wg.Wait()
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read()
	}
}
