package alias_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/alias"
)

var soak = flag.Duration("soak", time.Second, "how long TestSoak runs")

// A tested is a module that knows whether it may be called.
type tested struct {
	*alias.Module
	alive  atomic.Bool
	refuse atomic.Bool
}

var errBusy = errors.New("busy")

// TestSoak loads, unloads and replaces modules at random, with refusals and
// contexts that end, while others call, sleep and panic inside.
func TestSoak(t *testing.T) {
	b := newBus()
	var calls, faults atomic.Int64
	var modules []*tested
	for _, name := range []string{"a", "b", "c", "d"} {
		m := &tested{Module: b.module(name)}
		l := m.Layers[0]
		l.Funcs[0] = func(at int) string {
			if !m.alive.Load() {
				faults.Add(1)
			}
			switch {
			case at%10007 == 1:
				time.Sleep(time.Duration(at%7) * 100 * time.Microsecond)
			case at%1009 == 2:
				panic(errBusy)
			}
			below := b.read(&l.Super, at)
			if !m.alive.Load() {
				faults.Add(1)
			}
			return name + " " + below
		}
		m.Init = func(context.Context) error { m.alive.Store(true); return nil }
		m.Fini = func(context.Context) error {
			if m.refuse.Load() {
				return errBusy
			}
			m.alive.Store(false)
			return nil
		}
		modules = append(modules, m)
	}
	over := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for at := rand.IntN(1 << 20); ; at++ {
				select {
				case <-over:
					return
				default:
				}
				calls.Add(1)
				func() {
					defer func() { _ = recover() }()
					got := strings.Fields(b.Read(at))
					if slices.Index(got, "stub") != len(got)-1 {
						faults.Add(1)
					}
				}()
			}
		})
	}
	transitions := map[string]int{}
	for start := time.Now(); time.Since(start) < *soak; {
		m, other := modules[rand.IntN(len(modules))], modules[rand.IntN(len(modules))]
		m.refuse.Store(rand.IntN(4) == 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(2000))*time.Microsecond)
		var err error
		want := b.linker.Modules()
		at := slices.Index(want, m.Module)
		kind := ""
		switch {
		case at < 0:
			kind = "load"
			if err = b.linker.Load(ctx, m.Module); err == nil {
				want = append(want, m.Module)
			}
		case rand.IntN(2) == 0 && !slices.Contains(want, other.Module):
			kind = "replace"
			if err = b.linker.Replace(ctx, m.Module, other.Module); err == nil {
				want[at] = other.Module
			}
		default:
			kind = "unload"
			if err = b.linker.Unload(ctx, m.Module); err == nil {
				want = slices.Delete(want, at, at+1)
			}
		}
		cancel()
		m.refuse.Store(false)
		switch {
		case errors.Is(err, errBusy):
			kind += " refused"
		case errors.Is(err, context.DeadlineExceeded):
			kind += " given up"
		case err != nil && !strings.Contains(err.Error(), "unlinked"):
			t.Fatal(err)
		}
		transitions[kind]++
		slices.Reverse(want)
		if got := b.linker.Stack(&b.Group); !slices.Equal(got, want) {
			t.Fatalf("after %s of %s: the stack is %v, want %v", kind, m.Name, names(got), names(want))
		}
		if err != nil && !slices.Contains(b.linker.Modules(), other.Module) {
			_ = b.linker.Unload(t.Context(), other.Module) // what a Replace left unlinked
		}
	}
	close(over)
	wg.Wait()
	for _, m := range b.linker.Modules() {
		if err := b.linker.Unload(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d calls, %v", calls.Load(), transitions)
	if faults.Load() > 0 {
		t.Errorf("%d calls in a module that is not loaded, or in the wrong order", faults.Load())
	}
}

func names(modules []*alias.Module) (out []string) {
	for _, m := range modules {
		out = append(out, m.Name)
	}
	return out
}
