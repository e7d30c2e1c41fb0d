package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Static reports whether the compiler lays an initialiser out in the data
// section, whatever its flags are. Then the variable has its value before
// anything runs, whatever its place in the order of initialisation: an
// initialiser that comes to it by a way that the order does not know (an
// interface's method) finds it there.
//
// The rule is that of cmd/compile/internal/staticinit, without what depends on
// other decisions of the compiler: a call, which it may inline, and a copy of
// another variable. See [Plan.layOut] for these.
func Static(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	if tv.Value != nil || tv.IsNil() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return true
	case *ast.Ident:
		_, ok := info.Uses[e].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		if sel := info.Selections[e]; sel != nil {
			return sel.Kind() == types.MethodExpr
		}
		_, ok := info.Uses[e.Sel].(*types.Func)
		return ok
	case *ast.IndexExpr: // an instance of a generic function
		return isFunc(info, e.X)
	case *ast.IndexListExpr:
		return isFunc(info, e.X)
	case *ast.CallExpr:
		return info.Types[e.Fun].IsType() && len(e.Args) == 1 && staticConversion(info, tv.Type, e.Args[0])
	case *ast.UnaryExpr:
		if e.Op != token.AND {
			return false
		}
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && Static(info, lit) || placed(info, e.X)
	case *ast.CompositeLit:
		if isMap(litType(info, e)) {
			return false
		}
		for _, x := range e.Elts {
			if !Static(info, value(x)) {
				return false
			}
		}
		return true
	}
	return false
}

// litType returns the type of the memory that a composite literal fills, where
// its & may be left out.
func litType(info *types.Info, e *ast.CompositeLit) types.Type {
	t := info.Types[e].Type.Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	return t
}

// value returns an element of a composite literal without its key.
func value(e ast.Expr) ast.Expr {
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		return kv.Value
	}
	return e
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// isFunc reports whether an expression names a function.
func isFunc(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := info.Uses[e].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := info.Uses[e.Sel].(*types.Func)
		return ok
	}
	return false
}

// staticConversion reports whether the compiler lays out a conversion to a
// type: that of a constant string to bytes or runes, and of what is static
// where the conversion changes no bit of it, or puts it into an interface.
func staticConversion(info *types.Info, to types.Type, e ast.Expr) bool {
	from := info.Types[e]
	if from.IsNil() {
		return true
	}
	if slice, ok := to.Underlying().(*types.Slice); ok && from.Value != nil {
		_, basic := slice.Elem().Underlying().(*types.Basic)
		return basic
	}
	return Static(info, e) && (types.IsInterface(to) || sameBits(from.Type, to))
}

// sameBits reports whether a conversion between two types that are no
// interfaces leaves the value as it is.
func sameBits(from, to types.Type) bool {
	if types.IsInterface(from) || types.IsInterface(to) {
		return false
	}
	from, to = from.Underlying(), to.Underlying()
	word := func(t types.Type) bool {
		b, ok := t.(*types.Basic)
		return isPointer(t) || ok && (b.Kind() == types.UnsafePointer || b.Kind() == types.Uintptr)
	}
	return types.IdenticalIgnoreTags(from, to) || word(from) && word(to)
}

// placed reports whether an expression is a package-level variable, or a part
// of one that lies in it.
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
