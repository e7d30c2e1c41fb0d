package look_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
)

func TestKnowsMaps(t *testing.T) {
	if !look.KnowsMaps() {
		t.Error("this Go release has maps of another layout: mend maps.go")
	}
}

// same checks that a map is read alike by a snapshot and by iteration.
func same[K comparable, V any](t *testing.T, m map[K]V) {
	t.Helper()
	limits := look.Limits{Depth: 3, Children: 20000, Nodes: 1 << 20, Text: 400, Maps: look.Iteration}
	want := look.Variable("m", reflect.TypeOf(m), unsafe.Pointer(&m), limits)
	limits.Maps = look.Snapshot
	got := look.Variable("m", reflect.TypeOf(m), unsafe.Pointer(&m), limits)
	if a, b := want.Line(1<<20), got.Line(1<<20); a != b || len(got.Children) != len(m) {
		t.Errorf("%T: %d entries read of %d\n%.300s\n%.300s", m, len(got.Children), len(m), a, b)
	}
}

func TestSnapshot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	type wide [17]uint64
	for _, n := range []int{0, 1, 7, 8, 9, 100, 900, 2100} {
		ints, sets, texts := map[int]*int{}, map[uint16]struct{}{}, map[string][]byte{}
		wides, anys, odd := map[wide]wide{}, map[any]error{}, map[[3]byte]bool{}
		none := map[string]struct{}{}
		for i := range n {
			k := r.IntN(n * 2)
			ints[k] = &k
			sets[uint16(k)] = struct{}{}
			texts[fmt.Sprint(k)] = []byte{byte(k)}
			wides[wide{3: uint64(k)}] = wide{16: uint64(i)}
			anys[k] = fmt.Errorf("e%d", k)
			anys[fmt.Sprint(k)] = nil
			odd[[3]byte{byte(k), byte(k >> 8)}] = k%2 == 0
			none[fmt.Sprint(k)] = struct{}{}
			if i%3 == 0 {
				k = r.IntN(n * 2)
				delete(ints, k)
				delete(sets, uint16(k))
				delete(texts, fmt.Sprint(k))
			}
		}
		same(t, ints)
		same(t, sets)
		same(t, texts)
		same(t, wides)
		same(t, anys)
		same(t, odd)
		same(t, none)
		clear(ints)
		same(t, ints)
	}
	same(t, map[struct{}]int{{}: 1})
	same(t, map[struct{}]struct{}{{}: {}})
	same(t, map[string]int(nil))
}

// Of a map with more entries than are shown, those with the smallest keys are
// shown, so that maps of two images show the same ones. Numbers have their
// order.
func TestOrder(t *testing.T) {
	m := map[int]string{}
	for i := range 300 {
		m[i-5] = "x"
	}
	limits := look.Limits{Depth: 3, Children: 12, Nodes: 100, Text: 20, Maps: look.Snapshot}
	n := look.Variable("m", reflect.TypeOf(m), unsafe.Pointer(&m), limits)
	var keys []string
	for _, c := range n.Children {
		keys = append(keys, c.Name)
	}
	if got := strings.Join(keys, " "); got != "[-5] [-4] [-3] [-2] [-1] [0] [1] [2] [3] [4] [5] [6]" || n.More != 288 {
		t.Errorf("got %s and %d more", got, n.More)
	}
}

func TestSyncMap(t *testing.T) {
	var v struct{ used, unused sync.Map }
	v.used.Store("a", struct{ N int }{3})
	v.used.Store(7, "b")
	n := look.Variable("v", reflect.TypeOf(&v).Elem(), unsafe.Pointer(&v), limits)
	const want = `{used:2 entries{["a"]:{N:3} [7]:"b"} unused:0 entries}`
	if got := n.Line(1000); got != want {
		t.Errorf("got %s", got)
	}
	if unused := reflect.ValueOf(&v.unused).Elem().Field(1).FieldByName("inited").Field(1); unused.Uint() != 0 {
		t.Error("an unused map was initialised")
	}
}
