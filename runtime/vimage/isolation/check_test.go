package isolation_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/isolation"
)

type item struct {
	name string
	next *item
	data [4]int
}

type vnet_shop struct {
	V_first  *item `vimage:"example.com/shop/shop.go:7"`
	V_byName map[string]*item
	V_many   map[int]*item
	V_any    any
	V_run    func() *item
	V_queue  chan *item
	V_bytes  []byte
	V_pool   sync.Pool
	V_small  *int
	V_inner  *[4]int
	V_name   string
	V_other  *vnet_shop
	V_nested struct{ list []*item }
}

var module = vimage.VnetModule{
	Path: "example.com/shop",
	New:  func() unsafe.Pointer { return unsafe.Pointer(new(vnet_shop)) },
	Look: func(at unsafe.Pointer) any { return (*vnet_shop)(at) },
}

func shop() *vnet_shop { return (*vnet_shop)(vimage.Vnet(module.Off)) }

// common is shared: what hangs on it is no leak.
var common = &item{name: "common"}

func fill() {
	s := shop()
	s.V_first = &item{name: "own", next: common}
	s.V_byName = map[string]*item{"own": s.V_first}
	s.V_many = map[int]*item{}
	for i := range 100 {
		s.V_many[i] = &item{next: s.V_first}
	}
	s.V_any, s.V_run = s.V_first, func() *item { return s.V_first }
	s.V_queue = make(chan *item, 4)
	s.V_queue <- s.V_first
	s.V_bytes, s.V_small, s.V_inner = make([]byte, 100), new(int), &s.V_first.data
	s.V_pool.Put(s.V_first)
	s.V_nested.list = []*item{s.V_first}
}

// newShop creates an image whose variables are filled.
func newShop(t *testing.T, name string) (im *vimage.Image, s *vnet_shop) {
	vimage.VnetRegister(&module)
	im, err := vimage.New(vimage.WithName(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { im.Close(context.Background()) })
	im.Do(func() {
		fill()
		s = shop()
	})
	return im, s
}

// TestCheck plants a leak of each kind.
func TestCheck(t *testing.T) {
	_, a := newShop(t, "a")
	_, b := newShop(t, "b")
	vimage.Zero().Do(fill)
	check := func(t *testing.T) []isolation.Leak {
		leaks, err := isolation.Check()
		if err != nil {
			t.Fatal(err)
		}
		return leaks
	}
	if leaks := check(t); len(leaks) > 0 {
		t.Fatalf("nothing is planted, and found is %v", leaks)
	}
	for _, c := range []struct {
		name  string
		plant func()
		undo  func()
		ways  []string
		typ   string
	}{
		{"pointer", func() { a.V_first = &item{next: &item{name: "x"}}; b.V_first.next = a.V_first.next }, func() { b.V_first.next = nil }, []string{"example.com/shop.first.next", "example.com/shop.first.next"}, "isolation_test.item"},
		{"map", func() { b.V_byName["x"] = &item{}; a.V_nested.list[0] = b.V_byName["x"] }, func() { a.V_nested.list[0] = nil }, []string{"example.com/shop.nested.list[0]", "example.com/shop.byName[\"x\"]"}, "isolation_test.item"},
		{"large map", func() { b.V_many[1000] = &item{}; a.V_first.next = b.V_many[1000] }, func() { a.V_first.next = nil }, []string{"example.com/shop.first.next", "example.com/shop.many[1000]"}, "isolation_test.item"},
		{"whole map", func() { a.V_byName = b.V_byName }, func() { a.V_byName = nil }, []string{"example.com/shop.byName", "example.com/shop.byName"}, "map[string]*isolation_test.item"},
		{"interface", func() { x := &item{}; a.V_any = x; b.V_any = x }, func() { b.V_any = nil }, []string{"example.com/shop.any.(*isolation_test.item)", "example.com/shop.any.(*isolation_test.item)"}, "isolation_test.item"},
		{"closure", func() { x := &item{}; a.V_first.next = x; b.V_run = func() *item { return x } }, func() { b.V_run = nil }, []string{"example.com/shop.first.next", "example.com/shop.run (captured by github.com/go-vimage/vimage/runtime/vimage/isolation_test.TestCheck"}, "isolation_test.item"},
		{"channel", func() { x := &item{}; a.V_first.next = x; b.V_queue <- x }, func() { b.V_queue = nil }, []string{"example.com/shop.first.next", "example.com/shop.queue (sent)["}, "isolation_test.item"},
		{"overlapping slices", func() { a.V_bytes = b.V_bytes[50:] }, func() { a.V_bytes = nil }, []string{"example.com/shop.bytes", "example.com/shop.bytes"}, "uint8"},
		{"pool", func() {
			x := &item{}
			a.V_first.next = x
			for range 50 { // under the race detector, pools drop a part
				b.V_pool.Put(x)
			}
		}, func() { a.V_first.next = nil }, []string{"example.com/shop.first.next", "example.com/shop.pool"}, "isolation_test.item"},
		{"small", func() { a.V_small = b.V_small }, func() { a.V_small = nil }, []string{"example.com/shop.small", "example.com/shop.small"}, "int"},
		{"inner pointer", func() { a.V_inner = &b.V_first.data }, func() { a.V_inner = nil }, []string{"example.com/shop.inner", "example.com/shop."}, ""},
		{"container", func() { a.V_other = b }, func() { a.V_other = nil }, []string{"example.com/shop.other", "example.com/shop"}, "a package's whole state"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.plant()
			leaks := check(t)
			c.undo()
			if len(leaks) != 1 {
				t.Fatalf("found are %v", leaks)
			}
			l := leaks[0]
			t.Log(l)
			if !strings.Contains(l.Type, c.typ) || l.From[0].Image != "a" || l.From[1].Image != "b" {
				t.Errorf("found is %v", l)
			}
			for i, way := range c.ways {
				if !strings.HasPrefix(l.From[i].Way, way) {
					t.Errorf("the way from image %s is %s, want %s", l.From[i].Image, l.From[i].Way, way)
				}
			}
			if more := check(t); len(more) > 0 {
				t.Errorf("undone, and found is %v", more)
			}
		})
	}
	t.Run("place", func(t *testing.T) {
		a.V_first, b.V_any = &item{}, nil
		b.V_any = a.V_first
		defer func() { b.V_any = nil }()
		leaks := check(t)
		const want = "a isolation_test.item is reached by example.com/shop/shop.go:7: example.com/shop.first of image a" +
			" and by example.com/shop.any.(*isolation_test.item) of image b"
		if len(leaks) != 1 || leaks[0].String() != want || leaks[0].From[0].Variable != "first" {
			t.Errorf("found is %v, want %s", leaks, want)
		}
	})
	t.Run("string", func(t *testing.T) {
		text := strings.Repeat("long", 100)
		a.V_name, b.V_name = text, text
		if leaks := check(t); len(leaks) > 0 {
			t.Errorf("strings do not change, and found is %v", leaks)
		}
	})
}

type vnet_store struct {
	V_name  string
	V_rooms [100]*item
	V_any   any
	V_last  *item
	_       [1000]int
}

var large = vimage.VnetModule{
	Path: "example.com/store",
	New:  func() unsafe.Pointer { return unsafe.Pointer(new(vnet_store)) },
	Look: func(at unsafe.Pointer) any { return (*vnet_store)(at) },
}

// TestLargeContainer has one before which the allocator puts a word of its own.
func TestLargeContainer(t *testing.T) {
	vimage.VnetRegister(&large)
	im, s := newShop(t, "still")
	other, _ := newShop(t, "busy")
	store := func(im *vimage.Image) (v *vnet_store) {
		im.Do(func() { v = (*vnet_store)(vimage.Vnet(large.Off)) })
		return v
	}
	a, b := store(im), store(other)
	a.V_any = 5
	b.V_any = s.V_first
	snap, err := isolation.Take(im)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	a.V_any, a.V_rooms[7] = "text", s.V_first
	changes, err := snap.Changes()
	if err != nil || len(changes) != 2 || changes[0].Variable != "rooms" || changes[0].Way != "example.com/store.rooms[7]" ||
		changes[1].Variable != "any" || changes[1].After != "string \"text\"" {
		t.Errorf("changes are %v, %v", changes, err)
	}
	leaks, err := isolation.Check()
	if err != nil || len(leaks) != 1 || leaks[0].From[1].Way != "example.com/store.any.(*isolation_test.item)" || leaks[0].From[1].Variable != "any" {
		t.Errorf("found are %v, %v", leaks, err)
	}
	b.V_any = nil
}
