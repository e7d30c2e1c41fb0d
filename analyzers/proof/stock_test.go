package proof

import (
	"go/types"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// TestStock compares reaches that adopt, at the start or when all has been followed, what the program makes with some
// that make it themselves.
func TestStock(t *testing.T) {
	p, roots := program(t)
	n := newNumbers()
	full := newReach(p, n)
	starts := [][]string{{"Marshal", "Unmarshal", "NewDecoder"}, {"HTMLEscaper", "Must", "HTMLEscape"}}
	var funcs []*flow.Func
	execute := p.SSA.LookupMethod(types.NewPointer(roots[1].Type("Template").Type()), nil, "Execute")
	funcs = append(funcs, p.Func(execute))
	full.begin(funcs[0])
	for i, pkg := range roots {
		full.begin(p.Func(pkg.Func("init")))
		for _, name := range starts[i] {
			f := p.Func(pkg.Func(name))
			funcs = append(funcs, f)
			full.begin(f)
		}
	}
	full.run()
	var all heldSet
	all.words = slices.Clone(full.covered)
	stock := newStock(p, n, &all)
	grew := 0
	for _, f := range funcs {
		run := func(early bool, adopt func(*reach)) *reach {
			r := newReach(p, n)
			r.begin(f)
			if !early {
				for i, node := range f.Params {
					if i == 0 && node != 0 {
						r.add(node, anyType)
					}
				}
				r.run()
			}
			was := len(r.order)
			adopt(r)
			for _, node := range f.Params {
				if node != 0 {
					r.add(node, anyType)
				}
			}
			r.run()
			grew += len(r.order) - was
			return r
		}
		makeAll := func(r *reach) {
			all.each(func(i int32) {
				if h := r.things[i]; h.isType() {
					r.make(h.typ())
				} else {
					r.take(h.function())
				}
			})
		}
		run(false, makeAll) // reads all functions, so that those that follow see the same
		for _, early := range []bool{true, false} {
			made, adopted := run(early, makeAll), run(early, func(r *reach) { r.adopt(stock) })
			if early && len(adopted.madeList) >= len(made.madeList)/2 {
				t.Errorf("%s: %d types made, with a stock %d", f.Key, len(made.madeList), len(adopted.madeList))
			}
			adopted.unshare()
			if a, b := len(made.madeList), len(adopted.madeList); a != b {
				t.Errorf("%s: %d types are made, with a stock %d", f.Key, a, b)
			}
			sameCalls(t, f.Key, made, adopted)
		}
	}
	if grew == 0 {
		t.Error("nothing is reached by what others made")
	}
}
