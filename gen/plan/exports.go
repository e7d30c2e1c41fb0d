package plan

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An Export is a function that C may call (//export) and that uses a virtual
// variable, by itself or through functions that it mentions. On a thread that C
// created, it has an image only where the program runs in one alone.
type Export struct {
	Name string
	Pos  token.Position
	Var  *Var
	Use  Use // one use of the variable
}

// Exports lists them, by position. Calls of interface methods and of function
// values are not followed: the list is for the reader, and rests on names.
func (p *Plan) Exports() []Export {
	var out []Export
	var w *uses
	for _, pkg := range p.Order {
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				if f.Package != lp {
					continue
				}
				for _, d := range f.Syntax.Decls {
					fn, ok := d.(*ast.FuncDecl)
					if !ok || !exported(fn) {
						continue
					}
					if w == nil {
						w = newUses(p)
					}
					if v, use := w.find(lp.Info.Defs[fn.Name]); v != nil {
						out = append(out, Export{fn.Name.Name, p.Prog.Fset.Position(fn.Name.Pos()), v, use})
					}
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Export) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset))
	})
	return out
}

// exported reports whether cgo exports a function to C.
func exported(fn *ast.FuncDecl) bool {
	return fn.Doc != nil && slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool {
		name, ok := strings.CutPrefix(c.Text, "//export ")
		return ok && strings.TrimSpace(name) != ""
	})
}

// uses finds what functions mention.
type uses struct {
	plan   *Plan
	bodies map[string]*mentions // by the function's full name: variants have objects of their own
}

// mentions is what one function's body mentions.
type mentions struct {
	v     *Var // the first virtual variable
	use   Use
	funcs []string
}

func newUses(p *Plan) *uses {
	w := &uses{p, map[string]*mentions{}}
	for _, pkg := range p.Order {
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				if f.Package != lp {
					continue
				}
				for _, d := range f.Syntax.Decls {
					if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
						if obj, ok := lp.Info.Defs[fn.Name].(*types.Func); ok {
							w.bodies[obj.FullName()] = w.body(lp.Info, fn)
						}
					}
				}
			}
		}
	}
	return w
}

func (w *uses) body(info *types.Info, fn *ast.FuncDecl) *mentions {
	m := &mentions{}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch obj := info.Uses[id].(type) {
		case *types.Func:
			m.funcs = append(m.funcs, obj.Origin().FullName())
		case *types.Var:
			if v := w.plan.IsVirtual(obj); v != nil && m.v == nil {
				m.v, m.use = v, Use{Pos: w.plan.Prog.Fset.Position(id.Pos()), Func: funcName(fn)}
			}
		}
		return true
	})
	return m
}

// find searches breadth first, so that the use is a near one.
func (w *uses) find(obj types.Object) (*Var, Use) {
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil, Use{}
	}
	queue, seen := []string{fn.FullName()}, map[string]bool{}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		m := w.bodies[name]
		if m == nil || seen[name] {
			continue
		}
		seen[name] = true
		if m.v != nil {
			return m.v, m.use
		}
		queue = append(queue, m.funcs...)
	}
	return nil, Use{}
}
