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

// linknames reads the go:linkname directives of the whole program. One that names a second symbol ties a variable
// to it, whichever side declares the directive; one without only permits that.
func linknames(p *Plan) {
	for _, lp := range p.Prog.Packages {
		pkg := p.Packages[lp.Path]
		for _, f := range lp.Files {
			if f.Package != lp {
				continue
			}
			for _, group := range f.Syntax.Comments {
				for _, c := range group.List {
					if fields := strings.Fields(c.Text); len(fields) == 3 && fields[0] == "//go:linkname" {
						p.linkname(pkg, fields[1], fields[2], c.Pos())
					}
				}
			}
		}
	}
}

// standard reports whether a package of the program is of the standard library.
func (p *Plan) standard(path string) bool {
	lp := p.Prog.ByID[path]
	return lp != nil && lp.Standard
}

func (p *Plan) linkname(pkg *Package, local, symbol string, pos token.Pos) {
	// The symbol's package path ends at the first dot after the last slash.
	dir, last := path.Split(symbol)
	name, member, _ := strings.Cut(last, ".")
	remote := p.Packages[dir+name]
	tied := false
	if remote != nil && remote != pkg {
		if v := remote.Vars[member]; v != nil {
			v.Uses.Linkname = pos
			tied = true
		}
	}
	if pkg == nil {
		return
	}
	if v := pkg.Vars[local]; v != nil {
		v.Uses.Linkname = pos
		v.Uses.Pulled = v.init == nil && !tied && p.standard(dir+name)
	}
}

// directives reads the comments above a package's declarations: go:embed and vimage:.
func directives(pkg *Package) {
	for _, lp := range pkg.Variants {
		for _, f := range lp.Files {
			if f.Package != lp {
				continue
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
