package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// storesThrough reports whether the statement around an expression gives a
// value to memory that the expression's value refers to. It sees what stands in
// the statement itself: a store through a copy of the value, or in a function
// that gets it, is the proof's to find.
func (c *collector) storesThrough(path ast.Expr, i int) bool {
	for ; i >= 0; i-- {
		switch n := c.stack[i].(type) {
		case *ast.ParenExpr:
			path = n
		case *ast.SelectorExpr:
			if sel := c.pkg.Info.Selections[n]; sel == nil || sel.Kind() != types.FieldVal {
				return false
			}
			path = n
		case *ast.IndexExpr:
			if n.X != path {
				return false
			}
			path = n
		case *ast.SliceExpr:
			if n.X != path {
				return false
			}
			path = n
		case *ast.StarExpr:
			path = n
		case *ast.UnaryExpr:
			return n.Op == token.AND
		case *ast.IncDecStmt:
			return true
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if lhs == path {
					return true
				}
			}
			return false
		case *ast.RangeStmt:
			return n.Key == path || n.Value == path
		case *ast.SendStmt:
			return n.Chan == path
		case *ast.CallExpr:
			id, ok := ast.Unparen(n.Fun).(*ast.Ident)
			if !ok || len(n.Args) == 0 || n.Args[0] != path {
				return false
			}
			b, ok := c.pkg.Info.Uses[id].(*types.Builtin)
			return ok && (b.Name() == "delete" || b.Name() == "clear" || b.Name() == "copy" || b.Name() == "close")
		default:
			return false
		}
	}
	return false
}

// function names the declared function that the current node stands in, "" for
// none.
func (c *collector) function() string {
	for _, n := range c.stack {
		if fn, ok := n.(*ast.FuncDecl); ok {
			return funcName(fn)
		}
	}
	return ""
}

// funcName spells a function as stack traces do, without type parameters: F,
// T.M, (*T).M.
func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	t, star := ast.Unparen(fn.Recv.List[0].Type), false
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = ast.Unparen(s.X), true
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	name := types.ExprString(t)
	if star {
		name = "(*" + name + ")"
	}
	return name + "." + fn.Name.Name
}
