package vimage_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"
	"weak"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestRegistered(t *testing.T) {
	im, err := vimage.New(vimage.WithName("im"))
	if err != nil {
		t.Fatal(err)
	}
	var undone []string
	im.Do(func() {
		for _, name := range []string{"a", "b", "c"} {
			forget := vimage.Registered(name, func() { undone = append(undone, name+" in "+vimage.Current().Name()) })
			if name == "b" {
				forget()
				forget()
			}
		}
	})
	if l := im.Ledger(); len(l.Registrations) != 2 || l.Goroutines != 0 {
		t.Errorf("ledger %+v", l)
	}
	closeImage(t, im)
	if want := []string{"c in im", "a in im"}; !slices.Equal(undone, want) {
		t.Errorf("undone %v, want %v", undone, want)
	}
	im, err = vimage.New(vimage.WithName("im"))
	if err != nil {
		t.Fatal(err)
	}
	im.Do(func() { vimage.Registered("a hook for ever", nil) })
	mustMatch(t, im.Close(context.Background()), `vimage: image im: a hook for ever cannot be undone \(.*ledger_test.go:\d+\)`)
	vimage.Registered("of image 0", nil)()
}

// All that belonged to a closed image goes, though timers, contexts and tickers
// were never stopped: its containers, and the handle itself when nobody has it.
func TestNothingIsKept(t *testing.T) {
	type block struct {
		p *[1000]int
	}
	var mu sync.Mutex
	var made []weak.Pointer[block]
	m := vimage.VnetModule{Path: "example.com/weak", New: func() unsafe.Pointer {
		b := &block{new([1000]int)}
		mu.Lock()
		made = append(made, weak.Make(b))
		mu.Unlock()
		return unsafe.Pointer(b)
	}}
	vimage.VnetRegister(&m)
	late := newTraced("late")
	register(t, late)
	made = nil
	var images []weak.Pointer[vimage.Image]
	for i := range 20 {
		parent, err := vimage.New(vimage.WithEnv("A=B"))
		if err != nil {
			t.Fatal(err)
		}
		im, err := vimage.New(vimage.WithParent(parent))
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, weak.Make(im), weak.Make(parent))
		im.Do(func() {
			b := (*block)(vimage.Vnet(m.Off))
			im.Context()
			timer := time.AfterFunc(time.Hour, func() { b.p[100]++ })
			if im.Ledger().Timers == 0 { // not known here: see package documentation
				timer.Stop()
			}
			time.NewTicker(time.Hour)
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			defer cancel()
			context.AfterFunc(ctx, func() { b.p[101]++ })
			vimage.Registered("r", func() {})
			go func() { b.p[i]++ }()
			runtime.SetFinalizer(&finalized{new(int)}, func(*finalized) {})
		})
		im.Go(func() { time.Sleep(time.Millisecond) })
		closeImage(t, parent)
	}
	late.take()
	kept := func() (n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, w := range made {
			if w.Value() != nil {
				n++
			}
		}
		for _, w := range images {
			if w.Value() != nil {
				n++
			}
		}
		return n
	}
	for range 100 {
		runtime.GC()
		if kept() == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if n := kept(); n > 0 || len(made) != 40 {
		t.Errorf("%d of %d objects are kept", n, len(made)+len(images))
	}
	unregister(t, late)
}

type finalized struct{ p *int }

// What is left at the deadline is listed.
func TestWhatIsLeft(t *testing.T) {
	im, err := vimage.New(vimage.WithName("im"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan bool), make(chan bool)
	im.Go(func() { stuckHere(entered, release) })
	<-entered
	defer close(release)
	im.Do(func() { vimage.Registered("a hook", nil) })
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	err = im.Close(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	mustMatch(t, err, `(?s)vimage: image im closed with 1 running: context deadline exceeded
vimage: image im: a hook cannot be undone \(.*ledger_test.go:\d+\)
.*stuckHere.*`)
}
