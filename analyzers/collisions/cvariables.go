package collisions

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/cvars"
	"github.com/go-vimage/vimage/analyzers/settings"
)

// maxC is how many of a package's C variables are reported, as the compiler
// reports ten errors.
const maxC = 10

// cVariables reports the variables of the package's C code.
func (c *checker) cVariables() error {
	var found []analysis.Diagnostic
	add := func(v cvars.Var, pos token.Pos) {
		found = append(found, analysis.Diagnostic{
			Pos: pos, End: pos + token.Pos(len(v.Name)), Category: ruleC,
			Message: fmt.Sprintf("C variable %s: the process has one of it, so all images share it; keep the state in Go, or, if they may share it, say `shared %s.C REASON` in vimage.settings", v.Name, c.pass.Pkg.Path()),
		})
	}
	uses := false
	for _, f := range c.pass.Files {
		docs, imports := c.preambles(f)
		uses = uses || imports
		for _, doc := range docs {
			file := c.pass.Fset.File(doc.Pos())
			first := file.PositionFor(doc.Pos(), false)
			for _, v := range cvars.Scan(cvars.Preamble(doc)) {
				at := file.LineStart(first.Line+v.Line) + token.Pos(v.Col-1)
				if v.Line == 0 {
					at = doc.Pos() + token.Pos(v.Col-1)
				}
				add(v, at)
			}
		}
	}
	if !uses {
		return nil // C beside Go without cgo is not compiled
	}
	words, err := settings.Near(c.pass.Fset, c.pass.Files)
	if err != nil {
		return err
	}
	if words[strings.TrimSuffix(c.pass.Pkg.Path(), "_test")+".C"].Shared {
		return nil
	}
	for _, path := range slices.Sorted(slices.Values(c.pass.OtherFiles)) {
		if !slices.Contains([]string{".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx"}, filepath.Ext(path)) {
			continue
		}
		src, err := c.pass.ReadFile(path)
		if err != nil {
			return err
		}
		file := c.pass.Fset.AddFile(path, -1, len(src))
		file.SetLinesForContent(src)
		for _, v := range cvars.Scan(string(src)) {
			add(v, file.LineStart(v.Line+1)+token.Pos(v.Col-1))
		}
	}
	for i, d := range found[:min(len(found), maxC)] {
		if i == maxC-1 && len(found) > maxC {
			d.Message += fmt.Sprintf(" (and %d more in this package)", len(found)-maxC)
		}
		c.report(d)
	}
	return nil
}

// preambles returns the comments above the file's imports of "C", and whether
// there is such an import. cgo takes the import away, so the author's file is
// read again; one that cannot be read is cgo's own.
func (c *checker) preambles(f *ast.File) (docs []*ast.CommentGroup, imports bool) {
	if c.cgo(f) {
		path := c.path(f)
		src, err := os.ReadFile(path) // the pass offers only what cgo made
		if err != nil {
			return nil, false
		}
		if f, err = parser.ParseFile(c.pass.Fset, path, src, parser.ParseComments|parser.ImportsOnly); err != nil {
			return nil, false
		}
	}
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			continue
		}
		for _, s := range gen.Specs {
			s := s.(*ast.ImportSpec)
			if s.Path.Value != `"C"` {
				continue
			}
			imports = true
			for _, doc := range []*ast.CommentGroup{gen.Doc, s.Doc} {
				if doc != nil {
					docs = append(docs, doc)
				}
			}
		}
	}
	return docs, imports
}
