package vimage_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// These tests use nothing but the exported API, so that they run over every
// slot: on a stock toolchain as they are, over the others by a test of
// gen/goroot.

// state is a package's container, and what follows is what would be generated
// for it.
type state struct {
	x       int
	started uint64 // the image that init ran in
	trace   []string
}

func st() *state { return (*state)(vimage.Vnet(stateModule.Off)) }

var stateModule = vimage.VnetModule{
	Path: "example.com/state",
	New:  func() unsafe.Pointer { return unsafe.Pointer(new(state)) },
}

func startState() {
	st().x = 42
	st().started = vimage.Current().ID()
	st().trace = append(st().trace, "state")
}

// A second one, without a container, whose init writes into the first.
var otherModule = vimage.VnetModule{
	Path: "example.com/other",
	Init: func() { st().trace = append(st().trace, "other") },
}

func init() {
	stateModule.Init = startState
	vimage.VnetRegister(&stateModule)
	vimage.VnetRegister(&otherModule)
}

// home is the image that tests run in: image 0, or the one of EnterTest.
var home *vimage.Image

// newImage returns an image that is closed at the test's end.
func newImage(t testing.TB, opts ...vimage.Option) *vimage.Image {
	t.Helper()
	im, err := vimage.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeImage(t, im) })
	return im
}

func closeImage(t testing.TB, im *vimage.Image) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := im.Close(ctx); err != nil {
		t.Error(err)
	}
}

// mustPanic wants f to panic with an error that holds all of the texts.
func mustPanic(t testing.TB, f func(), texts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		if err == nil {
			t.Error("no panic with an error")
			return
		}
		for _, text := range texts {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("panic %q does not mention %q", err, text)
			}
		}
	}()
	f()
}

// receive waits for a value, but not for ever.
func receive[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
		panic("not reached")
	}
}
