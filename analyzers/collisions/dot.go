package collisions

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// dotImports reports dot imports that bring in a hook of the name of this
// package's own.
func (c *checker) dotImports() {
	own := naming.Of(c.pass.Pkg.Name(), 1)
	for _, f := range c.files {
		for _, spec := range f.Imports {
			if spec.Name == nil || spec.Name.Name != "." {
				continue
			}
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			pkg := c.imported(path)
			if pkg == nil || naming.Of(pkg.Name(), 1).Hook != own.Hook || !hasVars(pkg) || !c.generates() {
				continue
			}
			d := analysis.Diagnostic{
				Pos: spec.Pos(), End: spec.End(), Category: ruleDot,
				Message: fmt.Sprintf("the dot import of %s brings in its hook %s, and this package's has the same name; in a committed build one of them gets a number: name the import", path, own.Hook),
			}
			if fix, ok := c.qualify(f, spec, pkg); ok {
				d.SuggestedFixes = []analysis.SuggestedFix{fix}
			}
			c.report(d)
		}
	}
}

func (c *checker) imported(path string) *types.Package {
	for _, p := range c.pass.Pkg.Imports() {
		if p.Path() == path {
			return p
		}
	}
	return nil
}

func hasVars(pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		if _, ok := pkg.Scope().Lookup(name).(*types.Var); ok {
			return true
		}
	}
	return false
}

// qualify names a dot import and qualifies its uses.
func (c *checker) qualify(f *ast.File, spec *ast.ImportSpec, pkg *types.Package) (analysis.SuggestedFix, bool) {
	if c.cgo(f) {
		return analysis.SuggestedFix{}, false
	}
	name := c.fresh(pkg.Name())
	edits := []analysis.TextEdit{{Pos: spec.Name.Pos(), End: spec.Name.End(), NewText: []byte(name)}}
	qualified := map[*ast.Ident]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			qualified[n.Sel] = true
		case *ast.Ident:
			obj := c.pass.TypesInfo.Uses[n]
			if obj != nil && obj.Parent() == pkg.Scope() && !qualified[n] {
				edits = append(edits, analysis.TextEdit{Pos: n.Pos(), End: n.Pos(), NewText: []byte(name + ".")})
			}
		}
		return true
	})
	return analysis.SuggestedFix{Message: fmt.Sprintf("import %s as %s", pkg.Path(), name), TextEdits: edits}, true
}
