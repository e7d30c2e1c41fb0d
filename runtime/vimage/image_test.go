package vimage_test

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestImageZero(t *testing.T) {
	if vimage.Current() != home {
		t.Fatalf("tests start in %v", vimage.Current())
	}
	z := vimage.Zero()
	if z.ID() != 0 || z.Name() != "vnet0" {
		t.Errorf("image 0 is %d, %s", z.ID(), z.Name())
	}
	z.Do(func() {
		if st().started != 0 || !slices.Equal(st().trace, []string{"state", "other"}) {
			t.Errorf("image 0 was started as %+v", *st())
		}
	})
	if err := z.Close(context.Background()); err == nil {
		t.Error("image 0 was closed")
	}
}

func TestIsolated(t *testing.T) {
	a, b := newImage(t, vimage.WithName("a")), newImage(t)
	if a.Name() != "a" || a.String() != "a" || b.Name() == "" || a.ID() == b.ID() {
		t.Errorf("images %d %s, %d %s", a.ID(), a, b.ID(), b)
	}
	st().x = 1
	a.Do(func() {
		if got := *st(); got.x != 42 || got.started != a.ID() || !slices.Equal(got.trace, []string{"state", "other"}) {
			t.Errorf("a was started as %+v", got)
		}
		st().x = 2
	})
	b.Do(func() {
		if st().x != 42 {
			t.Errorf("b.x = %d, want 42", st().x)
		}
		a.Do(func() {
			if st().x != 2 {
				t.Errorf("a.x = %d, want 2", st().x)
			}
		})
		if vimage.Current() != b {
			t.Errorf("back in %v, want b", vimage.Current())
		}
	})
	if st().x != 1 {
		t.Errorf("x = %d, want 1", st().x)
	}
}

func TestDoRestores(t *testing.T) {
	im := newImage(t)
	func() {
		defer func() { _ = recover() }()
		im.Do(func() { panic("out") })
	}()
	if vimage.Current() != home {
		t.Errorf("after a panic: in %v", vimage.Current())
	}
	at := make(chan *vimage.Image)
	go func() {
		defer func() { at <- vimage.Current() }()
		im.Do(runtime.Goexit)
	}()
	if got := receive(t, at); got != home {
		t.Errorf("after Goexit: in %v", got)
	}
}

func TestInherited(t *testing.T) {
	im := newImage(t)
	got := make(chan *vimage.Image)
	im.Do(func() {
		go func() {
			go func() { got <- vimage.Current() }()
		}()
	})
	if at := receive(t, got); at != im {
		t.Errorf("go in Do: in %v", at)
	}
	im.Go(func() {
		go func() { got <- vimage.Current() }()
	})
	if at := receive(t, got); at != im {
		t.Errorf("go in Go: in %v", at)
	}
	if vimage.Current() != home {
		t.Errorf("after Go: in %v", vimage.Current())
	}
	go func() { got <- vimage.Current() }()
	if at := receive(t, got); at != home {
		t.Errorf("go: in %v", at)
	}

	var next func() (*vimage.Image, bool)
	var stop func()
	im.Do(func() {
		next, stop = iter.Pull(func(yield func(*vimage.Image) bool) {
			for yield(vimage.Current()) {
			}
		})
		if at, _ := next(); at != im {
			t.Errorf("iter.Pull: in %v", at)
		}
	})
	if at, _ := next(); at != im {
		t.Errorf("iter.Pull, pulled from image 0: in %v", at)
	}
	stop()
}

func TestBind(t *testing.T) {
	im := newImage(t)
	var at *vimage.Image
	var f func()
	im.Do(func() { f = vimage.Bind(func() { at = vimage.Current() }) })
	f()
	if at != im || vimage.Current() != home {
		t.Errorf("ran in %v, back in %v", at, vimage.Current())
	}
	done := make(chan *vimage.Image)
	im.Do(func() { time.AfterFunc(0, vimage.Bind(func() { done <- vimage.Current() })) })
	if at := receive(t, done); at != im {
		t.Errorf("AfterFunc of Bind: in %v", at)
	}
}

func TestAll(t *testing.T) {
	a, b := newImage(t), newImage(t)
	all := slices.Collect(vimage.All())
	if all[0] != vimage.Zero() {
		t.Errorf("first of all is %v", all[0])
	}
	i, j := slices.Index(all, a), slices.Index(all, b)
	if i < 1 || j != i+1 {
		t.Errorf("%v and %v at %d and %d of %v", a, b, i, j, all)
	}
	for range vimage.All() {
		break
	}
}

func TestParallel(t *testing.T) {
	const images, rounds = 8, 200
	var wg sync.WaitGroup
	for range images {
		wg.Go(func() {
			im, err := vimage.New()
			if err != nil {
				t.Error(err)
				return
			}
			var in sync.WaitGroup
			in.Add(2)
			var mu sync.Mutex
			for range 2 {
				im.Go(func() {
					defer in.Done()
					for range rounds {
						mu.Lock()
						st().x++
						mu.Unlock()
						runtime.Gosched()
					}
				})
			}
			in.Wait()
			im.Do(func() {
				if st().x != 42+2*rounds {
					t.Errorf("%v: x = %d", im, st().x)
				}
			})
			closeImage(t, im)
		})
	}
	wg.Wait()
}
