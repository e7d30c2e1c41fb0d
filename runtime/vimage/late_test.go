package vimage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A traced module enters what it does, with the image, in a log.
type traced struct {
	vimage.Module
	vars vimage.Vars[int]
	mu   sync.Mutex
	log  []string
	init func() error // of one test's making
	fini func() error
}

func newTraced(name string) *traced {
	m := &traced{}
	m.Name, m.Vars = name, &m.vars
	m.Init = func() error {
		*m.vars.Get()++
		m.note("+")
		if m.init != nil {
			return m.init()
		}
		return nil
	}
	m.Fini = func() error {
		*m.vars.Get()--
		m.note("-")
		if m.fini != nil {
			return m.fini()
		}
		return nil
	}
	return m
}

func (m *traced) note(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log = append(m.log, what+vimage.Current().Name())
}

func (m *traced) take() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	log := m.log
	m.log = nil
	return log
}

func (m *traced) want(t *testing.T, log ...string) {
	t.Helper()
	if got := m.take(); !slices.Equal(got, log) {
		t.Errorf("%s: %v, want %v", m.Name, got, log)
	}
}

func register(t *testing.T, m *traced) {
	t.Helper()
	if err := vimage.Register(&m.Module); err != nil {
		t.Fatal(err)
	}
}

func unregister(t *testing.T, m *traced) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := vimage.Unregister(ctx, &m.Module); err != nil {
		t.Error(err)
	}
}

func TestRegister(t *testing.T) {
	var up, down []string // in images that there are before: image 0, and in some builds that of the test
	for im := range vimage.All() {
		up, down = append(up, "+"+im.Name()), append([]string{"-" + im.Name()}, down...)
	}
	a := newImage(t, vimage.WithName("a"))
	m := newTraced("m")
	mustPanic(t, func() { m.vars.Get() }, "not registered")
	register(t, m)
	m.want(t, append(up, "+a")...)
	mustMatch(t, vimage.Register(&m.Module), "vimage: module m is registered")
	b := newImage(t, vimage.WithName("b"))
	m.want(t, "+b")
	for im := range vimage.All() {
		im.Do(func() {
			if *m.vars.Get() != 1 {
				t.Errorf("%v: %d", im, *m.vars.Get())
			}
		})
	}
	closeImage(t, b)
	m.want(t, "-b")
	unregister(t, m)
	m.want(t, append([]string{"-a"}, down...)...)
	mustPanic(t, func() { m.vars.Get() }, "not registered")
	mustMatch(t, vimage.Unregister(context.Background(), &m.Module), "vimage: module m is not registered")
	register(t, m) // again
	a.Do(func() {
		if *m.vars.Get() != 1 {
			t.Error("an old container")
		}
	})
	unregister(t, m)
}

// A slot is used again, and who holds on to an old module does not see the new
// one's.
func TestSlotsAreUsedAgain(t *testing.T) {
	var old vimage.Vars[string]
	stale := &vimage.Module{Name: "stale", Vars: &old}
	var now vimage.Vars[int]
	fresh := &vimage.Module{Name: "fresh", Vars: &now}
	for range 1000 { // a table of a thousand slots more would show in every image
		if err := vimage.Register(stale); err != nil {
			t.Fatal(err)
		}
		*old.Get() = "text"
		if err := vimage.Unregister(context.Background(), stale); err != nil {
			t.Fatal(err)
		}
		if err := vimage.Register(fresh); err != nil {
			t.Fatal(err)
		}
		if *now.Get() != 0 {
			t.Fatal("an old container")
		}
		mustPanic(t, func() { old.Get() }, "not registered")
		if err := vimage.Unregister(context.Background(), fresh); err != nil {
			t.Fatal(err)
		}
	}
}

// What goes wrong with a constructor, tried in each of four images: all are put
// back, and the error names the image.
func TestRegisterFails(t *testing.T) {
	faults := map[string]struct {
		fault   func() error
		pattern string
	}{
		"error":  {func() error { return fs.ErrExist }, `file already exists \(.*late_test.go:\d+\)`},
		"panic":  {func() error { panicking(); return nil }, `panic: invalid argument \(.*new_test.go:\d+\)`},
		"goexit": {func() error { goexiting(); return nil }, `runtime.Goexit called \(.*new_test.go:\d+\)`},
		"exit":   {func() error { vimage.Exit(9); return nil }, `exit with status 9 \(.*late_test.go:\d+\)`},
	}
	var images []*vimage.Image
	for i := range 4 {
		images = append(images, newImage(t, vimage.WithName(fmt.Sprint("i", i)), vimage.WithExit(func(int) { t.Error("exited") })))
	}
	for name, fault := range faults {
		for _, bad := range images {
			m := newTraced(name)
			m.init = func() error {
				if vimage.Current() == bad {
					return fault.fault()
				}
				return nil
			}
			err := vimage.Register(&m.Module)
			mustMatch(t, err, "vimage: image "+bad.Name()+": constructor of module "+name+": "+fault.pattern)
			built := map[string]int{}
			for _, s := range m.take() {
				if s[0] == '+' {
					built[s[1:]]++
				} else {
					built[s[1:]]--
				}
			}
			for image, n := range built {
				if want := map[bool]int{true: 1}[image == bad.Name()]; n != want {
					t.Errorf("%s in %v: %s built %d times more than undone", name, bad, image, n)
				}
			}
			mustPanic(t, func() { m.vars.Get() }, "not registered")
			if bad.State() != vimage.Live {
				t.Errorf("%v is %v", bad, bad.State())
			}
			m.init = nil
			register(t, m)
			for _, im := range images {
				im.Do(func() {
					if *m.vars.Get() != 1 {
						t.Errorf("%v: %d", im, *m.vars.Get())
					}
				})
			}
			unregister(t, m)
		}
	}
}

// What goes wrong with a constructor while an image is being created, at each
// of three positions: the image is undone in reverse, and others are as before.
func TestNewFails(t *testing.T) {
	release := make(chan bool)
	defer close(release)
	faults := map[string]struct {
		fault   func() error
		pattern string
	}{
		"error":  {func() error { return fs.ErrExist }, `file already exists \(.*late_test.go:\d+\)`},
		"panic":  {func() error { panicking(); return nil }, `panic: invalid argument \(.*new_test.go:\d+\)`},
		"goexit": {func() error { runtime.Goexit(); return nil }, `runtime.Goexit called \(.*late_test.go:\d+\)`},
		"exit":   {func() error { vimage.Exit(9); return nil }, `exit with status 9 \(.*late_test.go:\d+\)`},
		"block":  {func() error { blockedHere(release); return nil }, `still running at the deadline \(.*life_test.go:\d+\)`},
	}
	other := newImage(t)
	for name, fault := range faults {
		for bad := range 3 {
			var mu sync.Mutex
			var log []string
			var failing atomic.Bool
			var modules []*vimage.Module
			for i := range 3 {
				note := func(what string) error {
					mu.Lock()
					defer mu.Unlock()
					log = append(log, fmt.Sprint(what, i))
					return nil
				}
				m := &vimage.Module{Name: fmt.Sprint("m", i), Fini: func() error { return note("-") }}
				m.Init = func() error {
					if failing.Load() && i == bad {
						return fault.fault()
					}
					return note("+")
				}
				if err := vimage.Register(m); err != nil {
					t.Fatal(err)
				}
				modules = append(modules, m)
			}
			log = nil
			failing.Store(true)
			opts := []vimage.Option{vimage.WithName(name)}
			if name == "block" {
				opts = append(opts, vimage.WithDeadline(time.Now().Add(300*time.Millisecond)))
			}
			im, err := vimage.New(opts...)
			if im != nil {
				t.Error("an image in spite of an error")
			}
			mustMatch(t, err, fmt.Sprintf("vimage: image %s not created: module m%d: %s", name, bad, fault.pattern))
			want := [][]string{{}, {"+0", "-0"}, {"+0", "+1", "-1", "-0"}}[bad]
			mu.Lock()
			if !slices.Equal(log, want) {
				t.Errorf("%s at %d: %v, want %v", name, bad, log, want)
			}
			failing.Store(false)
			mu.Unlock()
			if name != "block" { // its constructor is still there, and the module waits for it
				newImage(t)
				for _, m := range modules {
					if err := vimage.Unregister(context.Background(), m); err != nil {
						t.Error(err)
					}
				}
			}
			other.Do(func() { st().x++ })
		}
	}
}

// An image whose creation fails lasts until Unregister has destructed in it the
// module that it took off it.
func TestNewFailsWhileUnregistering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leaving, failing := newTraced("leaving"), newTraced("failing")
		register(t, leaving)
		register(t, failing)
		unregistered := make(chan error, 1)
		destructing := make(chan bool)
		leaving.fini = func() error {
			if vimage.Current().Name() != "fails" {
				return nil
			}
			close(destructing)
			time.Sleep(time.Second) // until New waits, or has returned
			if s := vimage.Current().State(); s != vimage.Closing {
				t.Errorf("destructed in an image that is %v", s)
			}
			return nil
		}
		failing.init = func() error {
			go func() { unregistered <- vimage.Unregister(context.Background(), &leaving.Module) }()
			<-destructing
			return fs.ErrExist
		}
		if _, err := vimage.New(vimage.WithName("fails")); !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
		if err := <-unregistered; err != nil {
			t.Error(err)
		}
		failing.init = nil
		unregister(t, failing)
	})
}

// A constructor that is let go after the deadline is destructed after all.
func TestLateConstructor(t *testing.T) {
	m := newTraced("late")
	register(t, m)
	m.take()
	entered, release := make(chan bool, 1), make(chan bool)
	ended := make(chan bool)
	m.init = func() error { entered <- true; <-release; return nil }
	m.fini = func() error { close(ended); return nil }
	_, err := vimage.New(vimage.WithName("slow"), vimage.WithDeadline(time.Now().Add(300*time.Millisecond)))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	mustMatch(t, vimage.Unregister(ctx, &m.Module), "vimage: module late: its constructor or destructor still runs in an image that is being created or closed: context deadline exceeded")
	mustMatch(t, vimage.Register(&m.Module), "vimage: module late is half unregistered")
	close(release)
	receive(t, ended)
	m.fini = nil
	unregister(t, m)
}

func TestUsers(t *testing.T) {
	m := newTraced("used")
	if m.Enter() {
		t.Error("entered before it was registered")
	}
	register(t, m)
	if !m.Enter() || !m.Enter() {
		t.Fatal("not entered")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	mustMatch(t, vimage.Unregister(ctx, &m.Module), "vimage: module used has 2 users: context deadline exceeded")
	if !m.Enter() {
		t.Error("not as before")
	}
	m.Leave()
	m.Leave()
	go func() {
		time.Sleep(10 * time.Millisecond)
		m.Leave()
	}()
	unregister(t, m)
	if m.Enter() {
		t.Error("entered after it was unregistered")
	}
}

func TestRegisterFromConstructor(t *testing.T) {
	inner := newTraced("inner")
	outer := newTraced("outer")
	outer.init = sync.OnceValue(func() error { return vimage.Register(&inner.Module) })
	a := newImage(t)
	register(t, outer)
	b := newImage(t)
	for _, im := range []*vimage.Image{a, b} {
		im.Do(func() {
			if *inner.vars.Get() != 1 || *outer.vars.Get() != 1 {
				t.Errorf("%v: %d, %d", im, *inner.vars.Get(), *outer.vars.Get())
			}
		})
	}
	unregister(t, outer)
	unregister(t, inner)

	// First met while an image is created.
	outer = newTraced("outer")
	inner = newTraced("inner")
	register(t, outer)
	outer.init = sync.OnceValue(func() error { return vimage.Register(&inner.Module) })
	c := newImage(t)
	for _, im := range []*vimage.Image{a, c} {
		im.Do(func() {
			if *inner.vars.Get() != 1 {
				t.Errorf("%v: %d", im, *inner.vars.Get())
			}
		})
	}
	unregister(t, outer)
	unregister(t, inner)
}

func TestNewFromLateConstructor(t *testing.T) {
	m := newTraced("m")
	m.init = func() error { _, err := vimage.New(vimage.WithName("inner")); return err }
	err := vimage.Register(&m.Module)
	mustMatch(t, err, `vimage: image \w+: constructor of module m: vimage: image inner not created: module m: vimage: New called by a package that is being started in image inner .*`)
}
