package proof

import (
	"go/types"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// TestStock compares reaches that adopt, at the start or when all has been followed, what the program makes with some
// that make it themselves.
func TestStock(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "encoding/json", "text/template")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal(err)
	}
	prog, roots := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	prog.Build()
	words, err := flow.ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	p := flow.New(prog, words)
	n := newNumbers()
	full := newReach(p, n)
	starts := [][]string{{"Marshal", "Unmarshal", "NewDecoder"}, {"HTMLEscaper", "Must", "HTMLEscape"}}
	var funcs []*flow.Func
	execute := prog.LookupMethod(types.NewPointer(roots[1].Type("Template").Type()), nil, "Execute")
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
			if len(made.active) != len(adopted.active) {
				t.Errorf("%s: %d functions reached, with a stock %d", f.Key, len(made.active), len(adopted.active))
			}
			for id := range made.active {
				if !adopted.active[id] {
					t.Errorf("%s: %s is not reached with a stock", f.Key, p.Funcs[id].Key)
					break
				}
				for i, s := range made.calls[id] {
					var lists [2][]flow.FuncID
					made.callees(made.sites[s], func(c flow.FuncID) { lists[0] = append(lists[0], c) })
					adopted.callees(adopted.sites[adopted.calls[id][i]], func(c flow.FuncID) { lists[1] = append(lists[1], c) })
					slices.Sort(lists[0])
					slices.Sort(lists[1])
					if !slices.Equal(slices.Compact(lists[0]), slices.Compact(lists[1])) {
						t.Errorf("%s: call %d in %s leads to %d functions, with a stock to %d", f.Key, i, p.Funcs[id].Key, len(lists[0]), len(lists[1]))
					}
				}
			}
		}
	}
	if grew == 0 {
		t.Error("nothing is reached by what others made")
	}
}
