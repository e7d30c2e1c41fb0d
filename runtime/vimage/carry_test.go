//go:build vnetstd

package vimage_test

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// What a stock toolchain does not carry: gen/goroot runs these over its
// overlays, with the build tag.

func TestTimers(t *testing.T) {
	a, b := newImage(t), newImage(t)
	got := make(chan *vimage.Image)
	tell := func() { got <- vimage.Current() }
	var timer *time.Timer
	a.Do(func() {
		timer = time.AfterFunc(0, func() { go tell() })
	})
	if at := receive(t, got); at != a {
		t.Errorf("AfterFunc: in %v", at)
	}
	b.Do(func() { timer.Reset(0) })
	if at := receive(t, got); at != a {
		t.Errorf("AfterFunc, reset from another image: in %v", at)
	}
	a.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		t.Cleanup(cancel)
		context.AfterFunc(ctx, tell)
	})
	if at := receive(t, got); at != a {
		t.Errorf("context timeout: in %v", at)
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.Do(func() { context.AfterFunc(ctx, func() { go tell() }) })
	b.Do(cancel)
	if at := receive(t, got); at != a {
		t.Errorf("context.AfterFunc, cancelled from another image: in %v", at)
	}
	time.AfterFunc(0, tell)
	if at := receive(t, got); at != home {
		t.Errorf("AfterFunc of home: in %v", at)
	}
}

func TestTimersOfClosed(t *testing.T) {
	im, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan bool, 2)
	ctx, cancel := context.WithCancel(context.Background())
	var shared context.Context
	im.Do(func() {
		// A context may be in others' hands: its deadline holds.
		shared, _ = context.WithTimeout(context.Background(), 5*time.Millisecond)
		time.AfterFunc(5*time.Millisecond, func() { ran <- true })
		context.AfterFunc(ctx, func() { ran <- true })
	})
	closeImage(t, im)
	cancel()
	select {
	case <-ran:
		t.Error("ran in a closed image")
	case <-time.After(30 * time.Millisecond):
	}
	receive(t, shared.Done())
}

// Timers that fire while the image closes run in it, or not at all, and those
// that are set are stopped.
func TestTimersDuringClose(t *testing.T) {
	for range 300 {
		im, err := vimage.New()
		if err != nil {
			t.Fatal(err)
		}
		var late atomic.Int32
		var over atomic.Bool
		im.Do(func() {
			for i := range 20 {
				time.AfterFunc(time.Duration(i)*5*time.Microsecond, func() {
					if over.Load() {
						late.Add(1)
					}
					_ = st().x // not after the end
				})
			}
			time.AfterFunc(time.Hour, func() {})
			time.NewTicker(time.Millisecond)
		})
		closeImage(t, im)
		over.Store(true)
		if n := im.Ledger().Timers; n != 0 {
			t.Fatalf("%d timers after the close", n)
		}
		runtime.Gosched()
		if n := late.Load(); n != 0 {
			t.Fatalf("%d ran after the close", n)
		}
	}
}

// The registry of signals' channels is the process's: an image's leave it.
func TestSignalsOfClosed(t *testing.T) {
	im, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	kept, stopped := make(chan os.Signal, 1), make(chan os.Signal, 1)
	im.Do(func() {
		signal.Notify(kept, syscall.SIGWINCH)
		signal.Notify(kept, syscall.SIGCONT)
		signal.Notify(stopped, syscall.SIGWINCH)
		signal.Stop(stopped)
	})
	l := im.Ledger().Registrations
	if len(l) != 1 || !strings.HasPrefix(l[0], "os/signal.Notify (") || !strings.Contains(l[0], "carry_test.go:") {
		t.Errorf("ledger %q", l)
	}
	closeImage(t, im)
	own := make(chan os.Signal, 1)
	signal.Notify(own, syscall.SIGWINCH)
	defer signal.Stop(own)
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		t.Fatal(err)
	}
	receive(t, own)
	if len(kept) != 0 {
		t.Error("a closed image got a signal")
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("VNET_TEST", "process")
	im := newImage(t, vimage.WithEnv("VNET_TEST=image", "A=1", "A=2", "broken"))
	im.Do(func() {
		child := newImage(t, vimage.WithParent(im))
		if got := os.Environ(); !slices.Equal(got, []string{"VNET_TEST=image", "A=2"}) {
			t.Errorf("environment %q", got)
		}
		os.Setenv("B", "$A")
		os.Unsetenv("A")
		if err := os.Setenv("X=Y", "1"); err == nil {
			t.Error("set a name with =")
		}
		if v, ok := os.LookupEnv("A"); ok {
			t.Errorf("unset A is %q", v)
		}
		if got := os.ExpandEnv("$VNET_TEST $B $HOME."); got != "image $A ." {
			t.Error(got)
		}
		out, err := exec.Command("/usr/bin/env").Output()
		if err != nil || string(out) != "VNET_TEST=image\nB=$A\n" {
			t.Errorf("a process got %q, %v", out, err)
		}
		child.Do(func() {
			if got := os.Getenv("A"); got != "2" {
				t.Errorf("child has A=%q", got)
			}
			os.Clearenv()
		})
		if len(os.Environ()) != 2 {
			t.Error("cleared by a child")
		}
	})
	if got := os.Getenv("VNET_TEST"); got != "process" {
		t.Error(got)
	}
	newImage(t).Do(func() {
		if got := os.Getenv("VNET_TEST"); got != "process" {
			t.Error(got)
		}
	})
}

// A goroutine that serves the process is of no image, whoever needs it first.
func TestSignal(t *testing.T) {
	im, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	im.Do(func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		signal.Stop(c)
	})
	closeImage(t, im)
}

// Out of all images, virtual state is out of reach, and what is started there
// too.
func TestNoImage(t *testing.T) {
	im := newImage(t)
	got := make(chan *vimage.Image)
	im.Do(func() {
		defer runtime.VnetSwap(runtime.VnetSwap(nil))
		if at := vimage.Current(); at != nil {
			t.Errorf("in %v", at)
		}
		mustPanic(t, func() { st().x++ }, "no image is current")
		go func() { got <- vimage.Current() }()
		if at := receive(t, got); at != nil {
			t.Errorf("go: in %v", at)
		}
		time.AfterFunc(0, func() { got <- vimage.Current() })
		if at := receive(t, got); at != nil {
			t.Errorf("AfterFunc: in %v", at)
		}
	})
}

// collect runs the garbage collector until something came.
func collect(t *testing.T, c <-chan *vimage.Image) *vimage.Image {
	for range 200 {
		runtime.GC()
		select {
		case v := <-c:
			return v
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("nothing came")
	return nil
}

type object struct{ p *int }

func TestFinalizers(t *testing.T) {
	im := newImage(t)
	got := make(chan *vimage.Image, 1)
	im.Do(func() {
		runtime.SetFinalizer(&object{new(int)}, func(*object) {
			st().x++
			go func() { got <- vimage.Current() }()
		})
	})
	if at := collect(t, got); at != im {
		t.Errorf("finalizer: in %v", at)
	}
	im.Do(func() {
		runtime.SetFinalizer(&object{new(int)}, func(any) int { got <- vimage.Current(); return 1 })
	})
	if at := collect(t, got); at != im {
		t.Errorf("finalizer of an interface: in %v", at)
	}
	runtime.SetFinalizer(&object{new(int)}, func(*object) { got <- vimage.Current() })
	if at := collect(t, got); at != home {
		t.Errorf("finalizer of home: in %v", at)
	}
	im.Do(func() {
		runtime.AddCleanup(&object{new(int)}, func(n int) {
			st().x += n
			go func() { got <- vimage.Current() }()
		}, 7)
	})
	if at := collect(t, got); at != im {
		t.Errorf("cleanup: in %v", at)
	}
	o := &object{new(int)}
	im.Do(func() {
		runtime.SetFinalizer(o, func(*object) { t.Error("a finalizer that was taken off ran") })
		runtime.SetFinalizer(o, nil)
		runtime.AddCleanup(o, func(int) { t.Error("a cleanup that was stopped ran") }, 1).Stop()
	})
	runtime.AddCleanup(o, func(c chan *vimage.Image) { c <- vimage.Current() }, got)
	o = nil
	if at := collect(t, got); at != home {
		t.Errorf("cleanup of home: in %v", at)
	}
}

// Objects outlive their image: their finalizers find its state.
func TestFinalizersOfClosed(t *testing.T) {
	im, err := vimage.New(vimage.WithName("outlived"))
	if err != nil {
		t.Fatal(err)
	}
	type told struct {
		name string
		x    int
	}
	var mu sync.Mutex
	var all []told
	got := make(chan *vimage.Image, 1)
	var a, b *object
	im.Do(func() {
		a, b = &object{new(int)}, &object{new(int)}
		tell := func() {
			st().x++
			mu.Lock()
			all = append(all, told{vimage.Current().Name(), st().x})
			mu.Unlock()
			got <- nil
		}
		runtime.SetFinalizer(a, func(*object) { tell() })
		runtime.AddCleanup(b, func(int) { go tell() }, 1)
	})
	closeImage(t, im)
	late := module("example.com/registered after the close")
	vimage.VnetRegister(late)
	runtime.KeepAlive(a)
	a = nil
	collect(t, got)
	runtime.KeepAlive(b)
	b = nil
	collect(t, got)
	mu.Lock()
	defer mu.Unlock()
	if len(all) != 2 || all[0] != (told{"outlived", 43}) || all[1] != (told{"outlived", 44}) {
		t.Errorf("told %v", all)
	}
}

// Profiler labels come and go without a trace on the image, in either slot.
func TestProfilerLabels(t *testing.T) {
	im := newImage(t)
	labels := pprof.Labels("zone", "west", "area", "north")
	im.Do(func() {
		pprof.Do(context.Background(), labels, func(ctx context.Context) {
			if at := vimage.Current(); at != im {
				t.Errorf("pprof.Do: in %v", at)
			}
			got := make(chan *vimage.Image)
			go func() { got <- vimage.Current() }()
			if at := receive(t, got); at != im {
				t.Errorf("go in pprof.Do: in %v", at)
			}
			other := newImage(t)
			other.Do(func() {
				if at := vimage.Current(); at != other {
					t.Errorf("Do in pprof.Do: in %v", at)
				}
			})
			var profile strings.Builder
			if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`"area":"north"`, `"zone":"west"`} {
				if !strings.Contains(profile.String(), want) {
					t.Errorf("the profile lost %s", want)
				}
			}
		})
		if at := vimage.Current(); at != im {
			t.Errorf("after pprof.Do: in %v", at)
		}
	})
	if at := vimage.Current(); at != home {
		t.Errorf("after all: in %v", at)
	}
}

func TestPoolNew(t *testing.T) {
	im := newImage(t)
	pool := sync.Pool{New: func() any { return vimage.Current() }}
	im.Do(func() {
		if at := pool.Get(); at != im {
			t.Errorf("sync.Pool.New: in %v", at)
		}
	})
}
