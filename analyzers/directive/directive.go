package directive

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Tool is the name that stands before the colon.
const Tool = "vimage"

// A Problem is a directive that makes no sense.
type Problem struct {
	Pos     token.Pos
	Message string
}

// Read returns the words of a file, by the name in the variable's declaration,
// and its problems in the order of the text. A variable with contradicting
// words has the last of them.
func Read(f *ast.File) (map[*ast.Ident]Word, []Problem) {
	r := newReader(f)
	return r.words, r.problems
}

func newReader(f *ast.File) *reader {
	r := &reader{words: map[*ast.Ident]Word{}, places: map[*ast.CommentGroup]place{}}
	r.declarations(f)
	for _, group := range f.Comments {
		for _, c := range group.List {
			r.comment(group, c)
		}
	}
	r.contradictions()
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Pos, b.Pos) })
	return r
}

// A place is the declaration that a comment stands above.
type place struct {
	kind kind
	vars []*ast.Ident
	fn   *ast.FuncDecl
	spec *ast.TypeSpec
}

type reader struct {
	words    map[*ast.Ident]Word
	marks    []Mark
	places   map[*ast.CommentGroup]place
	problems []Problem
}

// declarations notes what each comment above a declaration speaks for. A
// group's comment speaks for all of its specs.
func (r *reader) declarations(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			r.places[d.Doc] = place{kind: function, fn: d}
		case *ast.GenDecl:
			all := place{}
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
					own := place{kind: variable, vars: spec.Names}
					r.places[spec.Doc] = own
					all = place{kind: variable, vars: append(all.vars, own.vars...)}
				}
				if spec, ok := spec.(*ast.TypeSpec); ok && d.Lparen.IsValid() {
					r.places[spec.Doc] = place{kind: typ, spec: spec}
				}
			}
			if spec := typeSpec(d); spec != nil {
				all = place{kind: typ, spec: spec}
			}
			r.places[d.Doc] = all
		}
	}
}

func (r *reader) comment(group *ast.CommentGroup, c *ast.Comment) {
	text, ok := strings.CutPrefix(c.Text, "//"+Tool+":")
	if !ok {
		return
	}
	complain := func(format string, args ...any) {
		r.problems = append(r.problems, Problem{c.Pos(), fmt.Sprintf(format, args...)})
	}
	d, ok := ast.ParseDirective(c.Pos(), c.Text)
	if !ok || d.Tool != Tool {
		verb, _, _ := strings.Cut(strings.TrimLeft(text, " \t"), " ")
		verb = text[:strings.Index(text, verb)] + verb
		complain("malformed directive //%s:%s: want //%s:VERB, in lower case and without a space", Tool, verb, Tool)
		return
	}
	i := slices.IndexFunc(table(), func(e entry) bool { return e.verb == d.Name })
	if i < 0 {
		complain("unknown directive //%s:%s", Tool, d.Name)
		return
	}
	e := table()[i]
	at := r.places[group]
	if !slices.Contains(e.above, at.kind) {
		complain("//%s:%s does not stand above %s", Tool, d.Name, spell(e.above))
		return
	}
	e.parse(r, at, d, complain)
}

// typeSpec returns the only type that a declaration declares, or nil.
func typeSpec(d *ast.GenDecl) *ast.TypeSpec {
	if len(d.Specs) != 1 {
		return nil
	}
	spec, _ := d.Specs[0].(*ast.TypeSpec)
	return spec
}
