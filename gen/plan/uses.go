package plan

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/gen/load"
)

// Uses is what the program's text does with a variable, anywhere. A position
// that is not valid means: nowhere.
type Uses struct {
	Written  token.Pos // assigned after its initialiser, it or a part of it that lies in it
	InitOnly bool      // every such write stands directly in an init function of its own package
	Address  token.Pos // address taken: by &, by a pointer method, by slicing an array
	Linkname token.Pos // named by a go:linkname directive
	Named    bool      // such a directive gives the variable a symbol, or another variable this one's
	Pulled   bool      // that directive makes it another name of a variable of the standard library, and of one that is not virtual
	Imported bool      // that directive makes it the name of what the dynamic linker provides (go:cgo_import_dynamic)
	Embed    token.Pos // bears a go:embed directive
	Asm      AsmUse
	Word     Word // the user's
}

// collect fills what the program's text says of all planned variables.
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
	p.outside()
	sizes(p)
	for _, pkg := range p.Order {
		for _, v := range pkg.Vars {
			slices.SortFunc(v.Reads, byPosition)
			slices.SortFunc(v.Writes, byPosition)
		}
	}
}

// outside fills what directives and assembly say.
func (p *Plan) outside() {
	joins(p)
	for _, pkg := range p.Order {
		p.directives(pkg)
		assembly(p, pkg)
	}
	for _, j := range p.joins {
		j.merge()
	}
}

func byPosition(a, b Use) int {
	return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
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
			switch obj := c.pkg.Info.Uses[id].(type) {
			case *types.Var:
				if v := c.plan.Var(obj); v != nil {
					c.use(v, id)
				}
			case *types.Func:
				if !c.pkg.Standard && obj.Pkg() != nil && c.plan.std.table.Has(obj.Pkg().Path()) {
					c.plan.std.names[obj.FullName()] = true
				}
			}
		}
		c.stack = append(c.stack, n)
		return true
	})
}

// use classifies one mention of v, and notes it.
func (c *collector) use(v *Var, id *ast.Ident) {
	how, path, i := c.inside(v, id)
	if how == Read && c.storesThrough(path, i) {
		how = Through
	}
	use := Use{Pos: c.plan.Prog.Fset.Position(id.Pos()), How: how, Func: c.function(), Pkg: c.pkg.Path}
	if how == Read {
		v.Reads = append(v.Reads, use)
	} else {
		v.Writes = append(v.Writes, use)
	}
}

// inside finds the largest expression that denotes v or memory that lies in it,
// and what is done to that. It returns the expression, and the place in the
// stack of what stands around it.
func (c *collector) inside(v *Var, id *ast.Ident) (how How, path ast.Expr, i int) {
	info := c.pkg.Info
	path = id
	address := func() (How, ast.Expr, int) {
		v.Uses.Address = id.Pos()
		return Address, path, i
	}
	assigned := func() (How, ast.Expr, int) {
		c.written(v, id)
		return Assigned, path, i
	}
	for i = len(c.stack) - 1; i >= 0; i-- {
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
				return Read, path, i
			}
			switch sel.Kind() {
			case types.FieldVal:
				if isPointer(info.TypeOf(path)) || throughPointer(sel) {
					return Read, path, i
				}
				path = n
				continue
			case types.MethodVal:
				if recv := sel.Obj().(*types.Func).Signature().Recv(); recv != nil && isPointer(recv.Type()) &&
					!isPointer(info.TypeOf(path)) && !throughPointer(sel) {
					return address()
				}
			}
			return Read, path, i
		case *ast.IndexExpr:
			if n.X != path || !isArray(info.TypeOf(path)) {
				return Read, path, i
			}
			path = n
			continue
		case *ast.SliceExpr:
			if n.X == path && isArray(info.TypeOf(path)) {
				return address()
			}
			return Read, path, i
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				return address()
			}
			return Read, path, i
		case *ast.IncDecStmt:
			return assigned()
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if lhs == path {
					return assigned()
				}
			}
			return Read, path, i
		case *ast.RangeStmt:
			if n.Key == path || n.Value == path {
				return assigned()
			}
			return Read, path, i
		default:
			return Read, path, i
		}
	}
	return Read, path, i
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

// throughPointer reports whether a selection passes an embedded pointer on its
// way.
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
