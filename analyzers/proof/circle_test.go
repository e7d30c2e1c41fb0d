package proof

import (
	"maps"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/ssa"
)

// TestCircles compares what a reach finds that makes one state of circles early and again and again with what one finds
// that never does. What anyType stands for may be held besides or not, depending on when it came.
func TestCircles(t *testing.T) {
	p, roots := program(t)
	run := func(first int) *reach {
		r := newReach(p, newNumbers())
		r.nextCircles = first
		for _, pkg := range roots {
			for _, name := range slices.Sorted(maps.Keys(pkg.Members)) {
				if fn, ok := pkg.Members[name].(*ssa.Function); ok && fn.TypeParams() == nil {
					r.activate(p.Func(fn))
				}
			}
		}
		r.run()
		return r
	}
	run(1 << 60)                  // reads all functions, so that both that follow see the same
	nodes := flow.Node(p.Nodes()) // without those that each reach makes for itself
	apart, joined := run(1<<60), run(0)
	circles := 0
	for _, s := range joined.nodes.list {
		if s != nil && len(s.nodes) > 1 {
			circles++
		}
	}
	if circles == 0 {
		t.Fatal("no circles found")
	}
	for f := range apart.active {
		if !joined.active[f] {
			t.Errorf("%s is not reached", p.Funcs[f].Key)
		}
	}
	if len(apart.active) != len(joined.active) {
		t.Errorf("%d functions reached, %d without circles", len(joined.active), len(apart.active))
	}
	called := func(r *reach, f flow.FuncID) (lists [][]flow.FuncID) {
		for _, s := range r.calls[f] {
			var list []flow.FuncID
			r.callees(r.sites[s], func(id flow.FuncID) { list = append(list, id) })
			slices.Sort(list)
			lists = append(lists, slices.Compact(list))
		}
		return lists
	}
	for f := range apart.active {
		for i, list := range called(apart, f) {
			if !joined.active[f] {
				continue
			}
			if got := called(joined, f)[i]; !slices.Equal(got, list) {
				t.Errorf("call %d in %s: %d functions called, %d without circles", i, p.Funcs[f].Key, len(got), len(list))
			}
		}
	}
	held := func(r *reach, n flow.Node) map[held]bool {
		out := map[held]bool{}
		s := r.nodes.peek(n)
		if s == nil {
			return out
		}
		s.holds.each(func(i int32) {
			if !s.holds.has(anyIndex) || i == anyIndex || !r.covered.Has(i) {
				out[r.things[i]] = true
			}
		})
		return out
	}
	wrong := 0
	for n := range nodes {
		if !maps.Equal(held(apart, n), held(joined, n)) {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d nodes of %d hold something else", wrong, nodes)
	}
}
