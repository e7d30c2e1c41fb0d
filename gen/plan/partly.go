package plan

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/go-vimage/vimage/gen/load"
)

// A partly finds the initialisers of which the compiler may lay out something,
// though not, or not for certain, all: see [Static].
//
//	T{a: f(), b: 9}         b
//	&T{a: f()}              the pointer
//	fmt.Stringer(f())       the type's word
//	errors.New("base")      all, if the call is inlined
//	other                   all, if no call before may have changed the variable
type partly struct {
	bodies map[*types.Func]*ast.FuncDecl
	infos  map[*types.Func]*types.Info
}

func newPartly(prog *load.Program) *partly {
	p := &partly{bodies: map[*types.Func]*ast.FuncDecl{}, infos: map[*types.Func]*types.Info{}}
	for _, lp := range prog.Packages {
		if lp.Info == nil {
			continue
		}
		for _, f := range lp.Syntax {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					if fn, ok := lp.Info.Defs[d.Name].(*types.Func); ok {
						p.bodies[fn], p.infos[fn] = d, lp.Info
					}
				}
			}
		}
	}
	return p
}

// may reports whether the compiler may lay out a part of e where it is assigned
// to memory of a type.
func (p *partly) may(info *types.Info, e ast.Expr, to types.Type) bool {
	tv := info.Types[e]
	if Static(info, e) || to != nil && tv.Type != nil && types.IsInterface(to) && !types.IsInterface(tv.Type) {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return p.copied(info.Uses[e])
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return e.Op == token.AND && ok && lit != nil
	case *ast.CompositeLit:
		if _, elided := info.Types[e].Type.Underlying().(*types.Pointer); elided {
			return true
		}
		switch t := litType(info, e).(type) {
		case *types.Slice:
			return true
		case *types.Array:
			return p.any(info, e.Elts, func(int, ast.Expr) types.Type { return t.Elem() })
		case *types.Struct:
			return p.any(info, e.Elts, func(i int, x ast.Expr) types.Type { return fieldOf(info, t, i, x).Type() })
		}
	case *ast.CallExpr:
		if info.Types[e.Fun].IsType() {
			return len(e.Args) == 1 && p.may(info, e.Args[0], tv.Type)
		}
		return p.inlined(info, e)
	}
	return false
}

func (p *partly) any(info *types.Info, elts []ast.Expr, to func(int, ast.Expr) types.Type) bool {
	for i, x := range elts {
		if p.may(info, value(x), to(i, x)) {
			return true
		}
	}
	return false
}

// fieldOf returns the field that the i-th element of a struct's literal is for.
func fieldOf(info *types.Info, t *types.Struct, i int, x ast.Expr) *types.Var {
	if kv, ok := x.(*ast.KeyValueExpr); ok {
		return info.Uses[kv.Key.(*ast.Ident)].(*types.Var)
	}
	return t.Field(i)
}

// copied reports whether the compiler may copy a variable's value at compile
// time. A string may be set by the linker.
func (p *partly) copied(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	if !ok || v.Parent() != v.Pkg().Scope() {
		return false
	}
	b, ok := v.Type().Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsString == 0
}

// inlined reports whether the compiler may lay out what a call returns: that of
// a function which it knows, and whose body is a single return statement of one
// value, when what is never executed has been taken away.
func (p *partly) inlined(info *types.Info, call *ast.CallExpr) bool {
	var fn *types.Func
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit:
		return returnsOnly(info, f.Body)
	case *ast.IndexExpr:
		fn = funcOf(info, f.X)
	case *ast.IndexListExpr:
		fn = funcOf(info, f.X)
	default:
		fn = funcOf(info, f)
	}
	if fn == nil {
		return false
	}
	fn = fn.Origin()
	decl := p.bodies[fn]
	return decl != nil && decl.Body != nil && returnsOnly(p.infos[fn], decl.Body)
}

// funcOf returns the function or method that an expression names, or nil.
func funcOf(info *types.Info, e ast.Expr) *types.Func {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		fn, _ := info.Uses[e].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[e.Sel].(*types.Func)
		return fn
	}
	return nil
}

// returnsOnly reports whether a function's body may be a single return
// statement to the compiler.
func returnsOnly(info *types.Info, body *ast.BlockStmt) bool {
	for i, s := range body.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return len(s.Results) == 1
		case *ast.IfStmt:
			if s.Init != nil || info.Types[s.Cond].Value == nil {
				return false
			}
			if i == len(body.List)-1 {
				return true
			}
		case *ast.SwitchStmt, *ast.BlockStmt, *ast.LabeledStmt:
			return true
		case *ast.EmptyStmt:
		case *ast.DeclStmt:
			if d, ok := s.Decl.(*ast.GenDecl); !ok || d.Tok == token.VAR {
				return false
			}
		default:
			return false
		}
	}
	return false
}
