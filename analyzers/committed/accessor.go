package committed

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/naming"
)

// accessors reports mentions of variables that have accessors. Those in an
// adopted package of the same module are vimagegen generate's to rewrite.
func (c *checker) accessors() {
	if len(c.pass.Files) == 0 {
		return
	}
	root := c.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for at := range root.Preorder((*ast.Ident)(nil)) {
		id := at.Node().(*ast.Ident)
		v, ok := c.pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.Pkg() == nil || v.Pkg() == c.pass.Pkg || v.Parent() != v.Pkg().Scope() {
			continue
		}
		f := c.facts[v.Pkg()]
		if !f.Adopted || c.fact.Adopted && c.fact.Module != "" && c.fact.Module == f.Module {
			continue
		}
		accessor := accessorOf(v)
		if accessor == nil {
			continue
		}
		name := v.Pkg().Path() + "." + v.Name()
		object := name
		for file := range at.Enclosing((*ast.File)(nil)) {
			if in := finding.Enclosing(file.Node().(*ast.File), id.Pos()); in != "" {
				object = in + ":" + name
			}
		}
		m := mention{c.pass, at, accessor, accessor.Name() + "()"}
		if sel, ok := at.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == id {
			m.at, m.call = at.Parent(), sel.X.(*ast.Ident).Name+"."+m.call
		}
		d := analysis.Diagnostic{
			Pos: m.at.Node().Pos(), End: m.at.Node().End(), Category: finding.Category(ruleAccessor, object),
			Message: fmt.Sprintf("%s is virtual: in a build with -tags vimage its package has no"+
				" such variable; %s returns its address in both builds", name, m.call),
		}
		switch id, dot := m.at.Node().(*ast.Ident); {
		case dot && m.hidden(id):
			d.Message += "; the accessor's name has another meaning here"
		case m.constant():
			d.Message += "; a constant cannot call it, and has to be written in another way"
		default:
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message: "use " + m.call, TextEdits: []analysis.TextEdit{m.edit()},
			}}
		}
		c.pass.Report(d)
	}
}

// accessorOf returns the function of a variable's package that returns its
// address, nil if there is none.
func accessorOf(v *types.Var) *types.Func {
	fn, ok := v.Pkg().Scope().Lookup(naming.Field + v.Name()).(*types.Func)
	if !ok || fn.Signature().Params().Len() != 0 || fn.Signature().Results().Len() != 1 {
		return nil
	}
	p, ok := fn.Signature().Results().At(0).Type().(*types.Pointer)
	if !ok || !types.Identical(p.Elem(), v.Type()) {
		return nil
	}
	return fn
}

// A mention is an expression that is a variable's name.
type mention struct {
	pass     *analysis.Pass
	at       inspector.Cursor // p.X, or X by a dot import
	accessor *types.Func
	call     string // p.V_X()
}

// edit changes the mention to a call of the accessor.
func (m *mention) edit() analysis.TextEdit {
	n := m.at.Node()
	edit := analysis.TextEdit{Pos: n.Pos(), End: n.End()}
	kind, _ := m.at.ParentEdge()
	text := "*" + m.call
	switch kind {
	case edge.UnaryExpr_X:
		if u := m.at.Parent().Node().(*ast.UnaryExpr); u.Op == token.AND {
			edit.Pos, edit.End, text = u.Pos(), u.End(), m.call
		}
	case edge.SelectorExpr_X:
		text = "(" + text + ")"
		if _, ok := m.pass.TypesInfo.TypeOf(n.(ast.Expr)).Underlying().(*types.Struct); ok {
			text = m.call
		}
	case edge.IndexExpr_X, edge.IndexListExpr_X, edge.SliceExpr_X, edge.CallExpr_Fun, edge.TypeAssertExpr_X:
		text = "(" + text + ")"
	case edge.BinaryExpr_Y: // a slash and a star would begin a comment
		if m.at.Parent().Node().(*ast.BinaryExpr).Op == token.QUO {
			text = "(" + text + ")"
		}
	}
	edit.NewText = []byte(text)
	return edit
}

// hidden reports whether the accessor's plain name has another meaning where a
// dot-imported variable is mentioned.
func (m *mention) hidden(id *ast.Ident) bool {
	scope := m.pass.Pkg.Scope().Innermost(id.Pos())
	if scope == nil {
		return true
	}
	_, obj := scope.LookupParent(m.accessor.Name(), id.Pos())
	return obj != m.accessor
}

// constant reports whether the mention has to be part of a constant. The only
// constants that mention a variable and may not call a function are len and cap
// of an array. Where such a constant is a value like any other, a call is
// allowed.
func (m *mention) constant() bool {
	var length inspector.Cursor
	for call := range m.at.Enclosing((*ast.CallExpr)(nil)) {
		if m.isConstant(call) && m.isLength(call.Node().(*ast.CallExpr)) {
			length = call
		}
	}
	if !length.Valid() {
		return false
	}
	at := length
	for ; m.isConstant(at.Parent()); at = at.Parent() {
		if b, ok := at.Parent().Node().(*ast.BinaryExpr); ok && (b.Op == token.SHL || b.Op == token.SHR) {
			return true // the type of the other operand depends on this
		}
	}
	switch kind, _ := at.ParentEdge(); kind {
	case edge.ArrayType_Len, edge.KeyValueExpr_Key:
		return true
	case edge.ValueSpec_Values:
		return at.Parent().Parent().Node().(*ast.GenDecl).Tok == token.CONST
	}
	return false
}

func (m *mention) isConstant(at inspector.Cursor) bool {
	e, ok := at.Node().(ast.Expr)
	return ok && m.pass.TypesInfo.Types[e].Value != nil
}

func (m *mention) isLength(call *ast.CallExpr) bool {
	fn, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := m.pass.TypesInfo.Uses[fn].(*types.Builtin)
	return ok && (b.Name() == "len" || b.Name() == "cap")
}
