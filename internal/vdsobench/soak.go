package main

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
	_ "unsafe" // for linkname

	"github.com/go-vimage/vimage/runtime/vdso"
)

// nanotime is the system's monotonic clock.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

// stated is the error that the clock may have, in ns.
const stated = 2000

// compare compares the clock with the system's. An error is the distance from
// the middle of two reads of the system's clock that are less than 200 ns
// apart.
func compare(d time.Duration) (p50, p99, worst time.Duration, fell int) {
	var errs []time.Duration
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(100 * time.Microsecond) {
		before := nanotime()
		got := int64(vdso.Monotonic())
		after := nanotime()
		if after-before > 200 {
			continue // interrupted
		}
		if vdso.Why() != "" {
			fell++
		}
		err := time.Duration(got - before - (after-before)/2)
		errs = append(errs, max(err, -err))
	}
	slices.Sort(errs)
	if len(errs) == 0 {
		return 0, time.Hour, time.Hour, fell
	}
	return errs[len(errs)/2], errs[len(errs)*99/100], errs[len(errs)-1], fell
}

// soak reads on two goroutines while a publisher stores. One read in 64 is one
// of the clock too, which must not be before what any goroutine read earlier.
func (s *subjects) soak(reads int) (torn, back, outside, fell int64) {
	stop := make(chan struct{})
	var wg, writer sync.WaitGroup
	writer.Go(func() {
		for n := uint64(1); ; n++ {
			select {
			case <-stop:
				return
			default:
				s.pub.Publish(put(n))
			}
		}
	})
	var highest, tornAll, backAll, outsideAll, fellAll atomic.Int64
	for range 2 {
		wg.Go(func() {
			last := uint64(0)
			for i := range reads / 2 {
				a, b, ok := s.pair.Load()
				switch {
				case !ok:
					fellAll.Add(1)
				case a != ^b:
					tornAll.Add(1)
				case a < last:
					backAll.Add(1)
				default:
					last = a
				}
				if i%64 != 0 {
					continue
				}
				seen := highest.Load()
				before := nanotime()
				now := int64(vdso.Monotonic())
				after := nanotime()
				if now < seen {
					backAll.Add(1)
				}
				if now < before-stated || now > after+stated {
					outsideAll.Add(1)
				}
				highest.CompareAndSwap(seen, max(seen, now))
			}
		})
	}
	wg.Wait()
	close(stop)
	writer.Wait()
	return tornAll.Load(), backAll.Load(), outsideAll.Load(), fellAll.Load()
}
