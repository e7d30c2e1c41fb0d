//go:build !vnetstd

// Over an overlay this package has no more than names for what the standard
// library has.

package vimage

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// Who leaves need not be who entered: entrances and exits are in different
// shards then.
func TestGateCountsOverShards(t *testing.T) {
	g := &gate{}
	g.open()
	shards := make([]shard, 8)
	g.shards.Store(&shards)
	for i := range shards {
		shards[i].in.Add(uint64(i))
		shards[len(shards)-1-i].out.Add(uint64(i))
	}
	if n := g.count(); n != 0 {
		t.Errorf("%d inside", n)
	}
	shards[3].in.Add(2)
	if n := g.count(); n != 2 || g.empty() {
		t.Errorf("%d inside", n)
	}
}

// When the gate is closed and was seen empty, nobody is inside, though many
// try.
func TestGateCloses(t *testing.T) {
	g := &gate{}
	var inside atomic.Int32
	var done atomic.Bool
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for !done.Load() {
				if g.enter() {
					inside.Add(1)
					runtime.Gosched()
					inside.Add(-1)
					g.leave()
				}
				runtime.Gosched() // else a round takes a time slice of each
			}
		})
	}
	for range 200 {
		g.open()
		g.close()
		for !g.empty() {
			runtime.Gosched()
		}
		runtime.Gosched()
		if n := inside.Load(); n != 0 {
			t.Errorf("%d inside", n)
			break
		}
	}
	done.Store(true)
	wg.Wait()
}
