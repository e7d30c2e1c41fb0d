package conduct

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Roots returns what an address, or a value with references in it, was come by
// from: package-level variables, parameters, free variables, memory made here,
// and results of calls that do not lead back to an argument.
func (r *Result) Roots(v ssa.Value) []ssa.Value {
	w := rootWalker{result: r, seen: map[ssa.Value]bool{}}
	w.visit(v)
	return w.out
}

type rootWalker struct {
	result *Result
	seen   map[ssa.Value]bool
	out    []ssa.Value
}

func (w *rootWalker) visit(v ssa.Value) {
	if v == nil || w.seen[v] {
		return
	}
	w.seen[v] = true
	switch v := v.(type) {
	case *ssa.FieldAddr:
		w.visit(v.X)
	case *ssa.IndexAddr:
		w.visit(v.X)
	case *ssa.Field:
		w.visit(v.X)
	case *ssa.Index:
		w.visit(v.X)
	case *ssa.Lookup:
		w.visit(v.X)
	case *ssa.Slice:
		w.visit(v.X)
	case *ssa.SliceToArrayPointer:
		w.visit(v.X)
	case *ssa.ChangeType:
		w.visit(v.X)
	case *ssa.ChangeInterface:
		w.visit(v.X)
	case *ssa.MakeInterface:
		w.visit(v.X)
	case *ssa.Convert:
		w.visit(v.X)
	case *ssa.TypeAssert:
		w.visit(v.X)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			w.call(call, v)
			return
		}
		w.visit(v.Tuple)
	case *ssa.Next:
		w.visit(v.Iter)
	case *ssa.Range:
		w.visit(v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if cell, ok := v.X.(*ssa.Alloc); ok { // a local variable that lives in memory
				for _, ref := range *cell.Referrers() {
					if s, ok := ref.(*ssa.Store); ok && s.Addr == cell {
						w.visit(s.Val)
					}
				}
				return
			}
		}
		w.visit(v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			w.visit(e)
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			w.visit(v.Call.Args[0])
			return
		}
		w.call(v, v)
	default:
		w.out = append(w.out, v)
	}
}

// global returns the package-level variable of a qualified name, or nil if its
// package is not known here.
func (r *Result) global(name string) *ssa.Global {
	i := strings.LastIndex(name, ".")
	pkg := r.Pkg
	if path := name[:i]; path != pkg.Pkg.Path() {
		if pkg = r.Pkg.Prog.ImportedPackage(path); pkg == nil {
			return nil
		}
	}
	g, _ := pkg.Members[name[i+1:]].(*ssa.Global)
	return g
}

// call goes on with the arguments and variables that a call's result can be
// reached from.
func (w *rootWalker) call(call *ssa.Call, result ssa.Value) {
	known := false
	if callee := call.Call.StaticCallee(); callee != nil {
		for _, i := range w.result.Of(callee).Returns {
			if i < len(call.Call.Args) {
				w.visit(call.Call.Args[i])
				known = true
			}
		}
		if name := w.result.Of(callee).Gives; name != "" {
			if g := w.result.global(name); g != nil {
				w.visit(g)
				known = true
			}
		}
	}
	if !known {
		w.out = append(w.out, result)
	}
}
