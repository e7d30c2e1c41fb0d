package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Static reports whether the compiler lays out what an initialiser gives: a constant, a function, a variable's address, a
// struct, an array or a slice of these, a pointer to one. Such a variable has its value before anything runs, whatever its
// place in the order of initialisation; an initialiser that comes to it by ways that the order does not know (an
// interface's method) finds it there.
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
		return e.Op == token.AND && (ok && Static(info, lit) || placed(info, e.X))
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

// placed reports whether an expression is a package-level variable, or a part of one that lies in it.
func placed(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		return ok && !v.IsField()
	case *ast.SelectorExpr:
		sel := info.Selections[e]
		if sel == nil { // another package's
			return placed(info, e.Sel)
		}
		return sel.Kind() == types.FieldVal && !sel.Indirect() && placed(info, e.X)
	case *ast.IndexExpr:
		_, array := info.Types[e.X].Type.Underlying().(*types.Array)
		return array && info.Types[e.Index].Value != nil && placed(info, e.X)
	}
	return false
}
