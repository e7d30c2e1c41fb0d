package plan

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// certain finds, by syntax alone, assignments in functions that are certain to
// run after initialisation as the proof sees it: main, tests, and what these
// call by name. Calls of methods, of values of functions, and in function
// literals that are not called on the spot are not followed, so it finds less
// than the proof does, and nothing else.
type certain struct {
	plan    *Plan
	fset    *token.FileSet
	parsed  map[*load.File]*ast.File // with identifiers resolved within the file
	writes  map[Key]string           // where a variable is assigned
	plugin  bool                     // main is called by no one
	started bool
}

func newCertain(p *Plan, plugin bool) *certain {
	return &certain{plan: p, plugin: plugin, fset: token.NewFileSet(), parsed: map[*load.File]*ast.File{}, writes: map[Key]string{}}
}

// written says where a variable, by one of its names, is certain to be
// assigned, or returns "".
func (c *certain) written(v *Var) string {
	if !c.started {
		c.started = true
		c.run()
	}
	for _, v := range v.names() {
		if at := c.writes[v.Key]; at != "" {
			return at
		}
	}
	return ""
}

// A function is one that is reached.
type reachedFunc struct {
	pkg  *load.Package
	file *load.File
	decl *ast.FuncDecl
}

func (c *certain) run() {
	var work []reachedFunc
	seen := map[*ast.FuncDecl]bool{}
	push := func(f reachedFunc) {
		if f.decl != nil && f.decl.Body != nil && !seen[f.decl] {
			seen[f.decl] = true
			work = append(work, f)
		}
	}
	for _, lp := range c.plan.Prog.Packages {
		if c.plan.Packages[lp.Path] == nil {
			continue
		}
		if lp.Name == "main" && !c.plugin {
			push(c.function(lp, "main"))
		}
		if lp.ForTest == "" {
			continue
		}
		for _, f := range lp.Files {
			if !f.Test || f.Package != lp {
				continue
			}
			for _, d := range c.file(f).Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
					push(reachedFunc{lp, f, fn})
				}
			}
		}
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		c.body(f, push)
	}
}

// file parses a file anew, with its identifiers resolved.
func (c *certain) file(f *load.File) *ast.File {
	if c.parsed[f] == nil {
		syntax, err := parser.ParseFile(c.fset, f.Path, f.Src, 0)
		if err != nil {
			syntax = &ast.File{Name: ast.NewIdent("broken")}
		}
		c.parsed[f] = syntax
	}
	return c.parsed[f]
}

// function finds a package's function of a name.
func (c *certain) function(lp *load.Package, name string) reachedFunc {
	for _, f := range lp.Files {
		for _, d := range f.Syntax.Decls { // without parsing what does not have it
			if fn, ok := d.(*ast.FuncDecl); !ok || fn.Recv != nil || fn.Name.Name != name {
				continue
			}
			for _, d := range c.file(f).Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == name {
					return reachedFunc{lp, f, fn}
				}
			}
		}
	}
	return reachedFunc{}
}

// body notes a function's assignments and calls.
func (c *certain) body(f reachedFunc, push func(reachedFunc)) {
	assigned := func(e ast.Expr) {
		lp, name := c.resolve(f, e)
		if lp == nil {
			return
		}
		k := Key{lp.Path, name}
		if c.plan.byName(k.Pkg, k.Name) != nil && c.writes[k] == "" {
			at := c.fset.Position(e.Pos())
			c.writes[k] = fmt.Sprintf("written in %s.%s (%s:%d)", base(f.pkg.Path), f.decl.Name.Name, base(at.Filename), at.Line)
		}
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
				ast.Inspect(lit.Body, visit)
			} else if lp, name := c.resolve(f, n.Fun); lp != nil && c.plan.Packages[lp.Path] != nil {
				push(c.function(lp, name))
			}
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					assigned(e)
				}
			}
		case *ast.IncDecStmt:
			assigned(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				for _, e := range []ast.Expr{n.Key, n.Value} {
					if e != nil {
						assigned(e)
					}
				}
			}
		}
		return true
	}
	ast.Inspect(f.decl.Body, visit)
}

// resolve returns the package and the name of what an expression names at
// package level, nil if that does not show.
func (c *certain) resolve(f reachedFunc, e ast.Expr) (*load.Package, string) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if e.Obj == nil || c.file(f.file).Scope.Lookup(e.Name) == e.Obj {
			return f.pkg, e.Name
		}
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		if !ok || x.Obj != nil {
			return nil, ""
		}
		for _, imp := range c.file(f.file).Imports {
			path := strings.Trim(imp.Path.Value, "`\"")
			if id, ok := f.pkg.ImportMap[path]; ok {
				path = id
			}
			lp := c.plan.Prog.ByID[path]
			if lp != nil && (imp.Name == nil && lp.Name == x.Name || imp.Name != nil && imp.Name.Name == x.Name) {
				return lp, e.Sel.Name
			}
		}
	}
	return nil, ""
}
