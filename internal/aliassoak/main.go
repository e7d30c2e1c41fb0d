// Command aliassoak calls a slot from all cores while three modules that stand
// on it are loaded, unloaded and replaced at random, with refusals and contexts
// that end, and callers that sleep and panic inside. It runs generated code:
//
//	M=./internal/aliassoak/a,./internal/aliassoak/b,./internal/aliassoak/c
//	vimagegen build -mode nop -loadable -modules $M -o soak ./internal/aliassoak && ./soak -d 10m
//	vimagegen build -race -mode nop -loadable -modules $M -o soak ./internal/aliassoak && ./soak -d 10m
//	vimagegen build -loadable -modules $M -o soak ./internal/aliassoak && ./soak -d 10m
//
// It exits 1 if a call ran in a module that was not loaded, if a call ran a
// layer twice, or if the layers were not those that were loaded, in their
// order.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/internal/aliassoak/a"
	"github.com/go-vimage/vimage/internal/aliassoak/b"
	"github.com/go-vimage/vimage/internal/aliassoak/c"
	"github.com/go-vimage/vimage/internal/aliassoak/kernel"
	"github.com/go-vimage/vimage/internal/aliassoak/watch"
	"github.com/go-vimage/vimage/runtime/alias"
)

// A tested is a module with its digit.
type tested struct {
	*alias.Module
	watch *watch.Module
	digit int
}

func main() {
	long := flag.Duration("d", 30*time.Second, "how long to run")
	flag.Parse()
	if err := alias.Available(); err != nil {
		log.Fatal(err)
	}
	var modules []*tested
	for i, w := range []*watch.Module{&a.Self, &b.Self, &c.Self} {
		name := "github.com/go-vimage/vimage/internal/aliassoak/" + string(rune('a'+i))
		modules = append(modules, &tested{alias.Find(name), w, i + 1})
	}
	s := &soak{modules: modules, did: map[string]int{}}
	calls := s.run(*long)
	fmt.Printf("%d calls by %d goroutines, %v\n", calls, runtime.GOMAXPROCS(0), s.did)
	bad := s.bad.Load()
	for _, m := range modules {
		bad += m.watch.Faults.Load()
	}
	if bad > 0 {
		log.Fatalf("%d calls in a module that was not loaded, or with wrong layers", bad)
	}
}

type soak struct {
	modules []*tested
	did     map[string]int // transitions, by kind
	bad     atomic.Int64   // calls with wrong layers
}

// run returns the number of calls.
func (s *soak) run(long time.Duration) (calls uint64) {
	over := make(chan struct{})
	counts := make([]uint64, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() { counts[i] = s.call(over) })
	}
	for start := time.Now(); time.Since(start) < long; {
		s.change()
	}
	close(over)
	wg.Wait()
	for _, n := range counts {
		calls += n
	}
	return calls
}

// call calls until it is over.
func (s *soak) call(over chan struct{}) (n uint64) {
	at := rand.Uint64()
	for {
		select {
		case <-over:
			return n
		default:
		}
		func() {
			defer func() {
				if r := recover(); r != nil && r != any(watch.ErrBusy) {
					panic(r)
				}
			}()
			for range 1000 {
				n++
				at++
				if !distinct(kernel.Chain(at)) {
					s.bad.Add(1)
				}
			}
		}()
	}
}

// distinct reports whether no digit is there twice.
func distinct(chain int) bool {
	seen := 0
	for ; chain > 0; chain /= 4 {
		bit := 1 << (chain % 4)
		if seen&bit != 0 {
			return false
		}
		seen |= bit
	}
	return true
}

// change makes one transition, and checks the layers after it.
func (s *soak) change() {
	m, other := s.modules[rand.IntN(3)], s.modules[rand.IntN(3)]
	m.watch.Refuse.Store(rand.IntN(4) == 0)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(2000))*time.Microsecond)
	defer cancel()
	want := alias.Modules()
	at := slices.Index(want, m.Module)
	kind := ""
	var err error
	switch {
	case at < 0:
		kind = "load"
		if err = alias.Load(ctx, m.Module); err == nil {
			want = append(want, m.Module)
		}
	case rand.IntN(2) == 0 && !slices.Contains(want, other.Module):
		kind = "replace"
		if err = alias.Replace(ctx, m.Module, other.Module); err == nil {
			want[at] = other.Module
		}
	default:
		kind = "unload"
		if err = alias.Unload(ctx, m.Module); err == nil {
			want = slices.Delete(want, at, at+1)
		}
	}
	m.watch.Refuse.Store(false)
	switch {
	case errors.Is(err, watch.ErrBusy):
		kind += " refused"
	case errors.Is(err, context.DeadlineExceeded):
		kind += " given up"
	case err != nil && !strings.Contains(err.Error(), "unlinked"):
		log.Fatal(err)
	}
	s.did[kind]++
	chain := 0
	for _, m := range want {
		chain = 4*chain + s.digit(m)
	}
	if got := kernel.Chain(0); got != chain {
		log.Fatalf("after %s of %s: a call runs %#o, want %#o", kind, m.Name, got, chain)
	}
	if err != nil && !slices.Contains(alias.Modules(), other.Module) {
		_ = alias.Unload(context.Background(), other.Module) // what a Replace left unlinked
	}
}

func (s *soak) digit(m *alias.Module) int {
	return s.modules[slices.IndexFunc(s.modules, func(t *tested) bool { return t.Module == m })].digit
}
