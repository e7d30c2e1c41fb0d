package stacks_test

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/stacks"
)

type box struct{ c chan bool }

func (b *box) waits(n int, s string) { <-b.c }

func start(b *box) {
	for range 3 {
		go b.waits(1, "x")
	}
}

// waitsFrame begins the trace of a goroutine that waits.
const waitsFrame = "github.com/go-vimage/vimage/runtime/vimage/debug/internal/stacks_test.(*box).waits("

func TestParse(t *testing.T) {
	b := &box{make(chan bool)}
	start(b)
	defer close(b.c)
	var text []byte // with all of them waiting: one that has not run yet has another state
	for range 10000 {
		text = make([]byte, 1<<20)
		text = text[:runtime.Stack(text, true)]
		if strings.Count(string(text), "chan receive]:\n"+waitsFrame) == 3 {
			break
		}
	}
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	for kind, text := range map[string]string{"traceback": string(text), "profile": profile.String()} {
		var found *stacks.Group
		for _, g := range stacks.Parse(text) {
			for _, f := range g.Frames {
				if strings.HasSuffix(f.Func, "stacks_test.(*box).waits") &&
					strings.HasSuffix(f.File, "stacks_test.go") && f.Line == 15 {
					found = &g
				}
			}
		}
		if found == nil || found.Count != 3 {
			t.Errorf("%s: got %+v of\n%s", kind, found, text)
			continue
		}
		if kind == "traceback" && (found.State != "chan receive" || found.Creator == nil ||
			!strings.HasSuffix(found.Creator.Func, ".start") || found.Creator.Line != 19) {
			t.Errorf("state %s, creator %+v", found.State, found.Creator)
		}
	}
}

func TestMinutes(t *testing.T) {
	const text = `goroutine 1 [select, 3 minutes, locked to thread]:
main.f[...](0x1, {0x2, 0x3})
	/a b/f.go:12 +0x3f
...additional frames elided...
created by main.main in goroutine 1
	/a b/f.go:3

goroutine 2 gp=0xc0 m=nil [select, 5 minutes, locked to thread]:
main.f[...](0x7, {0x2, 0x3})
	/a b/f.go:12 +0x3f
created by main.main
	/a b/f.go:3 +0x1
`
	got := stacks.Parse(text)
	if len(got) != 1 || got[0].Count != 2 || got[0].Minutes != 5 || got[0].State != "select, locked to thread" ||
		len(got[0].Frames) != 1 || got[0].Frames[0] != (stacks.Frame{"main.f[...]", "/a b/f.go", 12}) ||
		*got[0].Creator != (stacks.Frame{"main.main", "/a b/f.go", 3}) {
		t.Errorf("got %+v", got)
	}
	for _, text := range []string{"", "x", "goroutine [", "goroutine 1 [x]:", "3 @ 0x1\n#\tx"} {
		for _, g := range stacks.Parse(text) {
			if len(g.Frames) > 0 {
				t.Errorf("%q: got %+v", text, g)
			}
		}
	}
}
