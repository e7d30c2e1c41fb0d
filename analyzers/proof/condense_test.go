package proof

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// TestCondense compares, for random calls with hubs among them, what is reached through the condensed graph with what a
// search from each function finds.
func TestCondense(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		funcs := 1 + rnd.IntN(40)
		some := func(at []flow.FuncID) []flow.FuncID {
			for range rnd.IntN(3) {
				at = append(at, flow.FuncID(rnd.IntN(funcs)))
			}
			return at
		}
		r := &reach{p: &flow.Program{Funcs: make([]*flow.Func, funcs)}, sites: []*site{{in: -1}}, calls: map[flow.FuncID][]int32{}}
		for range 3 {
			r.sites = append(r.sites, &site{in: -1, list: some(nil)})
		}
		for f := range funcs {
			for range rnd.IntN(3) {
				s := &site{in: flow.FuncID(f), list: some(nil)}
				if rnd.IntN(4) == 0 {
					s.hub = 1 + rnd.Int32N(3)
				}
				r.calls[flow.FuncID(f)] = append(r.calls[flow.FuncID(f)], int32(len(r.sites)))
				r.sites = append(r.sites, s)
			}
		}
		marked := some(nil)
		slices.Sort(marked)
		marked = slices.Compact(marked)
		c := condense(r, r.stage(), marked)
		for f := range flow.FuncID(funcs) {
			seen := map[flow.FuncID]bool{f: true}
			list := []flow.FuncID{f}
			for i := 0; i < len(list); i++ {
				for _, s := range r.calls[list[i]] {
					r.callees(r.sites[s], func(id flow.FuncID) {
						if !seen[id] {
							seen[id] = true
							list = append(list, id)
						}
					})
				}
			}
			for i, m := range marked {
				if got := c.marked(f).Has(int32(i)); got != seen[m] {
					t.Errorf("seed %d: function %d reaches %d: %v, should be %v", seed, f, m, got, seen[m])
				}
			}
			if !c.more(f, len(list)-1) || c.more(f, len(list)) {
				t.Errorf("seed %d: function %d does not reach %d functions", seed, f, len(list))
			}
		}
	}
}
