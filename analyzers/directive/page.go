package directive

import (
	"fmt"
	"go/ast"
	"strings"
)

// The verbs of shared pages.
const (
	SharedPage = "shared_page" // a struct whose fields are published
	Vdso       = "vdso"        // a function that computes from them
)

// A Page is the arguments of //vimage:shared_page NAME version=V.
type Page struct{ Name, Version string }

// A Stub is the argument of //vimage:vdso fallback=FUNC.
type Stub struct {
	Fallback string // a function of the package
}

// sharedPage parses the verb.
func (r *reader) sharedPage(at place, d ast.Directive, complain func(string, ...any)) {
	words := strings.Fields(d.Args)
	version := ""
	if len(words) == 2 {
		version, _ = strings.CutPrefix(words[1], "version=")
	}
	if version == "" || version == words[1] {
		complain("//%s:%s: want NAME version=MAJOR.MINOR", Tool, SharedPage)
		return
	}
	r.enter(Mark{Verb: d.Name, Pos: d.Slash, Type: at.spec, Args: Page{words[0], version}}, complain)
}

// vdso parses the verb.
func (r *reader) vdso(at place, d ast.Directive, complain func(string, ...any)) {
	words := strings.Fields(d.Args)
	fallback := ""
	if len(words) == 1 {
		fallback, _ = strings.CutPrefix(words[0], "fallback=")
	}
	if fallback == "" || fallback == words[0] {
		complain("//%s:%s: want fallback=FUNC, the function to call where there is no page", Tool, Vdso)
		return
	}
	if at.fn.Recv != nil || at.fn.Type.TypeParams != nil {
		complain("//%s:%s: %s: want a function without type parameters, and no method", Tool, Vdso, at.fn.Name.Name)
		return
	}
	r.enter(Mark{Verb: d.Name, Pos: d.Slash, Func: at.fn, Args: Stub{fallback}}, complain)
}

// String spells the page for messages.
func (p Page) String() string { return fmt.Sprintf("%s version=%s", p.Name, p.Version) }
