package plan

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/gen/load"
)

// A Contention is a place that can run and names a function which reaches what
// images do not have of their own: see package perprocess.
type Contention struct {
	Function perprocess.Function
	Rule     *perprocess.Rule // Shared or Refused
	Pos      token.Position
}

// contentions finds, outside the standard library and golang.org/x/sys, all
// mentions of such functions in the functions reached, and in initialisers. A
// function's value counts as a call: where it is called is not looked for.
// Functions that the settings call shared are left out.
func contentions(p *Plan, reached []token.Pos, opts Options) ([]Contention, error) {
	table, err := perprocess.NewTable()
	if err != nil {
		return nil, err
	}
	system := opts.GOOS
	if callsC(p.Prog) {
		system = ""
	}
	runs := map[string]bool{} // places of declarations, by which cgo's form of a file is the same as the author's
	for _, pos := range reached {
		runs[line(p.Prog.Fset.Position(pos))] = true
	}
	var list []Contention
	for _, f := range p.Prog.Files {
		if f.Package == nil || f.Package.Standard || strings.HasPrefix(f.Package.Path, "golang.org/x/sys/") || f.Package.Info == nil || f.Syntax == nil || p.Packages[f.Package.Path] == nil {
			continue
		}
		for _, decl := range f.Syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && !runs[line(p.Prog.Fset.Position(fn.Name.Pos()))] {
				continue
			}
			asks := map[*ast.Ident]bool{}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if id := calledName(n.Fun); id != nil && askedOnly(table, f.Package.Info, id, n) {
						asks[id] = true
					}
				case *ast.Ident:
					obj := f.Package.Info.Uses[n]
					switch obj.(type) {
					case *types.Func, *types.Const:
					default:
						return true
					}
					if asks[n] {
						return true
					}
					if obj.Pkg() != nil && obj.Pkg().Path() == runtimePath && obj.Name() == "New" {
						p.MakesImages = p.MakesImages || !strings.HasPrefix(f.Package.Path, runtimePath)
					}
					r, as := table.Lookup(obj)
					if r != nil && r.On(system) != perprocess.Image && !opts.Settings.shareCall(as) {
						list = append(list, Contention{as, r, p.Prog.Fset.Position(n.Pos())})
					}
				}
				return true
			})
		}
	}
	slices.SortFunc(list, func(a, b Contention) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset))
	})
	return list, nil
}

// runtimePath is the package by which a program makes images.
const runtimePath = "github.com/go-vimage/vimage/runtime/vimage"

// runtimeTree begins the paths of all packages that generated code links
// against.
const runtimeTree = "github.com/go-vimage/vimage/runtime/"

func line(pos token.Position) string { return fmt.Sprint(pos.Filename, ":", pos.Line) }

// calledName is the last name of a called function, or nil.
func calledName(fun ast.Expr) *ast.Ident {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	}
	return nil
}

// askedOnly reports whether a call changes nothing, by its constant argument.
func askedOnly(table *perprocess.Table, info *types.Info, id *ast.Ident, call *ast.CallExpr) bool {
	fn, ok := info.Uses[id].(*types.Func)
	if !ok || len(call.Args) == 0 {
		return false
	}
	_, as := table.Lookup(fn)
	v := info.Types[call.Args[0]].Value
	if !as.Asks || v == nil {
		return false
	}
	n, exact := constant.Int64Val(constant.ToInt(v))
	return exact && n < as.Below
}

// callsC reports whether a program has C code that may use the working
// directory: see runtime.VnetCallsC in package gen/goroot.
func callsC(prog *load.Program) bool {
	return slices.ContainsFunc(prog.Packages, func(p *load.Package) bool {
		return len(p.CgoFiles) > 0 && (!p.Standard || p.Path == "plugin")
	})
}
