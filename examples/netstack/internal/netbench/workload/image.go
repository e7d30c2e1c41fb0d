package main

import (
	"context"
	"runtime"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// stacks is how many images live at a time.
const stacks = 10_000

// cost creates stacks, leaves them at rest, and closes them.
func cost() error {
	live := func() float64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc + m.StackInuse)
	}
	before, goroutines := live(), runtime.NumGoroutine()
	images := make([]*vimage.Image, stacks)
	begin, used := time.Now(), processorTime()
	for i := range images {
		im, err := vimage.New()
		if err != nil {
			return err
		}
		images[i] = im
	}
	report("start", time.Since(begin).Seconds())
	report("new", (processorTime()-used)/stacks/1e3)
	report("rest", (live()-before)/stacks)
	report("goroutines", float64(runtime.NumGoroutine()-goroutines))
	used = processorTime()
	for _, im := range images {
		if err := im.Close(context.Background()); err != nil {
			return err
		}
	}
	report("close", (processorTime()-used)/stacks/1e3)
	clear(images)
	report("left", (live()-before)/stacks)
	return nil
}
