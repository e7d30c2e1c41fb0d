package alias

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"time"
)

// A TB is a test, as package testing has it.
type TB interface {
	Helper()
	Name() string
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Cleanup(func())
}

// overrideWait is how long the end of a test waits for calls that are inside of
// its override.
const overrideWait = 10 * time.Second

// Override puts a function on top of a slot for the time of a test:
//
//	alias.Override(t, clock.Now, func() time.Time { return noon })
//
// The slot is one that is declared per=image, and the function is put on top of
// it in the current image, so that tests in images of their own (vimage.New and
// Image.Do, in a build with -loadable) do not see each other's, in parallel
// too. In one image a slot can be overridden by one test at a time, and by its
// subtests; anything else ends the test with a message. When the test ends, the
// function is taken away after the calls that are inside of it have returned.
func Override[F any](t TB, slot, impl F) {
	t.Helper()
	g, at := find(slot)
	name := runtime.FuncForPC(reflect.ValueOf(slot).Pointer()).Name()
	switch {
	case g == nil:
		t.Fatalf("alias: %s is no slot that can be overridden in this build: want vimagegen test -loadable", name)
		return
	case !g.PerImage:
		t.Fatalf("alias: %s is the same in all images, so other tests would see the override: want //vimage:weak per=image",
			g.Slots[at].Name)
		return
	case len(g.Slots) > 1:
		t.Fatalf("alias: %s is in the group %s, whose slots change at once: load a module instead", g.Slots[at].Name,
			g.Name)
		return
	case reflect.ValueOf(impl).IsNil():
		t.Fatalf("alias: the function for %s is nil", g.Slots[at].Name)
		return
	}
	if fight(t, g) {
		return
	}
	m := &Module{Name: overrideBy + t.Name(), PerImage: true, Layers: []*Layer{{
		Group: g, Funcs: []any{impl}, ABI: []string{g.Slots[at].ABI},
		Symbol: []string{runtime.FuncForPC(reflect.ValueOf(impl).Pointer()).Name()},
	}}}
	k := image() // at the end of the test another image may be current
	if err := k.Load(context.Background(), m); err != nil {
		t.Fatalf("%v", err)
		return
	}
	defer fight(t, g) // another test may have come between
	t.Cleanup(func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), overrideWait)
		defer cancel()
		if err := k.Unload(ctx, m); err != nil {
			t.Errorf("%v", err)
		}
	})
}

const overrideBy = "override by "

// fight ends a test if another one, which is not its parent, overrides the
// slot, and reports whether it does.
func fight(t TB, g *Group) bool {
	t.Helper()
	for _, m := range g.Layers() {
		other, ok := strings.CutPrefix(m.Name, overrideBy)
		if ok && other != t.Name() && !strings.HasPrefix(t.Name(), other+"/") {
			t.Fatalf("alias: %s overrides %s at the same time, in the same image: want an image for each test",
				other, g.Name)
			return true
		}
	}
	return false
}
