//go:build vnetstd

package vimage_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// TestCloseChain has goroutines of an image start each other and end, which a
// single look through all goroutines can miss, and call out of the image and
// back, while others are started elsewhere or not. Close waits for all of them.
func TestCloseChain(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	var running atomic.Int64
	var chain func(n int)
	chain = func(n int) {
		st().x++
		if n > 0 {
			running.Add(1)
			go chain(n - 1)
		}
		running.Add(-1)
	}
	outside := newImage(t)
	hop := func() {
		for range 30 {
			outside.Do(func() {})
			st().x++
		}
		running.Add(-1)
	}
	for _, busy := range []bool{false, true} {
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Microsecond):
					if busy {
						go func() {}()
					}
				}
			}
		}()
		for i, end := 0, time.Now().Add(time.Second); time.Now().Before(end); i++ {
			im, err := vimage.New()
			if err != nil {
				t.Fatal(err)
			}
			im.Do(func() {
				running.Add(1)
				if i%2 == 0 {
					go chain(20)
				} else {
					go hop()
				}
			})
			if err := im.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			if n := running.Load(); n != 0 {
				t.Fatalf("Close number %d returned while %d goroutines were in the image", i+1, n)
			}
		}
		close(stop)
		<-stopped
	}
}
