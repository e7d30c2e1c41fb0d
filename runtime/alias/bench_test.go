package alias_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-vimage/vimage/runtime/alias"
)

// The kinds of calls side by side, each of a function that adds and is not
// inlined. Counted is a call that enters a layer and leaves it.

var (
	benchGroup = &alias.Group{Name: "add", Slots: []alias.Slot{{Name: "add", ABI: "func(int) int"}}}
	benchLayer = &alias.Layer{Group: benchGroup, Number: 1, ABI: []string{"func(int) int"}}
)

//go:noinline
func add(n int) int { return n + 1 }

// addSlot is a slot as it is generated: its body is the stub.
//
//go:noinline
func addSlot(n int) int {
	if !benchGroup.Top.Stub() {
		return addDispatch(&benchGroup.Top, n)
	}
	return n + 1
}

func addDispatch(k *alias.Link, n int) int {
	l := k.Read()
	if l == nil {
		return add(n)
	}
	in, ok := k.Try(l)
	if !ok {
		if in = k.Enter(); in.Layer == nil {
			return add(n)
		}
	}
	defer in.Leave()
	switch in.Number {
	case 1:
		return add(n)
	default:
		return in.Funcs[0].(func(int) int)(n)
	}
}

type adder struct{}

func (adder) Add(n int) int { return add(n) }

type ops struct {
	sync.RWMutex
	add func(int) int
}

func BenchmarkCalls(b *testing.B) {
	sum := 0
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			sum = add(sum)
		}
	})
	b.Run("stub", func(b *testing.B) {
		for b.Loop() {
			sum = addSlot(sum)
		}
	})
	var linker alias.Linker
	m := &alias.Module{Name: "m", Layers: []*alias.Layer{benchLayer}}
	b.Run("counted", func(b *testing.B) {
		if err := linker.Load(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			sum = addSlot(sum)
		}
		if err := linker.Unload(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("counted-parallel", func(b *testing.B) {
		if err := linker.Load(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		b.RunParallel(func(pb *testing.PB) {
			sum := 0
			for pb.Next() {
				sum = addSlot(sum)
			}
		})
		if err := linker.Unload(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("interface", func(b *testing.B) {
		var i interface{ Add(int) int } = adder{}
		for b.Loop() {
			sum = i.Add(sum)
		}
	})
	b.Run("variable", func(b *testing.B) {
		f := add
		for b.Loop() {
			sum = f(sum)
		}
	})
	b.Run("atomic-pointer", func(b *testing.B) {
		var p atomic.Pointer[func(int) int]
		f := add
		p.Store(&f)
		for b.Loop() {
			sum = (*p.Load())(sum)
		}
	})
	b.Run("rwmutex-ops", func(b *testing.B) {
		o := &ops{add: add}
		for b.Loop() {
			o.RLock()
			sum = o.add(sum)
			o.RUnlock()
		}
	})
}
