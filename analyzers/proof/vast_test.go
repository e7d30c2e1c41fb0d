package proof

import (
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// TestVast judges a program once as it is, and once as if it were so large that types are not told apart from a hundred
// on: what changes must be seen to change all the same.
func TestVast(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "encoding/json", "text/template")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal(err)
	}
	changed := func(most int) map[Name]bool {
		prog, roots := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
		prog.Build()
		in := Input{SSA: prog, Libraries: roots, InPlay: func(Name) bool { return true }}
		packages.Visit(pkgs, nil, func(p *packages.Package) {
			if pkg := prog.Package(p.Types); pkg != nil {
				in.Packages = append(in.Packages, Package{pkg, p.TypesInfo.InitOrder})
			}
		})
		a, units, err := prepare(in)
		if err != nil {
			t.Fatal(err)
		}
		a.g.most = most
		a.units(units)
		a.judge()
		out := map[Name]bool{}
		vast, largest := 0, 0
		for _, g := range a.candidates() {
			largest = max(largest, a.source(g).types.Len())
			if a.source(g).types.Len() > most {
				vast++
			}
			if a.res.Vars[nameOf(g)].Changed != nil {
				out[nameOf(g)] = true
			}
		}
		if most < nearlyAll && vast == 0 {
			t.Fatalf("no variable has so many types: the most are %d", largest)
		}
		return out
	}
	told, untold := changed(nearlyAll), changed(100)
	for n := range told {
		if !untold[n] {
			t.Errorf("%v changes, and is not seen to when types are not told apart", n)
		}
	}
	if len(told) == 0 {
		t.Error("nothing changes")
	}
	t.Logf("%d variables change, %d where types are not told apart", len(told), len(untold))
}
