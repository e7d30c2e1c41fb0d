package plan

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Simple is the decider that looks at one variable at a time: no proof reaches through a pointer.
type Simple struct{}

// Decide implements [Decider].
func (Simple) Decide(p *Plan, v *Var) (Fate, string) {
	u := &v.Uses
	switch {
	case u.Written.IsValid():
		return Virtual, "written at " + p.place(u.Written)
	case u.Address.IsValid():
		return Virtual, "its address is taken at " + p.place(u.Address)
	case u.Asm.Written != "":
		return Virtual, "assembly writes it at " + u.Asm.Written
	case u.Asm.Constant != "":
		return Shared, "read-only data defined by assembly at " + u.Asm.Constant
	case u.Asm.Address != "":
		return Virtual, "assembly takes its address at " + u.Asm.Address
	case v.init == nil && noPointers(v.Obj.Type()):
		return Shared, "never written; its type holds no pointers"
	case v.init == nil && isFunc(v.Obj.Type()):
		return Shared, "never written; always nil"
	case v.init == nil && u.Embed.IsValid() && isEmbedFS(v.Obj.Type()):
		return Shared, "never written; an embedded file system"
	case v.init == nil:
		return Virtual, "its type " + types.TypeString(v.Obj.Type(), types.RelativeTo(v.Obj.Pkg())) + " holds pointers"
	case v.init.tuple:
		return Virtual, "its initialiser is a call"
	}
	pure := purity{p, v.init.pkg.Info}
	info := v.init.pkg.Info
	rhs := ast.Unparen(v.init.rhs)
	switch {
	case noPointers(v.Obj.Type()):
		if why := pure.check(rhs); why != "" {
			return Virtual, "its initialiser " + why
		}
		return Shared, "never written; its type holds no pointers"
	case isFunc(v.Obj.Type()):
		if isCode(info, rhs) {
			return Shared, "never written; a function without captured variables"
		}
	case types.IsInterface(v.Obj.Type()) && noPointers(info.TypeOf(rhs)):
		if why := pure.check(rhs); why != "" {
			return Virtual, "its initialiser " + why
		}
		return Shared, "never written; an interface around a value that holds no pointers"
	case isCallOf(info, rhs, "errors", "New"), isCallOf(info, rhs, "fmt", "Errorf"):
		if why := pure.args(rhs.(*ast.CallExpr)); why != "" {
			return Virtual, "its initialiser " + why
		}
		return Shared, "never written; an error made of constants"
	case isCallOf(info, rhs, "regexp", "MustCompile"), isCallOf(info, rhs, "regexp", "MustCompilePOSIX"):
		if u.Longest.IsValid() {
			return Virtual, "Longest is called on it at " + p.place(u.Longest)
		}
		if why := pure.args(rhs.(*ast.CallExpr)); why != "" {
			return Virtual, "its initialiser " + why
		}
		return Shared, "never written; a regular expression made of constants"
	}
	return Virtual, "its type " + types.TypeString(v.Obj.Type(), types.RelativeTo(v.Obj.Pkg())) + " holds pointers"
}

// purity checks that an initialiser has no effect, and depends on nothing that differs between images.
type purity struct {
	plan *Plan
	info *types.Info
}

func (c purity) args(call *ast.CallExpr) string {
	for _, a := range call.Args {
		if why := c.check(a); why != "" {
			return why
		}
	}
	return ""
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

// isCode reports whether e denotes a function that captures nothing: a literal at package level,
// a declared function, a method expression, or an instance of one.
func isCode(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return true
	case *ast.Ident:
		_, ok := info.Uses[e].(*types.Func)
		_, isNil := info.Uses[e].(*types.Nil)
		return ok || isNil
	case *ast.SelectorExpr:
		if sel := info.Selections[e]; sel != nil {
			return sel.Kind() == types.MethodExpr
		}
		_, ok := info.Uses[e.Sel].(*types.Func)
		return ok
	case *ast.IndexExpr:
		return isCode(info, e.X)
	case *ast.IndexListExpr:
		return isCode(info, e.X)
	}
	return false
}

func isCallOf(info *types.Info, e ast.Expr, pkg, name string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	default:
		return false
	}
	fn, ok := info.Uses[id].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == pkg && fn.Name() == name && fn.Signature().Recv() == nil
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isRegexp(t types.Type) bool { return t != nil && t.String() == "*regexp.Regexp" }

func isEmbedFS(t types.Type) bool { return t.String() == "embed.FS" }
