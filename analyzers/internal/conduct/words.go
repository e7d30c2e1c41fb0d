package conduct

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// words reads //vimage:shared above declarations.
func (r *Result) words() {
	for _, f := range r.pass.Files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				spec := spec.(*ast.ValueSpec)
				if !says(gen.Doc) && !says(spec.Doc) {
					continue
				}
				for _, name := range spec.Names {
					if v, ok := r.pass.TypesInfo.Defs[name].(*types.Var); ok && name.Name != "_" {
						r.vars[v] = &Variable{Shared: true}
					}
				}
			}
		}
	}
}

func says(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if d, ok := ast.ParseDirective(c.Pos(), c.Text); ok && d.Tool == "vimage" && d.Name == "shared" {
			return true
		}
	}
	return false
}

// standard reports whether the package is of the standard library: it has no module, and lies in a tree that has
// package unsafe beside it. Where paths have been trimmed, its path decides.
func standard(pass *analysis.Pass) bool {
	path := strings.TrimSuffix(pass.Pkg.Path(), "_test")
	first, _, _ := strings.Cut(path, "/")
	if pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" || strings.Contains(first, ".") || len(pass.Files) == 0 {
		return false
	}
	file := pass.Fset.Position(pass.Files[0].Package).Filename
	if !filepath.IsAbs(file) {
		return true
	}
	root, ok := strings.CutSuffix(filepath.ToSlash(filepath.Dir(file)), "/src/"+path)
	if !ok {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "src", "unsafe", "unsafe.go"))
	return err == nil
}
