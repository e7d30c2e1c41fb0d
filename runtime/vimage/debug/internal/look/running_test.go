//go:build !race

package look_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/debug/internal/look"
)

// Values that change while they are read are read whole, or said to be changing. That is a race by nature, of which the race
// detector would complain.
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
