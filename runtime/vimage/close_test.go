package vimage_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestCloseWaits(t *testing.T) {
	im, err := vimage.New(vimage.WithName("waited"))
	if err != nil {
		t.Fatal(err)
	}
	release, entered := make(chan bool), make(chan bool)
	ended := make(chan bool, 1)
	im.Go(func() {
		entered <- true
		<-release
		st().x++ // still there
		im.Do(func() { st().x++ })
		ended <- true
	})
	<-entered
	go func() {
		for im.State() != vimage.Closing { // Close has begun
			runtime.Gosched()
		}
		release <- true
	}()
	closeImage(t, im)
	select {
	case <-ended:
	default:
		t.Error("Close did not wait")
	}
	mustPanic(t, func() { im.Do(func() {}) }, "waited", "closed")
	mustPanic(t, func() { im.Go(func() {}) }, "waited", "closed")
	if slices.Contains(slices.Collect(vimage.All()), im) {
		t.Error("closed, but among All")
	}
	if vimage.Current() != home {
		t.Errorf("in %v", vimage.Current())
	}
	closeImage(t, im) // once more does nothing
}

func stuckHere(entered chan<- bool, release <-chan bool) {
	entered <- true
	<-release
}

func TestCloseTimesOut(t *testing.T) {
	im, err := vimage.New(vimage.WithName("stuck"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	failed := make(chan any, 1)
	im.Go(func() {
		defer func() { failed <- recover() }()
		stuckHere(entered, release)
		st().x++
	})
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	err = im.Close(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Close: %v", err)
	}
	for _, want := range []string{"image stuck", "1 running", "stuckHere"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "TestCloseTimesOut(") {
		t.Errorf("error tells of a goroutine of image 0: %v", err)
	}
	if !slices.Contains(vimage.NotLive(), im) || im.CloseError() != err {
		t.Errorf("NotLive: %v, error %v", vimage.NotLive(), im.CloseError())
	}
	if s := im.Stacks(); !strings.Contains(s, "stuckHere") {
		t.Errorf("stacks of what is left: %s", s)
	}
	release <- true
	if e, _ := receive(t, failed).(error); e == nil || !strings.Contains(e.Error(), "image stuck is closed") {
		t.Errorf("use after Close: %v", e)
	}
	if !eventually(func() bool { return !slices.Contains(vimage.NotLive(), im) }) {
		t.Error("nothing runs in it, but it is among NotLive")
	}
}

// eventually reports whether a condition holds within some seconds.
func eventually(cond func() bool) bool {
	for range 500 {
		if cond() {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestNotLive(t *testing.T) {
	im, err := vimage.New(vimage.WithName("closing"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	im.Go(func() { stuckHere(entered, release) })
	<-entered
	done := make(chan error)
	go func() { done <- im.Close(context.Background()) }()
	if !eventually(func() bool { return slices.Contains(vimage.NotLive(), im) }) {
		t.Error("closing, but not among NotLive")
	}
	release <- true
	if err := receive(t, done); err != nil {
		t.Error(err)
	}
	if slices.Contains(vimage.NotLive(), im) || im.CloseError() != nil {
		t.Error("closed without an error, but among NotLive")
	}
}

func TestCloseFromInside(t *testing.T) {
	im := newImage(t, vimage.WithName("inside"))
	im.Do(func() {
		if err := im.Close(context.Background()); err == nil || !strings.Contains(err.Error(), "inside") {
			t.Errorf("Close from inside: %v", err)
		}
	})
	im.Do(func() {}) // it is not closed
}

// A goroutine of an image that is in another one for a while belongs to the
// first.
func TestCloseWaitsForThoseAway(t *testing.T) {
	a, err := vimage.New()
	if err != nil {
		t.Fatal(err)
	}
	b := newImage(t)
	entered, release := make(chan bool), make(chan bool)
	a.Go(func() {
		b.Do(func() { stuckHere(entered, release) })
	})
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := a.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close: %v", err)
	}
	release <- true
}

func TestClosedIsCollected(t *testing.T) {
	const images, size = 200, 1 << 20
	m := vimage.VnetModule{
		Path: "example.com/large",
		New:  func() unsafe.Pointer { return unsafe.Pointer(new([size]byte)) },
	}
	vimage.VnetRegister(&m)
	var kept []*vimage.Image // the handle keeps little
	for range images {
		im, err := vimage.New()
		if err != nil {
			t.Fatal(err)
		}
		im.Do(func() { (*[size]byte)(vimage.Vnet(m.Off))[0] = 1 })
		closeImage(t, im)
		kept = append(kept, im)
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	if mem.HeapAlloc > images*size/4 {
		t.Errorf("%d bytes in use after closing %d images of %d", mem.HeapAlloc, images, size)
	}
	runtime.KeepAlive(kept)
}

func TestExit(t *testing.T) {
	status := make(chan int, 2)
	var from *vimage.Image
	im, err := vimage.New(vimage.WithName("gone"), vimage.WithExit(func(code int) {
		from = vimage.Current()
		status <- code
	}))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	ranOn := make(chan string, 4)
	im.Go(func() {
		defer func() { ranOn <- "deferred" }()
		stuckHere(entered, release)
		st().x++
		ranOn <- "on"
	})
	<-entered
	im.Go(func() {
		defer func() { ranOn <- "deferred after Exit" }()
		vimage.Exit(3)
	})
	if code := receive(t, status); code != 3 || from != vimage.Zero() {
		t.Errorf("status %d told in %v", code, from)
	}
	release <- true
	select {
	case what := <-ranOn:
		t.Errorf("after exit, ran %s", what)
	case <-time.After(20 * time.Millisecond):
	}
	mustPanic(t, func() { im.Do(func() {}) }, "gone", "exited")
	if err := im.Close(context.Background()); err != nil {
		t.Errorf("Close after exit: %v", err)
	}
}

// What an image leaves that ended by Exit is listed, with its goroutines.
func TestExitLeaves(t *testing.T) {
	exited := make(chan int)
	im, err := vimage.New(vimage.WithExit(func(code int) { exited <- code }))
	if err != nil {
		t.Fatal(err)
	}
	stuck := make(chan bool)
	defer close(stuck)
	im.Go(func() { <-stuck })
	im.Go(func() { vimage.Exit(3) })
	if code := <-exited; code != 3 {
		t.Errorf("status %d", code)
	}
	if !slices.Contains(vimage.NotLive(), im) || im.Goroutines() < 1 || im.State() != vimage.Exited {
		t.Errorf("%v in %v, with %d goroutines", im, vimage.NotLive(), im.Goroutines())
	}
}
