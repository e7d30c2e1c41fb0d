package directive

import (
	"go/ast"
	"go/token"
	"strings"
)

// The verbs that decide a variable's fate.
const (
	Shared  = "shared"
	Virtual = "virtual"
)

// A Word is one of these verbs above a variable.
type Word struct {
	Verb   string
	Reason string // "" if there is none
	Pos    token.Pos
}

// word parses one of these verbs.
func (r *reader) word(at place, d ast.Directive, complain func(string, ...any)) {
	w := Word{Verb: d.Name, Reason: strings.TrimSpace(d.Args), Pos: d.Slash}
	if w.Verb == Shared && w.Reason == "" {
		complain("//%s:%s needs a reason: //%s:%s REASON", Tool, Shared, Tool, Shared)
		return
	}
	r.speak(at.vars, w, complain)
}

// speak gives variables a word. A contradiction is reported once, whatever the
// number of variables.
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
