package sharedvars

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/directive"
)

// function reads a function with //vimage:vdso.
func (r *reader) function(m directive.Mark) {
	name := m.Func.Name
	fn, _ := r.info.Defs[name].(*types.Func)
	if fn == nil {
		return
	}
	sig := fn.Signature()
	p := r.pageOf(sig)
	switch {
	case p == nil:
		r.problem(name.Pos(), ruleFunction, "%s: its first parameter is no pointer to a shared page", name.Name)
		return
	case sig.Variadic():
		r.problem(name.Pos(), ruleFunction, "%s is variadic: want a slice", name.Name)
		return
	case sig.Results().Len() == 0:
		r.problem(name.Pos(), ruleFunction, "%s returns nothing", name.Name)
		return
	}
	fallback := m.Args.(directive.Stub).Fallback
	if why := r.fallback(sig, fallback); why != "" {
		r.problem(name.Pos(), ruleFunction, "%s: %s", name.Name, why)
		return
	}
	method := Method(name.Name)
	clash := taken(method) || slices.ContainsFunc(p.Fields, func(f *Field) bool { return f.Name == method }) ||
		slices.ContainsFunc(p.Functions, func(f *Function) bool { return Method(f.Decl.Name.Name) == method })
	if clash {
		r.problem(name.Pos(), ruleFunction, "%s: the page's reader has another method %s", name.Name, method)
		return
	}
	f := &Function{Decl: m.Func, Fallback: fallback}
	if !r.uses(f, p, sig.Params().At(0)) {
		return
	}
	p.Functions = append(p.Functions, f)
}

// Method returns the name of the reader's method for a function.
func Method(name string) string {
	if c := name[0]; 'a' <= c && c <= 'z' {
		return string(c-'a'+'A') + name[1:]
	}
	return name
}

// pageOf returns the page that a function is about.
func (r *reader) pageOf(sig *types.Signature) *Page {
	if sig.Params().Len() == 0 {
		return nil
	}
	pointer, ok := sig.Params().At(0).Type().(*types.Pointer)
	if !ok {
		return nil
	}
	for _, p := range r.pages {
		if obj := r.info.Defs[p.Spec.Name]; obj != nil && types.Identical(obj.Type(), pointer.Elem()) {
			return p
		}
	}
	return nil
}

// fallback says why a name is no function like the one given, without the page.
func (r *reader) fallback(sig *types.Signature, name string) string {
	fn, ok := r.pkg.Scope().Lookup(name).(*types.Func)
	if !ok {
		return "fallback " + name + " is no function of the package"
	}
	var params []*types.Var
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	want := types.NewSignatureType(nil, nil, nil, types.NewTuple(params[1:]...), sig.Results(), false)
	if !types.Identical(fn.Type(), want) {
		q := types.RelativeTo(r.pkg)
		return "fallback " + name + " is a " + types.TypeString(fn.Type(), q) + ": want " + types.TypeString(want, q)
	}
	return ""
}

// uses finds the fields that a function reads: those that it selects, or all,
// if it uses the page in another way. A function that writes is refused.
func (r *reader) uses(f *Function, p *Page, param *types.Var) bool {
	used, selected := map[string]bool{}, map[*ast.Ident]bool{}
	all, good := false, true
	isPage := func(e ast.Expr) bool {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.Ident:
				return r.info.Uses[x] == param
			default:
				return false
			}
		}
	}
	write := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.SelectorExpr:
				if isPage(x.X) {
					good = false
					r.problem(x.Pos(), ruleFunction, "%s writes to %s, which only its publisher does", f.Decl.Name.Name, spell(x))
				}
			case *ast.StarExpr:
				if isPage(x) {
					good = false
					r.problem(x.Pos(), ruleFunction, "%s writes to the page, which only its publisher does", f.Decl.Name.Name)
				}
			}
			return
		}
	}
	if f.Decl.Body == nil {
		all = true
	} else {
		ast.Inspect(f.Decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					write(e)
				}
			case *ast.IncDecStmt:
				write(n.X)
			case *ast.SelectorExpr:
				if id, ok := n.X.(*ast.Ident); ok && r.info.Uses[id] == param {
					if slices.ContainsFunc(p.Fields, func(f *Field) bool { return f.Name == n.Sel.Name }) {
						used[n.Sel.Name], selected[id] = true, true
					}
				}
			case *ast.Ident:
				if r.info.Uses[n] == param && !selected[n] {
					all = true
				}
			}
			return true
		})
	}
	for _, field := range p.Fields {
		if all || used[field.Name] {
			f.Uses = append(f.Uses, field)
		}
	}
	if good && len(f.Uses) == 0 {
		r.problem(f.Decl.Name.Pos(), ruleFunction, "%s reads nothing of the page", f.Decl.Name.Name)
		return false
	}
	return good
}
