package proof

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// TestLessons has a function from which the clock is reached by what a variable holds: what was learned of it by other
// units does not hold for the one that initialises this variable.
func TestLessons(t *testing.T) {
	const src = `package main

import "time"

type caller interface{ call() }

type indirect struct{}

func (*indirect) call() { hook() }

func run(c caller) func() {
	c.call()
	return quiet
}

func quiet() {}

func clock() { time.Now() }

var (
	one   = run(&indirect{})
	two   = run(&indirect{})
	three = run(&indirect{})
	hook  = run(&indirect{})
	four  = run(&indirect{})
)

func init() { hook = clock }

func main() {}
`
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "main.go": src} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir}, ".")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal(err)
	}
	prog, _ := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	prog.Build()
	in := Input{SSA: prog, InPlay: func(n Name) bool { return n.Pkg == "example.com/m" }}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		if p.PkgPath != "unsafe" {
			in.Packages = append(in.Packages, Package{prog.Package(p.Types), p.TypesInfo.InitOrder})
		}
	})
	in.Roots = append(in.Roots, prog.Package(pkgs[0].Types).Func("main"))
	a, units, err := prepare(in)
	if err != nil {
		t.Fatal(err)
	}
	a.units(units)
	got := map[string]bool{}
	for _, u := range a.res.Units {
		if len(u.Vars) > 0 {
			got[u.Vars[0].Name] = u.World != nil
		}
	}
	for name, want := range map[string]bool{"one": true, "two": true, "three": true, "hook": false, "four": true} {
		if got[name] != want {
			t.Errorf("%s must run in every image: %v, want %v", name, got[name], want)
		}
	}
	learned := a.lessons[a.p.Lookup("(*example.com/m.indirect).call").ID]
	if learned == nil || learned.world == nil {
		t.Error("nothing was learned of the method")
	}
}
