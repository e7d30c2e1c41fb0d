package rewrite

import (
	"go/ast"
	"go/types"
	"slices"
)

// constant replaces a constant call over a virtual variable, len(x) or
// unsafe.Sizeof(x), by one whose operand is an array type's value of the same
// measure. It reports whether it did.
func (fr *fileRewriter) constant(call *ast.CallExpr) bool {
	tv := fr.lp.Info.Types[call]
	if tv.Value == nil || len(call.Args) != 1 || !fr.measures(call) {
		return false
	}
	found := false
	ast.Inspect(call.Args[0], func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && fr.taken(fr.lp.Info.Uses[id]) != nil {
			found = true
		}
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				if _, ok := fr.lp.Info.Uses[id].(*types.PkgName); ok {
					if v := fr.taken(fr.lp.Info.Uses[sel.Sel]); v != nil {
						fr.keep[id.Name+"."+fr.names.parts[fr.partOf(v)].Hook] = true
					}
				}
			}
		}
		return true
	})
	if !found {
		return false
	}
	operand := "[" + tv.Value.ExactString() + "]struct{}{}"
	if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Kind() == types.Uintptr {
		operand = "[" + tv.Value.ExactString() + "]bool{}"
		if b := fr.builtinName(call); b == "Alignof" || b == "Offsetof" {
			fr.edits.replace(call.Pos(), call.End(), fr.unsafeName(call)+"Sizeof("+operand+")")
			return true
		}
	}
	fr.edits.replace(call.Args[0].Pos(), call.Args[0].End(), operand)
	return true
}

// measures reports whether a call is of a builtin that can be constant over a
// variable.
func (fr *fileRewriter) measures(call *ast.CallExpr) bool {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	default:
		return false
	}
	_, ok := fr.lp.Info.Uses[id].(*types.Builtin)
	return ok && slices.Contains([]string{"len", "cap", "Sizeof", "Alignof", "Offsetof"}, id.Name)
}

// builtinName returns the name of the builtin that is called.
func (fr *fileRewriter) builtinName(call *ast.CallExpr) string {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// unsafeName returns the qualifier under which the call's file knows package
// unsafe.
func (fr *fileRewriter) unsafeName(call *ast.CallExpr) string {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X.(*ast.Ident).Name + "."
	}
	return ""
}
