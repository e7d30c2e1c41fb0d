// Package managed finds accesses to variables that are accessed by calls:
// counters by P (//vimage:pcpustat), and settings that change while the program
// runs (//vimage:sysctl NAME rw).
//
// Input: a plan. Output: the accesses, which gen/rewrite spells as calls, and a
// finding for each access that has no such spelling. For a counter x:
//
//	x++         becomes pcpu.Add(&...Here(), 1)
//	return x    becomes ...Sum()
//	x = 0       is refused
//	p := &x     is refused
package managed

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/sysctls"
)

// An Op is what is done to the variable.
type Op int

const (
	Read   Op = iota
	Add       // x += n, x++, atomic.AddUint64(&x, n): of counters
	Sub       // x -= n, x--: of counters
	Sum       // atomic.LoadUint64(&x): of counters
	Store     // x = v: of settings
	Update    // x += n, x++ and so on: of settings
)

// An Access is one place where a marked variable is mentioned.
type Access struct {
	Op   Op
	Var  *plan.Var
	Node ast.Node // what is spelled anew: a statement or a call, and the mention for Read
	Root ast.Expr // the mention: x or pkg.X
	Path ast.Expr // the part of the variable that is accessed: Root, or a selection from it
	Arg  ast.Expr // the right side; nil for ++ and --
	Tok  token.Token
	Fun  string // for atomic operations, the function as the author calls it
}

// Find returns a file's accesses by node.
func Find(p *plan.Plan, lp *load.Package, f *load.File) (map[ast.Node]*Access, []plan.Finding) {
	c := &finder{plan: p, lp: lp, found: map[ast.Node]*Access{}}
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		if n == nil {
			c.stack = c.stack[:len(c.stack)-1]
			return true
		}
		c.stack = append(c.stack, n)
		if id, ok := n.(*ast.Ident); ok {
			if v := p.IsVirtual(lp.Info.Uses[id]); v != nil && v.Mark != plan.Unmarked {
				c.mention(id, v)
			}
		}
		return true
	})
	return c.found, c.findings
}

// Any reports whether a program has marked variables: most have none, and need
// no search.
func Any(p *plan.Plan) bool {
	for _, pkg := range p.Order {
		for _, v := range pkg.Vars {
			if v.Mark != plan.Unmarked {
				return true
			}
		}
	}
	return false
}

// Check returns what cannot be spelled anew in a whole program.
func Check(p *plan.Plan) []plan.Finding {
	if !Any(p) {
		return nil
	}
	var all []plan.Finding
	for _, pkg := range p.Order {
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				if f.Package == lp {
					_, findings := Find(p, lp, f)
					all = append(all, findings...)
				}
			}
		}
	}
	return all
}

type finder struct {
	plan     *plan.Plan
	lp       *load.Package
	stack    []ast.Node
	found    map[ast.Node]*Access
	findings []plan.Finding
}

func (c *finder) refuse(n ast.Node, v *plan.Var, what string) {
	kind := "counters by P (//vimage:pcpustat): they can be added to and read"
	if v.Mark == plan.Setting {
		kind = "a setting (//vimage:sysctl) that may change at any time: it can be read and assigned"
	}
	c.findings = append(c.findings, plan.Finding{
		Pos: c.plan.Prog.Fset.Position(n.Pos()), Name: "variable " + v.Name, Reason: what + ", but it is " + kind,
	})
}

// mention follows a mention, the innermost node of the stack, up to what is
// done with it.
func (c *finder) mention(id *ast.Ident, v *plan.Var) {
	a := &Access{Var: v, Root: id}
	i := len(c.stack) - 2
	if sel, ok := c.stack[i].(*ast.SelectorExpr); ok && sel.Sel == id {
		a.Root = sel
		i--
	}
	a.Path = a.Root
	for ; i >= 0; i-- {
		switch n := c.stack[i].(type) {
		case *ast.ParenExpr:
			a.Path = n
			continue
		case *ast.SelectorExpr:
			sel := c.lp.Info.Selections[n]
			if sel != nil && sel.Kind() == types.FieldVal {
				a.Path = n
				continue
			}
			if sel != nil && sel.Kind() == types.MethodVal {
				if _, ok := sel.Obj().(*types.Func).Signature().Recv().Type().Underlying().(*types.Pointer); ok {
					c.refuse(n, v, "method "+n.Sel.Name+" takes its address")
					return
				}
			}
			c.read(a)
			return
		case *ast.IndexExpr:
			if n.X == a.Path && c.isArray(n.X) {
				a.Path = n
				continue
			}
			c.read(a)
			return
		default:
			c.use(a, i)
			return
		}
	}
}

func (c *finder) isArray(e ast.Expr) bool {
	_, ok := c.lp.Info.TypeOf(e).Underlying().(*types.Array)
	return ok
}

func (c *finder) read(a *Access) { a.Node, a.Path = a.Root, a.Root; c.found[a.Node] = a }

// use decides by the node around the path.
func (c *finder) use(a *Access, i int) {
	v := a.Var
	switch n := c.stack[i].(type) {
	case *ast.IncDecStmt:
		a.Node, a.Tok = n, n.Tok
		c.change(a, map[token.Token]Op{token.INC: Add, token.DEC: Sub})
	case *ast.AssignStmt:
		if !slices.Contains(n.Lhs, a.Path) {
			c.read(a)
			return
		}
		if len(n.Lhs) > 1 {
			c.refuse(n, v, "it is assigned together with others")
			return
		}
		a.Node, a.Tok, a.Arg = n, n.Tok, n.Rhs[0]
		c.change(a, map[token.Token]Op{token.ADD_ASSIGN: Add, token.SUB_ASSIGN: Sub})
	case *ast.RangeStmt:
		if n.Key == a.Path || n.Value == a.Path {
			c.refuse(n, v, "a range statement assigns it")
			return
		}
		c.read(a)
	case *ast.SliceExpr:
		if n.X == a.Path && c.isArray(n.X) {
			c.refuse(n, v, "a slice of it is taken")
			return
		}
		c.read(a)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.address(a, n, i)
			return
		}
		c.read(a)
	default:
		c.read(a)
	}
}

// change enters an assignment.
func (c *finder) change(a *Access, counting map[token.Token]Op) {
	if a.Var.Mark == plan.Setting {
		a.Op = Update
		if a.Tok == token.ASSIGN {
			a.Op = Store
		}
	} else {
		op, ok := counting[a.Tok]
		if !ok {
			c.refuse(a.Node, a.Var, "it is assigned")
			return
		}
		a.Op = op
	}
	c.found[a.Node] = a
}

// address decides what becomes of &x: the argument of an atomic operation, or
// of package sysctl, is well.
func (c *finder) address(a *Access, n *ast.UnaryExpr, i int) {
	call, fn := c.callOf(n, i)
	switch {
	case fn == nil || fn.Pkg() == nil:
	case a.Var.Mark == plan.Setting && (fn.Pkg().Path() == sysctls.Path || fn.Pkg().Path() == "sync/atomic"):
		return // the mention stays as it is
	case a.Var.Mark == plan.Stat && fn.Pkg().Path() == "sync/atomic" && len(fn.Name()) > 4:
		a.Node = call
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				a.Fun = x.Name + "." + sel.Sel.Name
			}
		} else {
			a.Fun = fn.Name()
		}
		_, statement := c.stack[i-2].(*ast.ExprStmt)
		switch {
		case fn.Name()[:3] == "Add" && statement:
			a.Op, a.Arg = Add, call.Args[1]
			c.found[a.Node] = a
			return
		case fn.Name()[:4] == "Load":
			a.Op = Sum
			c.found[a.Node] = a
			return
		case fn.Name()[:3] == "Add":
			c.refuse(n, a.Var, "the result of "+fn.Name()+" is used")
			return
		}
	}
	c.refuse(n, a.Var, "its address is taken")
}

// callOf returns the call of which &x is the first argument, and the function
// that is called.
func (c *finder) callOf(n *ast.UnaryExpr, i int) (*ast.CallExpr, *types.Func) {
	if i == 0 {
		return nil, nil
	}
	call, ok := c.stack[i-1].(*ast.CallExpr)
	if !ok {
		return nil, nil
	}
	fun := ast.Unparen(call.Fun)
	if ix, ok := fun.(*ast.IndexExpr); ok { // with type arguments
		fun = ix.X
	}
	var id *ast.Ident
	switch f := fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil, nil
	}
	fn, _ := c.lp.Info.Uses[id].(*types.Func)
	if fn == nil || fn.Signature().Recv() != nil {
		return nil, nil
	}
	return call, fn
}
