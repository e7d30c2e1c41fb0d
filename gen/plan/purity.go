package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// purity checks that an initialiser has no effect, and depends on nothing that differs between images.
type purity struct {
	plan *Plan
	info *types.Info
}

// check returns what is impure in e, or "".
func (c purity) check(e ast.Expr) (why string) {
	ast.Inspect(e, func(n ast.Node) bool {
		if why != "" {
			return false
		}
		if x, ok := n.(ast.Expr); ok {
			if tv := c.info.Types[x]; tv.Value != nil {
				return false // a constant
			}
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // not called here
		case *ast.CallExpr:
			if tv := c.info.Types[n.Fun]; tv.IsType() || isPureBuiltin(c.info, n.Fun) {
				return true
			}
			why = "calls " + types.ExprString(n.Fun)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				why = "receives from a channel"
			}
		case *ast.StarExpr:
			if !c.info.Types[n].IsType() {
				why = "reads through a pointer"
			}
		case *ast.Ident:
			obj, ok := c.info.Uses[n].(*types.Var)
			if !ok || obj.IsField() {
				return true
			}
			if v := c.plan.Var(obj); v == nil {
				why = "reads " + n.Name
			} else if v.Fate != Shared {
				why = "reads " + n.Name + ", which is virtual"
			}
		}
		return why == ""
	})
	return why
}

func isPureBuiltin(info *types.Info, fun ast.Expr) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := info.Uses[id].(*types.Builtin)
	if !ok {
		return false
	}
	switch b.Name() {
	case "len", "cap", "complex", "real", "imag", "min", "max", "make", "new":
		return true
	}
	return false
}
