// Package coarse is a source of the clock: a counter that a goroutine advances
// 100 times in a second, which costs a load to read.
package coarse

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	// The slots' package.
	_ "github.com/go-vimage/vimage/examples/clock"
)

const hz = 100

var (
	ticks atomic.Uint64
	stop  chan struct{}
	done  sync.WaitGroup
)

//vimage:strong github.com/go-vimage/vimage/examples/clock.Counter
func counter() uint64 { return ticks.Load() }

//vimage:strong github.com/go-vimage/vimage/examples/clock.Frequency
func frequency() uint64 { return hz }

//vimage:module init
func start(context.Context) error {
	quit := make(chan struct{})
	stop = quit
	done.Go(func() {
		t := time.NewTicker(time.Second / hz)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				ticks.Add(1)
			case <-quit:
				return
			}
		}
	})
	return nil
}

//vimage:module fini
func fini(context.Context) error {
	close(stop)
	done.Wait()
	return nil
}
