package plan

import (
	"go/ast"
	"go/token"
	"path"
	"strings"
)

// A Word is what the user said of a variable, above its declaration.
type Word struct {
	Verb   string // "shared" or "virtual"
	Reason string
	Pos    token.Pos
}

// Fate is the fate that the word asks for.
func (w Word) Fate() Fate {
	if w.Verb == "shared" {
		return Shared
	}
	return Virtual
}

func (w Word) text(p *Plan) string {
	if w.Reason != "" {
		return "by //vimage:" + w.Verb + " at " + p.place(w.Pos) + ": " + w.Reason
	}
	return "by //vimage:" + w.Verb + " at " + p.place(w.Pos)
}

// directives reads the comments that bind variables: go:linkname anywhere in a file, go:embed and vimage: above
// a declaration.
func directives(p *Plan, pkg *Package) {
	for _, lp := range pkg.Variants {
		for _, f := range lp.Files {
			if f.Package != lp {
				continue
			}
			for _, group := range f.Syntax.Comments {
				for _, c := range group.List {
					linkname(p, pkg, c)
				}
			}
			for _, d := range f.Syntax.Decls {
				if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.VAR {
					for _, spec := range gen.Specs {
						above(pkg, gen, spec.(*ast.ValueSpec))
					}
				}
			}
		}
	}
}

func linkname(p *Plan, pkg *Package, c *ast.Comment) {
	rest, ok := strings.CutPrefix(c.Text, "//go:linkname ")
	if !ok {
		return
	}
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return
	}
	remoteKnown := false
	if len(fields) > 1 {
		if i := strings.LastIndex(fields[1], "."); i > 0 {
			// The symbol's package path ends at the first dot after the last slash.
			dir, last := path.Split(fields[1])
			if name, member, ok := strings.Cut(last, "."); ok {
				if remote := p.Packages[dir+name]; remote != nil && remote != pkg {
					remoteKnown = true
					if v := remote.Vars[member]; v != nil {
						v.Uses.Linkname = c.Pos()
					}
				}
			}
		}
	}
	if v := pkg.Vars[fields[0]]; v != nil {
		v.Uses.Linkname = c.Pos()
		v.Uses.Pulled = len(fields) > 1 && !remoteKnown && v.init == nil
	}
}

// above reads the directives in the comment above a declaration. A group's comment speaks for
// each of its specs.
func above(pkg *Package, gen *ast.GenDecl, spec *ast.ValueSpec) {
	for _, doc := range []*ast.CommentGroup{gen.Doc, spec.Doc} {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			for _, name := range spec.Names {
				v := pkg.Vars[name.Name]
				if v == nil {
					continue
				}
				if strings.HasPrefix(c.Text, "//go:embed ") {
					v.Uses.Embed = c.Pos()
				}
				d, ok := ast.ParseDirective(c.Pos(), c.Text)
				if ok && d.Tool == "vimage" && (d.Name == "shared" || d.Name == "virtual") {
					v.Uses.Word = Word{Verb: d.Name, Reason: strings.TrimSpace(d.Args), Pos: c.Pos()}
				}
			}
		}
	}
}
