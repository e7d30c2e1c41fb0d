package proof

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// TestEqualUnits compares what initialization steps write where steps with
// equal graphs share one trace with what they write where each has its own.
func TestEqualUnits(t *testing.T) {
	const src = `package main

import (
	"os"
	"regexp"
)

var (
	digits = regexp.MustCompile("[0-9]+")
	spaces = regexp.MustCompile(" +")

	x, y int
	one  = set(&x)
	two  = set(&y)

	file  = os.Stdout
	three = left(os.Stdout)
	four  = left(file)
	five  = same(os.Stdout)
	six   = kept([]string{"a"})
	seven = unkept([]string{"a"})
)

func set(p *int) int {
	*p = 1
	return 2
}

func left(f *os.File) **os.File {
	p := &f
	os.Stderr = *p
	return p
}

func same(f *os.File) int {
	os.Stderr = f
	return 1
}

func kept(s []string) []string {
	os.Args = s
	return s
}

func unkept(s []string) []string {
	own = s
	return s
}

var own []string

func main() { println(digits, spaces, x, y, one, two, three, four, five, six, seven, own) }
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
	run := func(apart bool) (all []*Unit, traces int) {
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
		looks := a.units(units)
		a.judge()
		if !apart {
			a.writes(looks)
			return a.res.Units, len(a.unitWrites)
		}
		for _, l := range looks {
			clear(a.unitWrites)
			a.writes([]*look{l})
			traces += len(a.unitWrites)
		}
		return a.res.Units, traces
	}
	shared, few := run(false)
	apart, many := run(true)
	if few >= many {
		t.Errorf("%d traces, without sharing %d", few, many)
	}
	if len(shared) != len(apart) {
		t.Fatalf("%d units, without sharing %d", len(shared), len(apart))
	}
	written := map[string]string{}
	for i, u := range apart {
		if !reflect.DeepEqual(shared[i], u) {
			t.Errorf("unit %v:\n%+v\nwithout sharing\n%+v", u.Vars, shared[i], u)
		}
		for n := range u.Writes {
			written[u.Vars[0].Name] += n.Name
		}
	}
	leaves := map[string]bool{"three": true, "four": true, "six": true}
	for _, u := range apart {
		if n := u.Vars; len(n) > 0 && leaves[n[0].Name] != (u.World != nil) {
			t.Errorf("%s must run in every image: %v", n[0].Name, u.World)
		}
	}
	if written["one"] != "x" || written["two"] != "y" {
		t.Errorf("got %v", written)
	}
	t.Logf("%d traces, without sharing %d", few, many)
}
