package alias_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/go-vimage/vimage/runtime/alias"
)

const here = "github.com/go-vimage/vimage/runtime/alias_test."

// A bus is a group of two slots with dispatch functions as they are generated.
type bus struct {
	alias.Group
	linker alias.Linker
}

func newBus() *bus {
	return &bus{Group: alias.Group{Name: "bus", Slots: []alias.Slot{
		{Name: "bus.Read", ABI: "func(int) string", Dispatch: here + "(*bus).read"},
		{Name: "bus.Write", ABI: "func(int)", Dispatch: here + "(*bus).write"},
	}}}
}

func (b *bus) Read(at int) string { return b.read(&b.Top, at) }

func (b *bus) read(k *alias.Link, at int) string {
	in := k.Enter()
	if in.Layer == nil {
		return "stub"
	}
	defer in.Leave()
	return in.Funcs[0].(func(int) string)(at)
}

// module returns one that stands on the bus and calls super.
func (b *bus) module(name string) *alias.Module {
	l := &alias.Layer{Group: &b.Group, ABI: []string{"func(int) string", "func(int)"}}
	l.Funcs = []any{func(at int) string { return name + " " + b.read(&l.Super, at) }, func(int) {}}
	return &alias.Module{Name: name, Layers: []*alias.Layer{l}}
}

// chain is what a call of the bus runs.
func (b *bus) chain() string { return b.Read(0) }

func TestStack(t *testing.T) {
	ctx := t.Context()
	b := newBus()
	debug, fault, order := b.module("debug"), b.module("fault"), b.module("order")
	do := func(want string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if got := b.chain(); got != want {
			t.Errorf("a call runs %q, want %q", got, want)
		}
	}
	do("stub", nil)
	do("debug stub", b.linker.Load(ctx, debug))
	do("fault debug stub", b.linker.Load(ctx, fault))
	do("order fault debug stub", b.linker.Load(ctx, order))
	do("order debug stub", b.linker.Unload(ctx, fault))
	do("order debug stub", nil)
	other := b.module("other")
	do("order other stub", b.linker.Replace(ctx, debug, other))
	do("fault order other stub", b.linker.Load(ctx, fault))
	do("fault order stub", b.linker.Unload(ctx, other))
	do("order stub", b.linker.Unload(ctx, fault))
	do("stub", b.linker.Unload(ctx, order))
	want := `debug: check
debug: init
debug: link bus: debug stub
debug: done
fault: check
fault: init
fault: link bus: fault debug stub
fault: done
order: check
order: init
order: link bus: order fault debug stub
order: done
fault: check
fault: catch
fault: relink bus: order debug stub
fault: fini
fault: done
debug: check
other: check
other: init
debug: catch
other: link bus: order other stub
debug: fini
debug: done
fault: check
fault: init
fault: link bus: fault order other stub
fault: done
other: check
other: catch
other: relink bus: fault order stub
other: fini
other: done
fault: check
fault: catch
fault: relink bus: order stub
fault: fini
fault: done
order: check
order: catch
order: relink bus: stub
order: fini
order: done`
	if got := strings.Join(b.linker.Trace(), "\n"); got != want {
		t.Errorf("trace:\n%s", got)
	}
}

// snapshot spells everything about a linker that a failure must leave as it
// was.
func snapshot(b *bus, modules ...*alias.Module) string {
	text := b.chain()
	for _, m := range modules {
		text += fmt.Sprint(" ", m.Name, slices.Contains(b.linker.Modules(), m), slices.Contains(b.linker.Stack(&b.Group), m))
	}
	return text
}

func TestRefused(t *testing.T) {
	errVeto := errors.New("veto")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		do   func(ctx context.Context, b *bus, a, m *alias.Module) error
		want string
	}{
		"loaded twice": {func(ctx context.Context, b *bus, a, _ *alias.Module) error {
			return b.linker.Load(ctx, a)
		}, "alias: module a: check: it is loaded"},
		"not loaded": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			return b.linker.Unload(ctx, m)
		}, "alias: module m: check: it is not loaded"},
		"context over": {func(_ context.Context, b *bus, a, m *alias.Module) error {
			return errors.Join(b.linker.Load(over, m), b.linker.Unload(over, a), b.linker.Replace(over, a, m))
		}, "alias: module m: check: context canceled\nalias: module a: check: context canceled\n" +
			"alias: module a: check: context canceled"},
		"while it loads": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			var inner error
			m.Init = func(ctx context.Context) error { inner = b.linker.Unload(ctx, m); return errVeto }
			_ = b.linker.Load(ctx, m)
			return inner
		}, "alias: module m: check: it is being loaded"},
		"while it unloads": {func(ctx context.Context, b *bus, a, _ *alias.Module) error {
			var inner error
			a.Catch = func(ctx context.Context) error { inner = b.linker.Load(ctx, a); return errVeto }
			_ = b.linker.Unload(ctx, a)
			return inner
		}, "alias: module a: check: it is being unloaded"},
		"signature": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Layers[0].ABI[0] = "func(int32) string"
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: bus.Read is func(int) string, but the module was generated against func(int32) string"},
		"kernel's symbol": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			b.linker.Export(alias.Symbol{Name: "bus.Space", ABI: "struct{ base int }"})
			m.Symbols = []alias.Symbol{{Name: "bus.Space", ABI: "struct{}"}}
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: bus.Space is struct{ base int }, but the module was generated against struct{}"},
		"kernel without it": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Symbols = []alias.Symbol{{Name: "bus.Gone", ABI: "func()"}}
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: was generated against bus.Gone, which is not there"},
		"part of a group": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Layers[0].ABI, m.Layers[0].Funcs = m.Layers[0].ABI[:1], m.Layers[0].Funcs[:1]
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: overrides 1 of the 2 slots of bus"},
		"two layers": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Layers = append(m.Layers, b.module("m").Layers...)
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: has two layers for bus"},
		"another's layer": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			m.Layers = a.Layers
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: its layer for bus belongs to a"},
		"dependency": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Needs = []*alias.Module{b.module("x")}
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: it needs x, which is not loaded"},
		"dependency per image": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			x := b.module("x")
			x.PerImage, m.Needs = true, []*alias.Module{x}
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: it needs x, and one of the two is per image, and the other is not"},
		"group per image": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.PerImage = true
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: bus is per image, and the module is not, or the other way round"},
		"no module": {func(ctx context.Context, b *bus, a, _ *alias.Module) error {
			return errors.Join(b.linker.Load(ctx, nil), b.linker.Unload(ctx, nil), b.linker.Replace(ctx, a, nil))
		}, strings.TrimSpace(strings.Repeat("alias: module <nil>: check: there is no module: "+
			"Find returns nil for a name that is not linked in\n", 3))},
		"dependency cycle": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			x, y := b.module("x"), b.module("y")
			m.Needs, x.Needs, y.Needs = []*alias.Module{x}, []*alias.Module{y}, []*alias.Module{m}
			return b.linker.Load(ctx, m)
		}, "alias: module m: check: it needs x, which needs it"},
		"needed": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			m.Needs = []*alias.Module{a}
			_ = b.linker.Load(ctx, m)
			err := b.linker.Unload(ctx, a)
			return errors.Join(err, b.linker.Unload(ctx, m))
		}, "alias: module a: check: m needs it"},
		"replaces what it needs": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			m.Needs = []*alias.Module{a}
			return b.linker.Replace(ctx, a, m)
		}, "alias: module m: check: it needs a, which it would replace"},
		"replaces itself": {func(ctx context.Context, b *bus, a, _ *alias.Module) error {
			return b.linker.Replace(ctx, a, a)
		}, "alias: module a: check: it would replace itself"},
		"init": {func(ctx context.Context, b *bus, _, m *alias.Module) error {
			m.Init = func(context.Context) error { return errVeto }
			return errors.Join(b.linker.Load(ctx, m), b.linker.Load(ctx, m))
		}, "alias: module m: init: veto\nalias: module m: init: veto"},
		"catch": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			a.Catch = func(context.Context) error { return errVeto }
			return errors.Join(b.linker.Unload(ctx, a), b.linker.Replace(ctx, a, m))
		}, "alias: module a: catch: veto\nalias: module a: catch: veto"},
		"fini": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			a.Fini = func(context.Context) error { return errVeto }
			return errors.Join(b.linker.Unload(ctx, a), b.linker.Replace(ctx, a, m))
		}, "alias: module a: fini: veto\nalias: module a: fini: veto"},
		"panics": {func(ctx context.Context, b *bus, a, m *alias.Module) error {
			m.Init = func(context.Context) error { panic("one") }
			err := b.linker.Load(ctx, m)
			a.Catch = func(context.Context) error { panic("two") }
			err = errors.Join(err, b.linker.Unload(ctx, a))
			a.Catch = nil
			a.Fini = func(context.Context) error { panic("three") }
			a.Uncatch = func(context.Context) error { panic("four") }
			return errors.Join(err, b.linker.Unload(ctx, a))
		}, "alias: module m: init: panic: one\nalias: module a: catch: panic: two\n" +
			"alias: module a: fini: panic: three\nuncatch: panic: four"},
		"goexit": {func(ctx context.Context, b *bus, a, _ *alias.Module) error {
			a.Fini = func(context.Context) error { runtime.Goexit(); return nil }
			return b.linker.Unload(ctx, a)
		}, "alias: module a: fini: it called runtime.Goexit"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBus()
			a, top, m := b.module("a"), b.module("top"), b.module("m")
			for _, x := range []*alias.Module{a, top} {
				if err := b.linker.Load(t.Context(), x); err != nil {
					t.Fatal(err)
				}
			}
			before := snapshot(b, a, top, m)
			err := c.do(t.Context(), b, a, m)
			if err == nil || err.Error() != c.want {
				t.Errorf("error:\n%v\nwant:\n%s", err, c.want)
			}
			if after := snapshot(b, a, top, m); after != before {
				t.Errorf("it is %q, was %q", after, before)
			}
		})
	}
}

// sleeper returns a module whose function sleeps until it is woken.
func (b *bus) sleeper(name string) (m *alias.Module, wake chan struct{}, slept chan struct{}) {
	m = b.module(name)
	wake, slept = make(chan struct{}), make(chan struct{})
	l := m.Layers[0]
	l.Funcs[0] = func(at int) string {
		slept <- struct{}{}
		<-wake
		return name + " " + b.read(&l.Super, at)
	}
	pc := reflect.ValueOf(l.Funcs[0]).Pointer()
	l.Symbol = []string{runtime.FuncForPC(pc).Name(), "x"}
	return m, wake, slept
}

func TestInside(t *testing.T) {
	b := newBus()
	low := b.module("low")
	m, wake, slept := b.sleeper("m")
	for _, x := range []*alias.Module{low, m} {
		if err := b.linker.Load(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.Inside(); got != nil {
		t.Errorf("inside at first: %v", got)
	}
	var wg sync.WaitGroup
	var result string
	wg.Go(func() { result = b.Read(0) })
	<-slept
	if got := m.Inside(); len(got) != 1 || !strings.Contains(got[0].Stack, "(*bus).Read(") ||
		!strings.HasPrefix(got[0].Goroutine, "goroutine ") {
		t.Errorf("inside: %+v", got)
	}
	// The context ends while it sleeps: all is as before, the sleeper's super
	// link included.
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errors.New("too long"))
	defer cancel()
	err := b.linker.Unload(ctx, m)
	var e *alias.Error
	if !errors.As(err, &e) || e.Step != alias.StepWait || len(e.Inside) != 1 {
		t.Fatalf("unload: %v", err)
	}
	want := "alias: module m: wait: too long while 1 calls were inside; 1 inside\n\ngoroutine "
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("unload: %v", err)
	}
	if got := b.linker.Stack(&b.Group); !slices.Equal(got, []*alias.Module{m, low}) {
		t.Errorf("stack: %v", got)
	}
	// What it covers goes while it sleeps; then it goes itself, and waits for
	// the sleeper.
	if err := b.linker.Unload(t.Context(), low); err != nil {
		t.Fatal(err)
	}
	unloaded := make(chan error)
	go func() { unloaded <- b.linker.Unload(t.Context(), m) }()
	for b.Top.Stub() == false {
		runtime.Gosched()
	}
	if got := b.Read(0); got != "stub" {
		t.Errorf("a call while the module drains runs %q", got)
	}
	close(wake)
	if err := <-unloaded; err != nil {
		t.Error(err)
	}
	wg.Wait()
	if result != "m stub" {
		t.Errorf("the sleeper ran %q", result)
	}
}

// TestFromInside unloads a module in a call of its own.
func TestFromInside(t *testing.T) {
	b := newBus()
	m := b.module("m")
	var err error
	l := m.Layers[0]
	l.Funcs[0] = func(int) string { err = b.linker.Unload(t.Context(), m); return "" }
	l.Symbol = []string{runtime.FuncForPC(reflect.ValueOf(l.Funcs[0]).Pointer()).Name(), "x"}
	if err := b.linker.Load(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	b.Read(0)
	if err == nil || err.Error() != "alias: module m: check: the call comes from inside of it" {
		t.Errorf("error: %v", err)
	}
}

// TestAbrupt leaves a layer by panic and by Goexit.
func TestAbrupt(t *testing.T) {
	b := newBus()
	m := b.module("m")
	m.Layers[0].Funcs[0] = func(at int) string {
		if at == 1 {
			panic("inside")
		}
		runtime.Goexit()
		return ""
	}
	if err := b.linker.Load(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for at := range 2 {
		wg.Go(func() {
			defer func() { _ = recover() }()
			b.Read(at)
		})
	}
	wg.Wait()
	if err := b.linker.Unload(t.Context(), m); err != nil {
		t.Error(err)
	}
}

// TestReplaceUndone replaces a module that refuses, while a caller sleeps in
// the new one.
func TestReplaceUndone(t *testing.T) {
	b := newBus()
	old := b.module("old")
	new, wake, slept := b.sleeper("new")
	done := make(chan string)
	old.Fini = func(context.Context) error {
		go func() { done <- b.Read(0) }()
		<-slept
		return errors.New("not now")
	}
	if err := b.linker.Load(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := b.linker.Replace(ctx, old, new); err == nil || err.Error() != "alias: module old: fini: not now" {
		t.Errorf("replace: %v", err)
	}
	if got := b.linker.Modules(); !slices.Equal(got, []*alias.Module{old}) {
		t.Errorf("loaded: %v", got)
	}
	err := b.linker.Load(t.Context(), new)
	if err == nil || err.Error() != "alias: module new: check: it is unlinked, but not finished" {
		t.Errorf("load: %v", err)
	}
	close(wake)
	if got := <-done; got != "new stub" {
		t.Errorf("the sleeper ran %q", got)
	}
	if err := b.linker.Unload(t.Context(), new); err != nil {
		t.Error(err)
	}
	if got := b.chain(); got != "old stub" {
		t.Errorf("a call runs %q", got)
	}
}

// TestReclaimed shows that nothing refers to a module after its unloading.
func TestReclaimed(t *testing.T) {
	b := newBus()
	m := b.module("m")
	w := weak.Make(m)
	if err := b.linker.Load(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	b.Read(0)
	if err := b.linker.Unload(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	m = nil
	for range 10 {
		runtime.GC()
	}
	if w.Value() != nil {
		t.Error("the module is still referred to")
	}
	b.Read(0)
}
