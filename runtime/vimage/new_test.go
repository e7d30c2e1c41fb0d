package vimage_test

import (
	"errors"
	"io/fs"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// failing is what a module registered by TestNewUndone does in an image.
var failing struct {
	sync.Mutex
	init func()
}

var registerFailing = sync.OnceFunc(func() {
	vimage.VnetRegister(&vimage.VnetModule{Path: "example.com/failing", Init: func() {
		failing.Lock()
		init := failing.init
		failing.Unlock()
		if init != nil {
			init()
		}
	}})
})

func setFailing(t *testing.T, init func()) {
	registerFailing()
	failing.Lock()
	failing.init = init
	failing.Unlock()
	t.Cleanup(func() {
		failing.Lock()
		failing.init = nil
		failing.Unlock()
	})
}

func panicking() { panic(fs.ErrInvalid) }

func TestNewUndone(t *testing.T) {
	before := slices.Collect(vimage.All())
	left := make(chan bool, 1)
	release := make(chan bool)
	setFailing(t, func() {
		go func() { // belongs to an image that never comes to be
			<-release
			st().x++
			left <- true
		}()
		panicking()
	})
	im, err := vimage.New(vimage.WithName("undone"))
	if im != nil || !errors.Is(err, fs.ErrInvalid) {
		t.Fatalf("New: %v, %v", im, err)
	}
	for _, want := range []string{"undone", "example.com/failing", fs.ErrInvalid.Error(), "new_test.go:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error of several lines: %q", err)
	}
	if after := slices.Collect(vimage.All()); !slices.Equal(before, after) {
		t.Errorf("images %v, then %v", before, after)
	}
	if vimage.Current() != home {
		t.Errorf("in %v", vimage.Current())
	}
	release <- true
	select {
	case <-left:
		t.Error("a goroutine of the image ran on")
	case <-time.After(20 * time.Millisecond):
	}
}

func TestNewGoexit(t *testing.T) {
	setFailing(t, goexiting)
	before := len(slices.Collect(vimage.All()))
	im, err := vimage.New(vimage.WithName("left"))
	if im != nil || err == nil || !regexp.MustCompile(`^vimage: image left not created: package example.com/failing: runtime.Goexit called \(.*new_test.go:\d+\)$`).MatchString(err.Error()) {
		t.Errorf("New: %v, %v", im, err)
	}
	if after := len(slices.Collect(vimage.All())); after != before {
		t.Errorf("%d images, then %d", before, after)
	}
}

func goexiting() { runtime.Goexit() }

func TestNewInsideStart(t *testing.T) {
	var inner error
	setFailing(t, func() { _, inner = vimage.New() })
	newImage(t)
	if inner == nil || !strings.Contains(inner.Error(), "being started") {
		t.Errorf("New inside New: %v", inner)
	}
}

// module returns one whose container holds how often it was started.
func module(path string) *vimage.VnetModule {
	m := &vimage.VnetModule{Path: path, New: func() unsafe.Pointer { return unsafe.Pointer(new(int)) }}
	m.Init = func() { *(*int)(vimage.Vnet(m.Off))++ }
	return m
}

func TestRegisterLate(t *testing.T) {
	im := newImage(t)
	m := module("example.com/late")
	vimage.VnetRegister(m)
	check := func() {
		t.Helper()
		if n := *(*int)(vimage.Vnet(m.Off)); n != 1 {
			t.Errorf("%v: started %d times", vimage.Current(), n)
		}
	}
	check()
	im.Do(check)
	newImage(t).Do(check)
	off := m.Off
	vimage.VnetReserve(m)
	if m.Off != off {
		t.Error("reserved twice")
	}
}

// Modules are registered while images are created and closed, more than fit in
// the first tables. Each must have been started once in each image.
func TestRegisterMeetsNew(t *testing.T) {
	const makers, images, modules = 2, 60, 150
	var mu sync.Mutex
	var registered []*vimage.VnetModule
	check := func() {
		mu.Lock()
		ms := slices.Clone(registered)
		mu.Unlock()
		for _, m := range ms {
			if n := *(*int)(vimage.Vnet(m.Off)); n != 1 {
				t.Errorf("%v: %s started %d times", vimage.Current(), m.Path, n)
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for range modules {
			m := module("example.com/met")
			vimage.VnetRegister(m)
			mu.Lock()
			registered = append(registered, m)
			mu.Unlock()
		}
	})
	for range makers {
		wg.Go(func() {
			for range images {
				im, err := vimage.New()
				if err != nil {
					t.Error(err)
					return
				}
				im.Do(check)
				closeImage(t, im)
			}
		})
	}
	last := newImage(t)
	wg.Wait()
	last.Do(check)
	check()
}

func TestRegisterUndone(t *testing.T) {
	im := newImage(t)
	starts := 0
	m := module("example.com/half")
	m.Init = func() {
		if starts++; vimage.Current() == im {
			panicking()
		}
	}
	mustPanic(t, func() { vimage.VnetRegister(m) }, fs.ErrInvalid.Error())
	if starts < 2 || m.Off != 0 || vimage.Current() != home {
		t.Errorf("after %d starts: at %d, in %v", starts, m.Off, vimage.Current())
	}
	n := starts
	newImage(t)
	if starts != n {
		t.Error("started in a new image")
	}
}
