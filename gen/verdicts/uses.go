package verdicts

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/go-vimage/vimage/analyzers/perprocess"
)

// uses looks at each literal, and at each name of a constant, in a file.
type uses struct {
	info  *types.Info
	plain bool // see isPlain
	// asks reports whether a function may change nothing by a number that it is
	// called with (runtime.GOMAXPROCS(0)): package plan looks at that.
	asks func(types.Object) bool
	// found is called with the literal or the name, and whether no constraint
	// depends on its value there.
	found func(e ast.Expr, free bool)
}

func (u *uses) file(f *ast.File) {
	ast.PreorderStack(f, nil, func(n ast.Node, stack []ast.Node) bool {
		switch e := n.(type) {
		case *ast.BasicLit:
			u.found(e, u.free(e, stack))
		case *ast.Ident:
			if _, ok := u.info.Uses[e].(*types.Const); ok {
				u.found(e, u.free(e, stack))
			}
		}
		return true
	})
}

// free reports whether no constraint depends on a constant's value. The stack
// has the nodes around it, the file first.
func (u *uses) free(e ast.Expr, stack []ast.Node) bool {
	tv, typed := u.info.Types[e]
	if !u.plain || !typed {
		return false
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	if !ok {
		return false // it is converted to an interface, or has the type of a type parameter
	}
	text := basic.Info()&types.IsString != 0
	if !text && basic.Info()&types.IsNumeric == 0 {
		return false
	}
	var n ast.Node = e
	for {
		if _, ok := stack[len(stack)-1].(*ast.ParenExpr); !ok {
			break
		}
		n, stack = stack[len(stack)-1], stack[:len(stack)-1]
	}
	switch parent := stack[len(stack)-1].(type) {
	case *ast.CallExpr:
		fun := u.info.Types[parent.Fun]
		if !text && u.asks(u.called(parent.Fun)) {
			return false
		}
		return n != parent.Fun && !fun.IsType() && !fun.IsBuiltin() && u.info.Types[parent].Value == nil
	case *ast.ReturnStmt:
		return true
	case *ast.CompositeLit:
		return n != parent.Type
	case *ast.KeyValueExpr:
		_, in := stack[len(stack)-2].(*ast.CompositeLit)
		return in && n == parent.Value
	case *ast.ValueSpec:
		decl, ok := stack[len(stack)-2].(*ast.GenDecl)
		_, global := stack[len(stack)-3].(*ast.File)
		return ok && decl.Tok == token.VAR && n != parent.Type && (text || global)
	case *ast.AssignStmt:
		return text
	case *ast.BinaryExpr:
		return text && u.info.Types[parent].Value == nil
	}
	return false
}

// called returns the object that a called expression names, or nil.
func (u *uses) called(fun ast.Expr) types.Object {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return u.info.Uses[fun]
	case *ast.SelectorExpr:
		return u.info.Uses[fun.Sel]
	}
	return nil
}

// asking returns the function for uses.asks.
func asking() func(types.Object) bool {
	table, err := perprocess.NewTable()
	return func(obj types.Object) bool {
		if err != nil || obj == nil {
			return err != nil
		}
		_, fn := table.Lookup(obj)
		return fn.Asks
	}
}
