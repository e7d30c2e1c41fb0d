package conduct

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/ssa"
)

// Analyzer computes facts and reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "vimageconduct",
	Doc:        "compute what functions keep, write and use",
	Run:        run,
	Requires:   []*analysis.Analyzer{buildssa.Analyzer},
	FactTypes:  []analysis.Fact{(*Function)(nil), (*Variable)(nil), (*Origin)(nil)},
	ResultType: reflect.TypeFor[*Result](),
}

// A Function fact says what a function does. The receiver is parameter 0.
type Function struct {
	Kept    []Kept
	Writes  []int  // parameters through which it writes
	Returns []int  // parameters from which a result is reached
	Gives   string // the package-level variable from which alone its result is reached: "pkg.name"
	Uses    string // a changing package-level variable of its module that it, or what it calls there, uses: "pkg.name"
}

// Kept says that a parameter stays reachable after the call.
type Kept struct {
	Param int
	Into  string // a package-level variable, "pkg.name"; or a function that calls it later, "time.AfterFunc"; or ""
	To    int    // with Into "": the parameter that it is reachable from
	Sent  bool   // over a channel
}

// A Variable fact says how a package-level variable stands.
type Variable struct {
	Shared  bool // by //vimage:shared
	Changes bool // its package changes it after initialisation
}

// An Origin fact says where a package comes from.
type Origin struct {
	Std    bool
	Module string
}

func (*Function) AFact() {}
func (*Variable) AFact() {}
func (*Origin) AFact()   {}

func (f *Function) String() string {
	var s []string
	for _, k := range f.Kept {
		s = append(s, k.String())
	}
	if f.Writes != nil {
		s = append(s, fmt.Sprint("writes", f.Writes))
	}
	if f.Returns != nil {
		s = append(s, fmt.Sprint("returns", f.Returns))
	}
	if f.Gives != "" {
		s = append(s, "gives "+f.Gives)
	}
	if f.Uses != "" {
		s = append(s, "uses "+f.Uses)
	}
	return strings.Join(s, ", ")
}

func (k Kept) String() string {
	if k.Into != "" {
		return fmt.Sprintf("keeps %d in %s", k.Param, k.Into)
	}
	return fmt.Sprintf("keeps %d in parameter %d", k.Param, k.To)
}

func (v *Variable) String() string { return fmt.Sprintf("shared %t, changes %t", v.Shared, v.Changes) }
func (o *Origin) String() string   { return fmt.Sprintf("std %t, module %q", o.Std, o.Module) }

// A Result answers questions about the package's functions, variables and what
// they import.
type Result struct {
	Pkg   *ssa.Package
	Funcs []*ssa.Function // with literals, those of initialisers too

	pass *analysis.Pass
	own  map[*ssa.Function]*Function
	vars map[*types.Var]*Variable
	std  bool
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{
		pass: pass,
		own:  map[*ssa.Function]*Function{},
		vars: map[*types.Var]*Variable{},
		std:  standard(pass),
	}
	built := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	r.Pkg, r.Funcs = built.Pkg, slices.Clone(built.SrcFuncs)
	var literals func(fn *ssa.Function)
	literals = func(fn *ssa.Function) {
		for _, lit := range fn.AnonFuncs {
			r.Funcs = append(r.Funcs, lit)
			literals(lit)
		}
	}
	literals(r.Pkg.Func("init"))
	origin := &Origin{Std: r.std}
	if pass.Module != nil {
		origin.Module = pass.Module.Path
	}
	pass.ExportPackageFact(origin)
	r.words()
	s := &solver{Result: r, free: map[*ssa.FreeVar][]Kept{}, read: map[slot]bool{}, various: map[*ssa.Function]bool{}}
	s.solve()
	for fn, f := range r.own {
		if obj, ok := fn.Object().(*types.Func); ok && obj.Pkg() == pass.Pkg && obj.Exported() && !f.empty() {
			pass.ExportObjectFact(obj, f)
		}
	}
	for v, fact := range r.vars {
		if v.Pkg() == pass.Pkg && v.Exported() {
			pass.ExportObjectFact(v, fact)
		}
	}
	return r, nil
}

func (f *Function) empty() bool {
	return f.Kept == nil && f.Writes == nil && f.Returns == nil && f.Gives == "" && f.Uses == ""
}

// Of returns what is known of a function; never nil.
func (r *Result) Of(fn *ssa.Function) *Function {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if f := r.own[fn]; f != nil {
		return f
	}
	f := new(Function)
	if obj, ok := fn.Object().(*types.Func); ok && obj.Pkg() != r.pass.Pkg {
		r.pass.ImportObjectFact(obj, f)
	}
	return f
}

// Var returns what is known of a package-level variable; never nil.
func (r *Result) Var(v *types.Var) *Variable {
	if f := r.vars[v]; f != nil {
		return f
	}
	f := new(Variable)
	if v.Pkg() != r.pass.Pkg {
		r.pass.ImportObjectFact(v, f)
	}
	return f
}

// Std reports whether a package is of the standard library.
func (r *Result) Std(pkg *types.Package) bool { return r.Origin(pkg).Std }

// StdPath reports whether the package at an import path, which this package
// imports directly or not, belongs to the standard library.
func (r *Result) StdPath(path string) bool {
	return slices.ContainsFunc(r.pass.AllPackageFacts(), func(f analysis.PackageFact) bool {
		o, ok := f.Fact.(*Origin)
		return ok && o.Std && f.Package.Path() == path
	})
}

// Origin returns what is known of where a package comes from.
func (r *Result) Origin(pkg *types.Package) *Origin {
	o := new(Origin)
	if pkg == r.pass.Pkg {
		o.Std = r.std
		if r.pass.Module != nil {
			o.Module = r.pass.Module.Path
		}
		return o
	}
	r.pass.ImportPackageFact(pkg, o)
	return o
}

// Virtual reports whether each image has its own copy of a variable: the
// variable changes, no directive makes it shared, and it does not belong to the
// standard library.
func (r *Result) Virtual(g *ssa.Global) bool {
	v, ok := g.Object().(*types.Var)
	if !ok || r.Std(v.Pkg()) {
		return false
	}
	f := r.Var(v)
	return f.Changes && !f.Shared
}

// Shared reports whether the author said that a variable is shared.
func (r *Result) Shared(g *ssa.Global) bool {
	v, ok := g.Object().(*types.Var)
	return ok && r.Var(v).Shared
}

// StdVariable returns the variable of the standard library that an instruction
// assigns, or whose parts, elements or referents it assigns: os.Args = nil,
// http.DefaultClient.Timeout = 1, unicode.Scripts["x"] = t. It is nil if the
// instruction surely assigns none.
func (r *Result) StdVariable(in ssa.Instruction) *ssa.Global {
	var into ssa.Value
	switch in := in.(type) {
	case *ssa.Store:
		into = in.Addr
	case *ssa.MapUpdate:
		into = in.Map
	default:
		return nil
	}
	roots := r.Roots(into)
	if len(roots) != 1 { // of several it may be another
		return nil
	}
	if g, ok := roots[0].(*ssa.Global); ok && r.Std(g.Pkg.Pkg) {
		return g
	}
	return nil
}

// InTest reports whether a position is in a test file.
func (r *Result) InTest(pos token.Pos) bool {
	return strings.HasSuffix(r.pass.Fset.Position(pos).Filename, "_test.go")
}

// Initialises reports whether a function is the package's initialisation
// itself, or an init function.
func Initialises(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#"))
}
