package plan_test

import (
	"cmp"
	"context"
	"go/types"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
	"golang.org/x/tools/go/ssa"
)

// TestStandardTable summarizes the standard library of the installed release,
// package by package. Each variable that the functions of its package change
// must be in the table of package stdstate, and the other way round.
//
// Summaries know a function by what it does with its arguments. So a change
// that needs a call of a function value or of an interface's method to be seen
// is the affair of the proof of each program.
func TestStandardTable(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the whole standard library")
	}
	table, err := stdstate.Read()
	if err != nil {
		t.Fatal(err)
	}
	changed := standardChanges(t)
	var missing []string // as lines of the table
	for name, by := range changed {
		if table.Lookup(name.Pkg, name.Name) == nil {
			missing = append(missing, "\t"+name.Pkg+"."+name.Name+" "+by)
		}
	}
	slices.Sort(missing)
	if missing != nil {
		t.Errorf("not in the table:\n%s", strings.Join(missing, "\n"))
	}
	for _, e := range table.List {
		if by, ok := changed[proof.Name{Pkg: e.Pkg, Name: e.Name}]; !ok && e.By != "" {
			t.Errorf("%s.%s is in the table, but its package does not change it", e.Pkg, e.Name)
		} else if ok && e.By != by {
			t.Errorf("%s.%s changes otherwise than the table says: %s", e.Pkg, e.Name, by)
		}
	}
}

// standardChanges returns the variables of the standard library that change
// after initialisation, each with how.
func standardChanges(t *testing.T) map[proof.Name]string {
	cfg := &load.Config{
		Dir: t.TempDir(), Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0"),
		GOARCH: runtime.GOARCH, GoVersion: strings.Join(strings.SplitN(runtime.Version(), ".", 3)[:2], "."),
	}
	prog, err := load.Load(context.Background(), cfg, []string{"std"})
	if err != nil {
		t.Fatal(err)
	}
	out := map[proof.Name]string{}
	known := map[string]*proof.Summary{}
	built := ssa.NewProgram(prog.Fset, ssa.InstantiateGenerics)
	built.CreatePackage(types.Unsafe, nil, nil, true)
	for _, lp := range prog.Packages {
		pkg := built.CreatePackage(lp.Types, lp.Syntax, lp.Info, true)
		pkg.Build()
		open, err := proof.Summarize(proof.OpenInput{
			Package:  proof.Package{SSA: pkg, InitOrder: lp.Info.InitOrder},
			Funcs:    sourceFuncs(pkg),
			Imported: func(fn *types.Func) *proof.Summary { return known[fn.FullName()] },
		})
		if err != nil {
			t.Fatal(err)
		}
		for fn, s := range open.Summaries {
			known[fn.FullName()] = s
		}
		for name, v := range open.Vars {
			if v.Changed != nil && !v.Escapes && name.Pkg == lp.Path && !belowContainers(lp.Path) {
				out[name] = v.Changed[0].Text
			}
		}
	}
	return out
}

func belowContainers(path string) bool {
	return path == "runtime" || strings.HasPrefix(path, "internal/runtime/")
}

// sourceFuncs lists a package's functions and methods.
func sourceFuncs(pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	for _, m := range pkg.Members {
		switch m := m.(type) {
		case *ssa.Function:
			if m.Name() != "init" {
				out = append(out, m)
			}
		case *ssa.Type:
			named, ok := m.Type().(*types.Named)
			if !ok {
				continue
			}
			for fn := range named.Methods() {
				if f := pkg.Prog.FuncValue(fn); f != nil {
					out = append(out, f)
				}
			}
		}
	}
	// Files are parsed side by side: the numbers of their positions differ from
	// run to run.
	slices.SortFunc(out, func(a, b *ssa.Function) int {
		p, q := pkg.Prog.Fset.Position(a.Pos()), pkg.Prog.Fset.Position(b.Pos())
		return cmp.Or(cmp.Compare(p.Filename, q.Filename), cmp.Compare(p.Offset, q.Offset))
	})
	return out
}
