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

// The verbs that decide a variable's fate.
const (
	Shared  = "shared"
	Virtual = "virtual"
)

// A Word is what the author said of a variable: shared, with a reason, or virtual.
type Word struct {
	Verb   string
	Reason string // "" if there is none
	Pos    token.Pos
}

// A Problem is a directive that makes no sense.
type Problem struct {
	Pos     token.Pos
	Message string
}

// Read returns the words of a file, by the name in the variable's declaration, and its problems in the order of the
// text. A variable with contradicting words has the last of them.
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

// A place is what a comment stands above.
type place struct {
	kind kind
	vars []*ast.Ident
	fn   *ast.FuncDecl
	spec *ast.TypeSpec
}

type kind int

const (
	elsewhere kind = iota
	variable
	function
	typ
)

// where says, for each verb, what it may stand above.
func where(verb string) (kinds []kind, spelled string) {
	switch verb {
	case Shared, Virtual, Pcpustat:
		return []kind{variable}, "a package-level variable"
	case Sysinit, Sysuninit, Weak, Strong, Refine, Super, Module:
		return []kind{function}, "a function"
	case Sysctl:
		return []kind{function, variable}, "a function or a package-level variable"
	case SharedPage:
		return []kind{typ}, "a type"
	case Vdso:
		return []kind{function}, "a function"
	}
	return nil, ""
}

type reader struct {
	words    map[*ast.Ident]Word
	marks    []Mark
	places   map[*ast.CommentGroup]place
	problems []Problem
}

// declarations notes what each comment above a declaration speaks for. A group's comment speaks for all of its
// specs.
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
	kinds, spelled := where(d.Name)
	if kinds == nil {
		complain("unknown directive //%s:%s", Tool, d.Name)
		return
	}
	at := r.places[group]
	if !slices.Contains(kinds, at.kind) {
		complain("//%s:%s does not stand above %s", Tool, d.Name, spelled)
		return
	}
	switch d.Name {
	case Sysctl, Pcpustat:
		r.mark(at, d, complain)
		return
	case Sysinit, Sysuninit:
		r.sysinit(at, d, complain)
		return
	case Weak, Strong, Refine, Super, Module:
		r.alias(at, d, complain)
		return
	case SharedPage, Vdso:
		r.page(at, d, complain)
		return
	}
	w := Word{Verb: d.Name, Reason: strings.TrimSpace(d.Args), Pos: c.Pos()}
	if w.Verb == Shared && w.Reason == "" {
		complain("//%s:%s needs a reason: //%s:%s REASON", Tool, Shared, Tool, Shared)
		return
	}
	r.speak(at.vars, w, complain)
}

// speak gives variables a word. What is wrong with it is said once, whatever the number of variables.
func (r *reader) speak(vars []*ast.Ident, w Word, complain func(string, ...any)) {
	said, named := false, false
	for _, id := range vars {
		if id.Name == "_" {
			continue
		}
		named = true
		if old, ok := r.words[id]; ok && !said {
			said = true
			if old.Verb != w.Verb {
				complain("//%s:%s contradicts //%s:%s above the same variable %s", Tool, w.Verb, Tool, old.Verb, id.Name)
			} else {
				complain("a second //%s:%s above the same variable %s", Tool, w.Verb, id.Name)
			}
		}
		r.words[id] = w
	}
	if !named {
		complain("//%s:%s does not stand above a variable that has a name", Tool, w.Verb)
	}
}
