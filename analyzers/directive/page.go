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

// A Page is what //vimage:shared_page NAME version=V says.
type Page struct{ Name, Version string }

// A Stub is what //vimage:vdso fallback=FUNC says.
type Stub struct {
	Fallback string // a function of the package
}

// page enters one of these verbs.
func (r *reader) page(at place, d ast.Directive, complain func(string, ...any)) {
	m := Mark{Verb: d.Name, Pos: d.Slash, Type: at.spec, Func: at.fn}
	words := strings.Fields(d.Args)
	if d.Name == SharedPage {
		version := ""
		if len(words) == 2 {
			version, _ = strings.CutPrefix(words[1], "version=")
		}
		if version == "" || version == words[1] {
			complain("//%s:%s: want NAME version=MAJOR.MINOR", Tool, SharedPage)
			return
		}
		m.Page = Page{words[0], version}
		r.enter(m, complain)
		return
	}
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
	m.Stub = Stub{fallback}
	r.enter(m, complain)
}

// typeSpec returns the only type that a declaration declares, or nil.
func typeSpec(d *ast.GenDecl) *ast.TypeSpec {
	if len(d.Specs) != 1 {
		return nil
	}
	spec, _ := d.Specs[0].(*ast.TypeSpec)
	return spec
}

// String spells the page for messages.
func (p Page) String() string { return fmt.Sprintf("%s version=%s", p.Name, p.Version) }
