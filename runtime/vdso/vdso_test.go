package vdso

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ready waits until the process's clock goes by the counter.
func ready(t testing.TB) *Clock {
	t.Helper()
	Monotonic()
	c := own.Load()
	if why := c.sys.why(); why != "" {
		t.Skip(why)
	}
	for end := time.Now().Add(10 * time.Second); Why() != ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(Why())
		}
	}
	return c
}

// Before the keeper has measured, and on machines without a counter, there is
// time too.
func TestFallback(t *testing.T) {
	before := nanotime()
	got := int64(Monotonic())
	after := nanotime()
	if got < before-1000 || got > after+1000 {
		t.Errorf("got %d between %d and %d", got, before, after)
	}
	if d := time.Since(Now()); d < -time.Millisecond || d > time.Second {
		t.Errorf("Now is off by %v", d)
	}
	if d := time.Since(NowCoarse()); d < -time.Millisecond || d > time.Second {
		t.Errorf("NowCoarse is off by %v", d)
	}
	if s, ok := Now(), Now().Location() == time.Local; !ok {
		t.Errorf("%v is not local time", s)
	}
}

// Each read is between two reads of the system's clock, but for the error that
// is stated. A machine under load may be late; then the read is not by lines.
func TestAgainstSystem(t *testing.T) {
	c := ready(t)
	const stated = 2000
	bad, n := 0, 0
	for range 200_000 {
		before := nanotime()
		r, ok := c.read(c.sys.counter())
		ns, wall := r.mono(), r.wall
		after := nanotime()
		if !ok {
			continue
		}
		n++
		if ns < before-stated || ns > after+stated {
			if bad++; bad < 5 {
				t.Logf("got %d between %d and %d", ns, before, after)
			}
		}
		if n%1000 == 0 {
			if off := time.Since(time.Unix(0, ns+wall)); off < -stated {
				t.Errorf("the time of day is ahead by %v", -off)
			}
		}
	}
	if n == 0 {
		t.Skip("the keeper had no time")
	}
	if bad > n/1000 {
		t.Errorf("%d of %d reads are off by more than %d ns", bad, n, stated)
	}
}

// Two goroutines hand each other the greatest time that they have read: nobody
// reads a smaller one afterwards.
func TestMonotonic(t *testing.T) {
	ready(t)
	var highest atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 1_000_000 {
				before := highest.Load()
				now := int64(Monotonic())
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

// Coarse time is behind, by little.
func TestCoarse(t *testing.T) {
	ready(t)
	var late []time.Duration
	for range 200 {
		coarse := NowCoarse()
		d := Now().Sub(coarse)
		if d < 0 {
			t.Errorf("the coarse clock is ahead by %v", -d)
		}
		late = append(late, d)
		time.Sleep(time.Millisecond)
	}
	slices.Sort(late)
	if median := late[len(late)/2]; median > 100*time.Millisecond {
		t.Errorf("the coarse clock is behind by %v", median)
	}
}

// A clock that was opened for a page that nobody publishes is the system's.
func TestOpenNothing(t *testing.T) {
	c := Open(t.TempDir() + "/none")
	defer c.Close()
	before := nanotime()
	got := int64(c.Monotonic())
	if after := nanotime(); got < before || got > after {
		t.Errorf("got %d between %d and %d", got, before, after)
	}
	if c.Why() == "" {
		t.Error("no reason")
	}
}

// A clock can be kept for other processes.
func TestServe(t *testing.T) {
	ready(t)
	path := t.TempDir() + "/clock"
	s, err := Serve(path)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := Open(path)
	defer c.Close()
	for end := time.Now().Add(10 * time.Second); c.Why() != ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(c.Why())
		}
	}
	for range 1000 {
		a, b := c.Monotonic(), Monotonic()
		if d := b - a; d < -2*time.Microsecond || d > 10*time.Millisecond {
			t.Fatalf("%v apart", d)
		}
	}
	before := c.Monotonic()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for range 100 {
		now := c.Monotonic()
		if now < before {
			t.Fatalf("%d after %d", now, before)
		}
		before = now
		time.Sleep(5 * time.Millisecond)
	}
	if c.Why() == "" {
		t.Error("a closed clock has lines")
	}
	if d := time.Since(c.Now()); d < -time.Millisecond || d > time.Second {
		t.Errorf("Now is off by %v", d)
	}
}

func TestSleep(t *testing.T) {
	ready(t)
	before := Monotonic()
	Sleep(20 * time.Millisecond)
	if d := Monotonic() - before; d < 20*time.Millisecond-time.Microsecond {
		t.Errorf("slept for %v", d)
	}
	before = Monotonic()
	at := <-After(20 * time.Millisecond)
	if d := Monotonic() - before; d < 20*time.Millisecond-time.Microsecond {
		t.Errorf("waited for %v", d)
	}
	if d := time.Since(at); d < -time.Millisecond || d > time.Second {
		t.Errorf("After sent %v", at)
	}
	<-After(-1)
	Sleep(-1)
}
