//go:build !race

package look_test

import (
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
)

// Values that change while they are read are read whole, or said to be
// changing. That is a race by nature, which the race detector would report.
func TestRunning(t *testing.T) {
	var v struct {
		any any
		s   string
		l   []string
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if i%2 == 0 {
				v.any, v.s, v.l = 1<<40+i, "short", nil
			} else {
				v.any, v.s, v.l = strings.Repeat("y", i%50), strings.Repeat("x", 1000), make([]string, 5000)
			}
		}
	})
	for range 3000 {
		n := look.Variable("v", reflect.TypeOf(v), unsafe.Pointer(&v), look.Limits{Depth: 3, Children: 5, Nodes: 50, Text: 9})
		if n.Children == nil {
			continue // it changed all the time
		}
		if s := n.Children[1].Text; s != `"short"` && s != `"xxxxxxxxx"... 1000 bytes` && s != `""` {
			t.Fatalf("read %s", s)
		}
	}
	close(stop)
	wg.Wait()
}

// A map is read while others write it, which Go's own iteration does not
// survive.
func TestWrittenMap(t *testing.T) {
	var v struct {
		m map[string]any
		n map[int][3]int
	}
	v.m, v.n = map[string]any{}, map[int][3]int{}
	keys := make([]string, 997)
	for i := range keys {
		keys[i] = strings.Repeat("k", i)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			k := keys[i%len(keys)]
			v.m[k], v.n[i%3001] = i, [3]int{i, i, i}
			switch {
			case i%5 == 0:
				v.m[k] = k
			case i%7 == 0:
				delete(v.m, keys[i%101])
				delete(v.n, i%2003)
			case i%9001 == 0:
				clear(v.n)
			case i%20011 == 0:
				v.m, v.n = map[string]any{}, map[int][3]int{}
			}
		}
	})
	read := 0
	for i := range 30 {
		limits := look.Limits{Depth: 3, Children: 20, Nodes: 100, Text: 1000, Maps: look.Snapshot}
		n := look.Variable("v", reflect.TypeOf(v), unsafe.Pointer(&v), limits)
		if n.Children == nil {
			t.Fatal(n.Text)
		}
		for _, c := range n.Children[0].Children {
			if strings.Trim(c.Name, `[]"k.0123456789 bytes`) != "" {
				t.Fatalf("a key that was never there: %s", c.Name)
			}
			// A new key's element is nil for a moment.
			if c.Text != "nil" && strings.Trim(c.Text, `"k`) != "" && strings.Trim(c.Text, "0123456789") != "" {
				t.Fatalf("a value that was never there: %s", c.Text)
			}
			read++
		}
		if i%10 == 0 {
			runtime.GC()
		}
	}
	close(stop)
	wg.Wait()
	if read == 0 {
		t.Error("nothing was read")
	}
}
