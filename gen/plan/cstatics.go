package plan

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-vimage/vimage/analyzers/cvars"
	"github.com/go-vimage/vimage/gen/load"
)

// A Finding is something other than a Go variable that cannot be virtualised.
type Finding struct {
	Pos    token.Position
	Name   string
	Reason string
}

// cStatics finds the variables of C code that a package brings: in cgo
// preambles and in its C files. The process has one of each. It reads
// declarations, not types: a variable is what is declared outside of functions,
// or as static inside one, and is neither const nor extern.
func cStatics(p *Plan, lp *load.Package) []Finding {
	var out []Finding
	more := 0
	scan := func(file string, line int, src string) {
		for _, v := range cvars.Scan(src) {
			if more++; more > maxCStatics {
				continue
			}
			out = append(out, Finding{
				Pos:    token.Position{Filename: file, Line: line + v.Line, Column: v.Col},
				Name:   "C variable " + v.Name,
				Reason: "the process has one of it; if the images may share it, say `shared " + lp.Path + ".C REASON` in " + SettingsFile,
			})
		}
	}
	for _, f := range lp.Files {
		if !f.Cgo {
			continue
		}
		for _, d := range f.Syntax.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.IMPORT {
				continue
			}
			for _, s := range gen.Specs {
				s := s.(*ast.ImportSpec)
				if s.Path.Value != `"C"` {
					continue
				}
				for _, doc := range []*ast.CommentGroup{gen.Doc, s.Doc} {
					if doc == nil {
						continue
					}
					at := p.Prog.Fset.Position(doc.Pos())
					scan(at.Filename, at.Line, cvars.Preamble(doc))
				}
			}
		}
	}
	for _, name := range slices.Concat(lp.CFiles, lp.CXXFiles, lp.MFiles, lp.HFiles) {
		path := filepath.Join(lp.Dir, name)
		if src, err := os.ReadFile(path); err == nil {
			scan(path, 1, string(src))
		}
	}
	if more > maxCStatics {
		last := &out[len(out)-1]
		last.Reason += fmt.Sprintf(" (and %d more in this package)", more-maxCStatics)
	}
	return out
}

// maxCStatics is how many of a package's C variables are reported, as the
// compiler reports ten errors.
const maxCStatics = 10
