package pcpu_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/go-vimage/vimage/runtime/pcpu"
)

func TestCounter(t *testing.T) {
	var c pcpu.Counter
	if got := c.Load(); got != 0 {
		t.Errorf("new counter: %d", got)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				c.Inc()
				c.Add(-3)
			}
		})
	}
	for range 100 { // reading meets adding
		c.Load()
	}
	wg.Wait()
	if got := c.Load(); got != -16000 {
		t.Errorf("got %d", got)
	}
}

// A counter counts on when there are more Ps than when it was first used.
func TestMoreProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var c pcpu.Counter
	var slots pcpu.Slots[int]
	c.Inc()
	slots.Do(func(n *int) { *n++ })
	runtime.GOMAXPROCS(7)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 1000 {
				c.Inc()
				slots.Do(func(n *int) { *n++ })
			}
		})
	}
	wg.Wait()
	sum := 0
	for n := range slots.All() {
		sum += *n
	}
	if c.Load() != 16001 || sum != 16001 {
		t.Errorf("counter %d, slots %d", c.Load(), sum)
	}
}

type stat struct {
	Received uint64
	Errors   [3]uint32
	Inner    struct{ N int }
}

func TestStats(t *testing.T) {
	var s pcpu.Stats[stat]
	if got := s.Sum(); got != (stat{}) {
		t.Errorf("new stats: %v", got)
	}
	pcpu.Add(&s.Here().Received, 5)
	pcpu.Sub(&s.Here().Received, 2)
	pcpu.Add(&s.Here().Errors[2], 4)
	pcpu.Sub(&s.Here().Errors[0], 1) // wraps around
	pcpu.Add(&s.Here().Inner.N, -7)
	if got, want := fmt.Sprint(s.Sum()), "{3 [4294967295 0 4] {-7}}"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestNoCounters(t *testing.T) {
	for want, use := range map[string]func(){
		"string: a counter cannot be of type string":              func() { new(pcpu.Stats[string]).Here() },
		"struct { N int8 }.N: a counter cannot be of type int8":   func() { new(pcpu.Stats[struct{ N int8 }]).Here() },
		"struct { P *int }.P: a counter cannot be of type *int":   func() { new(pcpu.Stats[struct{ P *int }]).Here() },
		"[2]float64[]: a counter cannot be of type float64: want": func() { new(pcpu.Stats[[2]float64]).Here() },
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "pcpu: "+want) {
					t.Errorf("got %s", got)
				}
			}()
			use()
		})
	}
}
