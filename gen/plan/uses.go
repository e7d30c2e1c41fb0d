package plan

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/go-vimage/vimage/gen/load"
)

// Uses is what the program's text does with a variable, anywhere. A position that is not
// valid means: nowhere.
type Uses struct {
	Written  token.Pos // assigned after its initialiser, it or a part of it that lies in it
	InitOnly bool      // every such write stands directly in an init function of its own package
	Address  token.Pos // address taken: by &, by a pointer method, by slicing an array
	Longest  token.Pos // (*regexp.Regexp).Longest called on it
	Linkname token.Pos // named by a go:linkname directive
	Pulled   bool      // that directive makes it another name of a variable of the standard library, and of one that is not virtual
	Embed    token.Pos // bears a go:embed directive
	Asm      AsmUse
	Word     Word // the user's
}

// collect fills the Uses of all planned variables.
func collect(p *Plan) {
	for _, pkg := range p.Order {
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				if f.Package == lp {
					(&collector{plan: p, pkg: lp, file: f}).walk()
				}
			}
		}
	}
	for _, pkg := range p.Order {
		directives(pkg)
		assembly(p, pkg)
	}
	linknames(p)
}

// A collector reads one file.
type collector struct {
	plan  *Plan
	pkg   *load.Package
	file  *load.File
	stack []ast.Node
}

func (c *collector) walk() {
	ast.Inspect(c.file.Syntax, func(n ast.Node) bool {
		if n == nil {
			c.stack = c.stack[:len(c.stack)-1]
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			if v := c.plan.Var(c.pkg.Info.Uses[id]); v != nil {
				c.use(v, id)
			}
		}
		c.stack = append(c.stack, n)
		return true
	})
}

// use classifies one mention of v: what is the largest expression that denotes v or memory that lies in it, and
// what is done to that.
func (c *collector) use(v *Var, id *ast.Ident) {
	info := c.pkg.Info
	var path ast.Expr = id
	i := len(c.stack) - 1
	for ; i >= 0; i-- {
		switch n := c.stack[i].(type) {
		case *ast.ParenExpr:
			path = n
			continue
		case *ast.SelectorExpr:
			if n.Sel == path { // the qualifier's selector: pkg.X
				path = n
				continue
			}
			sel := info.Selections[n]
			if sel == nil {
				return
			}
			switch sel.Kind() {
			case types.FieldVal:
				if isPointer(info.TypeOf(path)) || throughPointer(sel) {
					return
				}
				path = n
				continue
			case types.MethodVal:
				if n.Sel.Name == "Longest" && isRegexp(info.TypeOf(path)) {
					v.Uses.Longest = id.Pos()
				}
				if recv := sel.Obj().(*types.Func).Signature().Recv(); recv != nil && isPointer(recv.Type()) &&
					!isPointer(info.TypeOf(path)) && !throughPointer(sel) {
					v.Uses.Address = id.Pos()
				}
			}
			return
		case *ast.IndexExpr:
			if n.X != path || !isArray(info.TypeOf(path)) {
				return
			}
			path = n
			continue
		case *ast.SliceExpr:
			if n.X == path && isArray(info.TypeOf(path)) {
				v.Uses.Address = id.Pos()
			}
			return
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				v.Uses.Address = id.Pos()
			}
			return
		case *ast.IncDecStmt:
			c.written(v, id)
			return
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if lhs == path {
					c.written(v, id)
				}
			}
			return
		case *ast.RangeStmt:
			if n.Key == path || n.Value == path {
				c.written(v, id)
			}
			return
		default:
			return
		}
	}
}

func (c *collector) written(v *Var, id *ast.Ident) {
	in := c.inInit() && c.pkg.Path == v.Pkg
	if !v.Uses.Written.IsValid() {
		v.Uses.InitOnly = in
	} else if !in {
		v.Uses.InitOnly = false
	}
	if !v.Uses.Written.IsValid() || !in {
		v.Uses.Written = id.Pos()
	}
}

// inInit reports whether the current node stands directly in an init function.
func (c *collector) inInit() bool {
	for _, n := range c.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv != nil || n.Name.Name != "init" {
				return false
			}
		case *ast.FuncLit, *ast.GoStmt:
			return false
		}
	}
	return true
}

// throughPointer reports whether a selection passes an embedded pointer on its way.
func throughPointer(sel *types.Selection) bool {
	t := sel.Recv()
	index := sel.Index()
	for _, i := range index[:len(index)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return true
		}
		t = s.Field(i).Type()
		if isPointer(t) {
			return true
		}
	}
	return false
}

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isArray(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Array)
	return ok
}
