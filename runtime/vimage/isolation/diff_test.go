package isolation_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
	"github.com/go-vimage/vimage/runtime/vimage/isolation"
)

// TestChanges changes one image's variables from elsewhere, in each way.
func TestChanges(t *testing.T) {
	// A collection moves what is in a pool to its victims.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	im, s := newShop(t, "still")
	s.V_any = map[int]string{1: "one", 2: "two"}
	s.V_name = "a name"
	s.V_nested.list = append(s.V_nested.list, nil, &item{name: "third"})
	s.V_bytes = make([]byte, 100)
	x := 7
	s.V_run = func() *item { x++; return nil }
	s.V_inner = &[4]int{}
	for _, c := range []struct {
		name   string
		change func()
		want   string // of image still left out; | between changes
	}{
		{"nothing", func() { runtime.GC() }, ""},
		{"number behind a pointer", func() { *s.V_small = 5 }, "small was 0 and is 5"},
		{"string", func() { s.V_name = "another" }, `name was "a name" and is "another"`},
		{"pointer", func() { s.V_small = nil }, "small was &5 and is nil"},
		{"field", func() { s.V_first.data[2] = -1 }, "first.data[2] was 0 and is -1"},
		{"other object", func() { s.V_first = &item{} }, "first was a *isolation_test.item and is another: a *isolation_test.item"},
		{"element", func() { s.V_nested.list[2].name = "x" }, `nested.list[2].name was "third" and is "x"`},
		{"bytes", func() { s.V_bytes[9], s.V_bytes[10] = 1, 2 }, "bytes[9] was 0 and is 1|bytes[10] was 0 and is 2"},
		{"slice", func() { s.V_nested.list = nil }, "nested.list was 3 elements and is nil"},
		{"map entry added", func() { s.V_byName["x"] = nil }, "byName was 1 entry and is 2 entries"},
		{"map element", func() { s.V_byName["own"] = nil }, `byName["own"] was a *isolation_test.item and is nil`},
		{"large map element", func() { s.V_many[77].name = "x" }, `many[77].name was "" and is "x"`},
		{"large map", func() { clear(s.V_many) }, "many was 100 entries and is 0 entries"},
		{"map in an interface", func() { s.V_any.(map[int]string)[2] = "zwei" }, `any.(map[int]string)[2] was "two" and is "zwei"`},
		{"map replaced", func() { s.V_any = map[int]string{1: "one", 2: "two"} }, "any was map[int]string 2 entries and is another: map[int]string 2 entries"},
		{"interface", func() { s.V_any = 5 }, "any was map[int]string 2 entries and is int 5"},
		{"channel", func() { s.V_queue <- nil }, "queue was 1 value and is 2 values"},
		{"what was sent", func() { <-s.V_queue; s.V_queue <- s.V_first }, "queue (sent)[0] was a *isolation_test.item and is nil|queue (sent)[2] was nil and is a *isolation_test.item"},
		{"captured variable", func() { s.V_run() }, "run (captured by github.com/go-vimage/vimage/runtime/vimage/isolation_test.TestChanges.func1) ... was 0x07 and is 0x08"},
		{"pool", func() {
			for range 50 { // under the race detector, pools drop a part
				s.V_pool.Put(new(int))
			}
		}, "pool.local was nil and is not nil|pool.localSize was 0 and is " + fmt.Sprint(runtime.GOMAXPROCS(0))},
		{"function", func() { s.V_run = nil }, "run was github.com/go-vimage/vimage/runtime/vimage/isolation_test.TestChanges.func1 and is nil"},
		{"shared", func() { common.name = "shared by all" }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap, err := isolation.Take(im)
			if err != nil {
				t.Fatal(err)
			}
			defer snap.Close()
			c.change()
			changes, err := snap.Changes()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range changes {
				text := strings.Replace(c.String(), " of image still", "", 1)
				got = append(got, strings.TrimPrefix(text, "example.com/shop."))
			}
			want := strings.ReplaceAll(c.want, "first", "example.com/shop/shop.go:7: example.com/shop.first")
			if text := strings.Join(got, "|"); text != want {
				t.Errorf("got  %s\nwant %s", text, want)
			}
		})
	}
}

// TestTakeOver asks for an image that is over.
func TestTakeOver(t *testing.T) {
	im, _ := newShop(t, "over")
	im.Close(context.Background())
	if _, err := isolation.Take(im); err == nil || err.Error() != "isolation: image over is over" {
		t.Error(err)
	}
}

// Of these variables tests tell as generated code does.
var (
	wrong  = map[string]*item{"x": {}}
	count  int
	proven = &item{name: "proven"}
	limit  = 10
)

// TestShared changes what is shared, by word and because it is proved not to
// change.
func TestShared(t *testing.T) {
	im, s := newShop(t, "still")
	_, other := newShop(t, "busy")
	wrong, count, proven.data, limit = map[string]*item{"x": {}}, 0, [4]int{}, 10 // the test may run again
	core.VnetShare([]core.VnetShared{
		{Path: "example.com/shop", Name: "wrong", Place: "example.com/shop/shop.go:30", Word: true, At: &wrong},
		{Path: "example.com/shop", Name: "count", Place: "example.com/shop/shop.go:31", Word: true, At: &count},
		{Path: "example.com/shop", Name: "proven", Place: "example.com/shop/shop.go:32", At: &proven},
		{Path: "example.com/shop", Name: "limit", Place: "example.com/shop/shop.go:33", At: &limit},
	})
	s.V_byName, other.V_first = wrong, wrong["x"]
	defer func() { s.V_byName = nil }()
	changes := func(opts ...isolation.Option) string {
		snap, err := isolation.Take(im, opts...)
		if err != nil {
			t.Fatal(err)
		}
		defer snap.Close()
		wrong["x"].name += "!"
		count++
		proven.data[0]++
		limit++
		var lines []string
		list, err := snap.Changes()
		for _, c := range list {
			lines = append(lines, c.String())
		}
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(lines, "\n"), "example.com/", "")
	}
	const first = `shop.byName["x"].name of image still was "" and is "!"
shop/shop.go:33: shop.limit, shared as proved not to change, was 10 and is 11
shop/shop.go:32: shop.proven.data[0], shared as proved not to change, was 0 and is 1`
	if got := changes(); got != first {
		t.Errorf("changes are\n%s\nwant\n%s", got, first)
	}
	const second = `shop.byName["x"].name of image still was "!" and is "!!"
shop/shop.go:33: shop.limit, shared as proved not to change, was 11 and is 12
shop/shop.go:32: shop.proven.data[0], shared as proved not to change, was 1 and is 2
shop/shop.go:31: shop.count, shared by word, was 1 and is 2`
	if got := changes(isolation.Distrust); got != second {
		t.Errorf("with distrust changes are\n%s\nwant\n%s", got, second)
	}
	if leaks, err := isolation.Check(); len(leaks) > 0 || err != nil {
		t.Errorf("found are %v, %v", leaks, err)
	}
	leaks, err := isolation.Check(isolation.Distrust)
	if err != nil || len(leaks) == 0 {
		t.Fatalf("with distrust, found are %v, %v", leaks, err)
	}
	var lines []string
	for _, l := range leaks {
		lines = append(lines, l.String())
	}
	const leak = `a map[string]*isolation_test.item is reached by shop.byName of image still and by shop/shop.go:30: shop.wrong, shared by word,`
	if got := strings.ReplaceAll(strings.Join(lines, "\n"), "example.com/", ""); got != leak {
		t.Errorf("with distrust found are\n%s\nwant\n%s", got, leak)
	}
}
