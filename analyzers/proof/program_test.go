package proof

import (
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// program returns a program of two packages that use reflection, and these.
func program(t *testing.T) (*flow.Program, []*ssa.Package) {
	t.Helper()
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
	return flow.New(prog, words), roots
}

// sameCalls reports where two reaches that start with the same function find different calls.
func sameCalls(t *testing.T, from string, want, got *reach) {
	t.Helper()
	if len(want.active) != len(got.active) {
		t.Errorf("from %s %d functions are reached, not %d", from, len(got.active), len(want.active))
	}
	called := func(r *reach, s int32) (list []flow.FuncID) {
		r.callees(r.sites[s], func(id flow.FuncID) { list = append(list, id) })
		slices.Sort(list)
		return slices.Compact(list)
	}
	for id := range want.active {
		if !got.active[id] {
			t.Errorf("from %s %s is not reached", from, want.p.Funcs[id].Key)
			return
		}
		for i, s := range want.calls[id] {
			if w, g := called(want, s), called(got, got.calls[id][i]); !slices.Equal(w, g) {
				t.Errorf("from %s: call %d in %s leads to %d functions, not %d", from, i, want.p.Funcs[id].Key, len(g), len(w))
			}
		}
	}
}

// callees calls f with the functions that a site may call.
func (r *reach) callees(s *site, f func(flow.FuncID)) {
	for _, id := range s.list {
		f(id)
	}
	if s.hub != 0 {
		for _, id := range r.sites[s.hub].list {
			f(id)
		}
	}
}
