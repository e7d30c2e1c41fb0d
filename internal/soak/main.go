// Command soak registers and unregisters modules while goroutines create, use
// and close images, and counts:
//
//	go run -race ./internal/soak                      30 seconds
//	go run -race ./internal/soak -d 10m
//	go run ./cmd/vimagegen run -race ./internal/soak  the same over the g slot
//
// In each image each module's container says how often it was constructed and
// destructed: once, before anybody sees it, and once. One constructor in ten
// thousand fails, on purpose. It prints what was done, and exits with 1 when a
// module was missed or met twice, was used before its constructor or after its
// destructor, or anything was left in the end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

var (
	duration = flag.Duration("d", 30*time.Second, "how long")
	modules  = flag.Int("modules", 1000, "how many modules")
	workers  = flag.Int("workers", 64, "how many goroutines create, use and close images")
	fault    = flag.String("fault", "", "what to do wrong, to see it found: miss or double")
)

// state is what a module has in each image.
type state struct {
	built, undone atomic.Int32
}

// counts are of the whole process.
//
//vimage:shared the goroutines of all images count together
var counts struct {
	images, failed, registered, refused, unregistered, uses, built, undone, wrong atomic.Int64
}

//vimage:shared images compare it with what comes from others
var errPlanned = errors.New("planned")

// A module is one of the thousand.
type module struct {
	vimage.Module
	vars vimage.Vars[state]
	mu   sync.Mutex // one goroutine registers and unregisters it at a time
}

func wrong(format string, args ...any) {
	if counts.wrong.Add(1) < 20 {
		fmt.Fprintf(os.Stderr, "soak: "+format+"\n", args...)
	}
}

func newModule(i int) *module {
	m := &module{}
	m.Name, m.Vars = fmt.Sprint("module", i), &m.vars
	m.Init = func() error {
		s := m.vars.Get()
		if rand.IntN(10_000) == 0 {
			return errPlanned
		}
		if *fault == "double" && rand.IntN(1000) == 0 {
			s.built.Add(1)
		}
		if *fault == "miss" && rand.IntN(1000) == 0 {
			return nil
		}
		if n := s.built.Add(1); n != 1 {
			wrong("%s constructed %d times in %v", m.Name, n, vimage.Current())
		}
		counts.built.Add(1)
		return nil
	}
	m.Fini = func() error {
		s := m.vars.Get()
		if b, u := s.built.Load(), s.undone.Add(1); b != 1 || u != 1 {
			wrong("%s constructed %d times and destructed %d times in %v", m.Name, b, u, vimage.Current())
		}
		if st := vimage.Current().State(); st > vimage.Closing {
			wrong("%s destructed in %v, which is %v", m.Name, vimage.Current(), st)
		}
		counts.undone.Add(1)
		return nil
	}
	return m
}

// check looks at the module in the current image. The caller keeps it from
// being unregistered.
func (m *module) check() {
	s := m.vars.Get()
	b, u := s.built.Load(), s.undone.Load()
	if (b != 1 || u != 0) && vimage.Current().State() <= vimage.Live {
		wrong("%s in %v: constructed %d times, destructed %d times", m.Name, vimage.Current(), b, u)
	}
	counts.uses.Add(1)
}

// try runs f in an image that somebody else may be closing.
func try(im *vimage.Image, f func()) {
	entered := false
	defer func() {
		if v := recover(); v != nil && entered {
			panic(v)
		}
	}()
	im.Do(func() { entered = true; f() })
}

// toggle registers the module, or unregisters it, and looks whether all images
// have it.
func (m *module) toggle(ctx context.Context) {
	if !m.mu.TryLock() {
		return
	}
	defer m.mu.Unlock()
	err := vimage.Register(&m.Module)
	switch {
	case err == nil:
		counts.registered.Add(1)
		for im := range vimage.All() {
			if rand.IntN(8) == 0 {
				try(im, m.check)
			}
		}
	case errors.Is(err, errPlanned):
		counts.refused.Add(1)
	case strings.HasSuffix(err.Error(), "is registered"):
		if err := vimage.Unregister(ctx, &m.Module); err != nil {
			wrong("unregister: %v", err)
		}
		counts.unregistered.Add(1)
	default:
		wrong("register: %v", err)
	}
}

// live creates an image, uses it and closes it.
func live(ctx context.Context, all []*module) {
	im, err := vimage.New()
	if err != nil {
		if !errors.Is(err, errPlanned) {
			wrong("new: %v", err)
		}
		counts.failed.Add(1)
		return
	}
	counts.images.Add(1)
	use := func() {
		for range 20 {
			if m := all[rand.IntN(len(all))]; m.Enter() {
				m.check()
				m.Leave()
			}
		}
	}
	im.Do(func() {
		time.AfterFunc(time.Duration(rand.IntN(1000))*time.Microsecond, func() {})
		use()
	})
	im.Go(use)
	if err := im.Close(ctx); err != nil {
		wrong("close: %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				wrong("%v used after its close", im)
			}
		}()
		im.Do(func() {})
	}()
}

func main() {
	flag.Parse()
	all := make([]*module, *modules)
	for i := range all {
		all[i] = newModule(i)
	}
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(context.Background(), *duration+5*time.Minute)
	defer cancel()
	for vimage.Available() != nil { // until one was registered there are no images to be made
		all[0].toggle(ctx)
	}
	end := time.Now().Add(*duration)
	var wg sync.WaitGroup
	for range *workers {
		wg.Go(func() {
			for time.Now().Before(end) {
				live(ctx, all)
			}
		})
	}
	for range 4 {
		wg.Go(func() {
			for time.Now().Before(end) {
				all[rand.IntN(len(all))].toggle(ctx)
			}
		})
	}
	wg.Wait()
	for _, m := range all {
		if err := vimage.Unregister(ctx, &m.Module); err != nil && !strings.HasSuffix(err.Error(), "is not registered") {
			wrong("unregister in the end: %v", err)
		}
	}
	c := &counts
	if b, u := c.built.Load(), c.undone.Load(); b != u {
		wrong("%d constructed, %d destructed", b, u)
	}
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i == 500 {
			wrong("%d goroutines, then %d", before, runtime.NumGoroutine())
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Printf("%d images, %d not created on purpose; %d registrations, %d undone on purpose, %d unregistrations; %d constructions, %d destructions, %d uses; %d wrong\n",
		c.images.Load(), c.failed.Load(), c.registered.Load(), c.refused.Load(), c.unregistered.Load(), c.built.Load(), c.undone.Load(), c.uses.Load(), c.wrong.Load())
	if c.wrong.Load() > 0 {
		os.Exit(1)
	}
}
