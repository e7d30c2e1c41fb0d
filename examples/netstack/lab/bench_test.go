package lab_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/runtime/vimage"
	// The whole stack:
	_ "github.com/go-vimage/vimage/examples/netstack/lab"
	_ "github.com/go-vimage/vimage/examples/netstack/net/bpf"
	_ "github.com/go-vimage/vimage/examples/netstack/net/tap"
)

// BenchmarkImage creates and closes a stack.
func BenchmarkImage(b *testing.B) {
	if err := vimage.Available(); err != nil {
		b.Skip(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		im, err := vimage.New()
		if err != nil {
			b.Fatal(err)
		}
		if err := im.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// Ten thousand stacks live at a time, have no goroutine, and leave nothing.
func TestMany(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	n := 10000
	if testing.Short() {
		n = 2000 // a few images' memory is found later, or is kept for the next
	}
	live := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	for range 100 { // what the process keeps for the next image is not a leak
		im, err := vimage.New()
		if err != nil {
			t.Fatal(err)
		}
		stacktest.Close(t, im)
	}
	before, goroutines := live(), runtime.NumGoroutine()
	begin := time.Now()
	images := make([]*vimage.Image, n)
	for i := range images {
		im, err := vimage.New(vimage.WithName(fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		images[i] = im
	}
	created := time.Since(begin)
	size := int(live()-before) / n
	if g := runtime.NumGoroutine(); g > goroutines {
		t.Errorf("%d goroutines for stacks at rest", g-goroutines)
	}
	begin = time.Now()
	for _, im := range images {
		stacktest.Close(t, im)
	}
	closed := time.Since(begin)
	clear(images)
	t.Logf("%d stacks: %v to create and %v to close, each; %d bytes at rest", n, created/time.Duration(n), closed/time.Duration(n), size)
	if size > 32<<10 {
		t.Errorf("a stack takes %d bytes at rest, want 32 KB at most", size)
	}
	left := 0
	for range 20 { // cleanups run after the collection that found their objects
		if left = int(live()) - int(before); left <= n*100 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d bytes are left of %d stacks", left, n)
}
