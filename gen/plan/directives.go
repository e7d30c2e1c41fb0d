package plan

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
)

// A Word is what the user said of a variable, above its declaration.
type Word directive.Word

// Fate is the fate that the word asks for.
func (w Word) Fate() Fate {
	switch w.Verb {
	case directive.Shared:
		return Shared
	case directive.Virtual, directive.Pcpustat, directive.Sysctl:
		return Virtual
	}
	panic("no fate for //vimage:" + w.Verb)
}

func (w Word) text(p *Plan) string {
	if w.Reason != "" {
		return "by //vimage:" + w.Verb + " at " + p.place(w.Pos) + ": " + w.Reason
	}
	return "by //vimage:" + w.Verb + " at " + p.place(w.Pos)
}

// standard reports whether a package of the program is of the standard library.
func (p *Plan) standard(path string) bool {
	lp := p.Prog.ByID[path]
	return lp != nil && lp.Standard
}

// directives reads the comments above a package's declarations: go:embed and
// vimage:.
func (p *Plan) directives(pkg *Package) {
	for _, lp := range pkg.Variants {
		for _, f := range lp.Files {
			if f.Package != lp {
				continue
			}
			embeds(pkg, f.Syntax)
			if pkg.Standard {
				continue
			}
			words, problems := directive.Read(f.Syntax)
			for id, w := range words {
				if v := pkg.Vars[id.Name]; v != nil {
					v.Uses.Word = Word(w)
				}
			}
			p.marks(pkg, lp, f)
			for _, q := range problems {
				p.Problems = append(p.Problems, Problem{p.Prog.Fset.Position(q.Pos), q.Message})
			}
		}
	}
}

func embeds(pkg *Package, f *ast.File) {
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			for _, doc := range []*ast.CommentGroup{gen.Doc, spec.Doc} {
				if doc == nil {
					continue
				}
				for _, c := range doc.List {
					for _, name := range spec.Names {
						if v := pkg.Vars[name.Name]; v != nil && strings.HasPrefix(c.Text, "//go:embed ") {
							v.Uses.Embed = c.Pos()
						}
					}
				}
			}
		}
	}
}
