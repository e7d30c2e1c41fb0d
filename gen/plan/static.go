package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Static reports whether the compiler lays out what an initialiser gives: a constant, a function, a struct, an array or
// a slice of these, a pointer to one. Such a variable has its value before anything runs, whatever its place in the order of
// initialisation; an initialiser that comes to it by ways that the order does not know (an interface's method) finds it there.
func Static(info *types.Info, e ast.Expr) bool {
	if tv := info.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return true
	case *ast.Ident:
		_, ok := info.Uses[e].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		fn, ok := info.Uses[e.Sel].(*types.Func)
		return ok && fn.Signature().Recv() == nil
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && e.Op == token.AND && Static(info, lit)
	case *ast.CompositeLit:
		t := info.Types[e].Type.Underlying()
		if ptr, ok := t.(*types.Pointer); ok { // an element whose & is left out
			t = ptr.Elem().Underlying()
		}
		if _, ok := t.(*types.Map); ok {
			return false
		}
		for _, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Value
			}
			if !Static(info, x) {
				return false
			}
		}
		return true
	}
	return false
}
