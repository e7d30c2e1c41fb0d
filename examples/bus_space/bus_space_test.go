package bus_space_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	bus "github.com/go-vimage/vimage/examples/bus_space"
	"github.com/go-vimage/vimage/examples/bus_space/fault"
	_ "github.com/go-vimage/vimage/examples/bus_space/reorder"
	"github.com/go-vimage/vimage/examples/bus_space/ring"
	"github.com/go-vimage/vimage/runtime/alias"
)

// modules returns the three modules.
func modules(t *testing.T) []*alias.Module {
	t.Helper()
	if err := alias.Available(); err != nil {
		t.Skip(err)
	}
	var out []*alias.Module
	for _, name := range []string{"ring", "fault", "reorder"} {
		m := alias.Find("github.com/go-vimage/vimage/examples/bus_space/" + name)
		if m == nil {
			t.Fatalf("no module %s", name)
		}
		out = append(out, m)
	}
	return out
}

// orders returns all orders of some modules.
func orders(list []*alias.Module) (out [][]*alias.Module) {
	if len(list) == 0 {
		return [][]*alias.Module{nil}
	}
	for i, m := range list {
		for _, rest := range orders(slices.Delete(slices.Clone(list), i, i+1)) {
			out = append(out, append([]*alias.Module{m}, rest...))
		}
	}
	return out
}

// access makes accesses, and returns what the device and the modules saw.
func access() (got seen) {
	bus.Write4(0, 1)
	bus.Write4(4, 2)
	got.early = bus.Arrived()
	got.read = bus.Read4(4)
	bus.Barrier()
	got.arrived = bus.Arrived()
	func() {
		defer func() { got.panicked = recover() != nil }()
		got.lost = bus.Read4(bus.Size)
	}()
	got.ring, got.faults = ring.Take(), fault.Take()
	return got
}

type seen struct {
	early, arrived []uint32
	read, lost     uint32
	panicked       bool
	ring           []string
	faults         int
}

// want says what is seen with modules that stand on each other, the lowest
// first.
func want(stack []string) seen {
	at := func(name string) int { return slices.Index(stack, name) }
	w := seen{early: []uint32{0, 4}, read: 2, panicked: at("fault") < 0}
	if at("reorder") >= 0 {
		w.early, w.arrived = nil, []uint32{4, 0} // the read has the second write made
	}
	if at("fault") >= 0 {
		w.lost, w.faults = ^uint32(0), 1
	}
	switch r := at("ring"); {
	case r < 0:
		return w
	case at("reorder") > r: // it sees what comes out of the other
		w.ring = []string{"write 0x4: 2", "read 0x4: 2", "write 0x0: 1", "barrier"}
	default:
		w.ring = []string{"write 0x0: 1", "write 0x4: 2", "read 0x4: 2", "barrier"}
	}
	if f := at("fault"); f >= 0 && f < at("ring") { // else the panic passes it
		w.ring = append(w.ring, "read 0x40: 4294967295")
	}
	return w
}

func TestOrders(t *testing.T) {
	ctx := t.Context()
	for _, in := range orders(modules(t)) {
		for _, out := range orders(in) {
			var stack []string
			check := func() {
				t.Helper()
				if got, want := access(), want(stack); !reflect.DeepEqual(got, want) {
					t.Errorf("%v:\n%+v\nwant\n%+v", stack, got, want)
				}
				var names []string
				for _, m := range alias.Stack(bus.Read4) {
					names = slices.Insert(names, 0, short(m))
				}
				if !slices.Equal(names, stack) {
					t.Errorf("the stack is %v, want %v", names, stack)
				}
			}
			check()
			for _, m := range in {
				if err := alias.Load(ctx, m); err != nil {
					t.Fatal(err)
				}
				stack = append(stack, short(m))
				check()
			}
			for _, m := range out {
				if err := alias.Unload(ctx, m); err != nil {
					t.Fatal(err)
				}
				stack = slices.DeleteFunc(stack, func(s string) bool { return s == short(m) })
				check()
			}
		}
	}
}

func short(m *alias.Module) string {
	return m.Name[len("github.com/go-vimage/vimage/examples/bus_space/"):]
}

// TestUnloadFlushes unloads the module that holds a write back.
func TestUnloadFlushes(t *testing.T) {
	reorder := modules(t)[2]
	ctx := t.Context()
	if err := alias.Load(ctx, reorder); err != nil {
		t.Fatal(err)
	}
	bus.Write4(8, 5)
	if got := bus.Arrived(); got != nil {
		t.Errorf("arrived before a barrier: %v", got)
	}
	if err := alias.Unload(ctx, reorder); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(bus.Arrived(), bus.Read4(8)); got != "[8] 5" {
		t.Errorf("after the module went: %s", got)
	}
}

// TestBusy loads and unloads while others access the device: no write is lost.
func TestBusy(t *testing.T) {
	list := modules(t)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for g := range uint32(4) {
		wg.Go(func() {
			off := 4 * g
			for n := uint32(1); ctx.Err() == nil; n++ {
				bus.Write4(off, n)
				if got := bus.Read4(off); got != n {
					t.Errorf("register %d is %d, want %d", off, got, n)
					return
				}
				bus.Arrived()
			}
		})
	}
	for range 20 {
		for _, m := range list {
			if err := alias.Load(t.Context(), m); err != nil {
				t.Error(err)
			}
		}
		for _, m := range list {
			if err := alias.Unload(t.Context(), m); err != nil {
				t.Error(err)
			}
		}
	}
	cancel()
	wg.Wait()
	ring.Take()
}
