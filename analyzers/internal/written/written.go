// Package written lists the package-level variables that a package's own text
// changes, for analyzers that skip variables which do not change.
//
// Input: one type-checked package. Output: the position of the first change of
// each variable that changes. A change is an assignment after the initialiser,
// also of an element or field, taking the address by & or by a call of a
// pointer method, a send, a delete, a clear, and a range into the variable. In
// an init function only taking the address counts.
//
// It is one syntactic pass. Limits: it follows no aliases and reads no other
// package; package globals proves what changes.
package written

import (
	"go/ast"
	"go/token"
	"go/types"
)

// In returns the changed variables, of this package and of others, each with
// the first place.
func In(info *types.Info, files []*ast.File) map[*types.Var]token.Pos {
	w := &walker{info: info, found: map[*types.Var]token.Pos{}}
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			w.init = ok && fn.Recv == nil && fn.Name.Name == "init"
			ast.Inspect(d, w.node)
		}
	}
	return w.found
}

type walker struct {
	info  *types.Info
	found map[*types.Var]token.Pos
	init  bool // in an init function, and in none of its literals
}

func (w *walker) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		if w.init {
			(&walker{info: w.info, found: w.found}).walk(n.Body)
			return false
		}
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, l := range n.Lhs {
				w.write(l)
			}
		}
	case *ast.IncDecStmt:
		w.write(n.X)
	case *ast.SendStmt:
		w.write(n.Chan)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			w.write(n.Key)
			w.write(n.Value)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			w.mark(n.X)
		}
	case *ast.SliceExpr:
		if w.is(n.X, func(t types.Type) bool { _, ok := t.(*types.Array); return ok }) {
			w.mark(n.X)
		}
	case *ast.CallExpr:
		w.call(n)
	case *ast.SelectorExpr:
		if s := w.info.Selections[n]; s != nil && s.Kind() == types.MethodVal {
			recv := s.Obj().(*types.Func).Signature().Recv()
			if w.pointer(recv.Type()) { // it may write what it points to
				w.mark(n.X)
			}
		}
	}
	return true
}

func (w *walker) call(n *ast.CallExpr) {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || len(n.Args) == 0 {
		return
	}
	if b, ok := w.info.Uses[id].(*types.Builtin); ok {
		switch b.Name() {
		case "delete", "clear", "copy", "close":
			w.write(n.Args[0])
		}
	}
}

func (w *walker) pointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func (w *walker) is(e ast.Expr, ok func(types.Type) bool) bool {
	t := w.info.TypeOf(e)
	return t != nil && ok(t.Underlying())
}

func (w *walker) walk(n ast.Node) { ast.Inspect(n, w.node) }

// write notes what a write changes, unless it is part of the initialisation.
func (w *walker) write(e ast.Expr) {
	if !w.init {
		w.mark(e)
	}
}

// mark notes the package-level variable in or through which an expression
// denotes memory.
func (w *walker) mark(e ast.Expr) {
	if v := Root(w.info, e); v != nil {
		if _, ok := w.found[v]; !ok {
			w.found[v] = e.Pos()
		}
	}
}

// Root returns the package-level variable that an expression of selectors,
// indices, slices and dereferences begins with, or nil.
func Root(info *types.Info, e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.SelectorExpr:
			if v := level(info.Uses[x.Sel]); v != nil {
				return v
			}
			e = x.X
		case *ast.Ident:
			return level(info.Uses[x])
		default:
			return nil
		}
	}
}

// level returns obj if it is a package-level variable, else nil.
func level(obj types.Object) *types.Var {
	if v, ok := obj.(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return v
	}
	return nil
}
