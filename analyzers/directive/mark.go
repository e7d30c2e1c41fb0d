package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// The verbs that make more of a variable, or of a function, than it looks like.
const (
	Sysctl   = "sysctl"
	Pcpustat = "pcpustat"
)

// A Mark is one of these verbs above a variable or, for sysctl, a function.
type Mark struct {
	Verb   string
	Pos    token.Pos
	Var    *ast.Ident    // nil for a function
	Func   *ast.FuncDecl // nil for a variable
	Sysctl Setting       // for the verb of that name
	Stage  Stage         // for Sysinit and Sysuninit
	Alias  Alias         // for Weak, Strong, Refine, Super and Module
	Type   *ast.TypeSpec // for SharedPage
	Page   Page          // for SharedPage
	Stub   Stub          // for Vdso
}

// A Setting is what //vimage:sysctl says.
type Setting struct {
	Name        string
	Writable    bool
	Description string
	Limits      []Limit
}

// A Limit is one of the words min, max, oneof and enum behind a setting, with what it lists.
type Limit struct {
	Kind   string
	Values []string
}

// Marks returns the marks of a file that make sense, in the order of the text. [Read] tells of the others.
func Marks(f *ast.File) []Mark { return newReader(f).marks }

// mark enters a mark.
func (r *reader) mark(at place, d ast.Directive, complain func(string, ...any)) {
	if d.Name == Pcpustat {
		for _, id := range at.vars {
			r.enter(Mark{Verb: d.Name, Pos: d.Slash, Var: id}, complain)
		}
		return
	}
	s, err := parseSetting(d.Args)
	if err != nil {
		complain(`//%s:%s: %v: want NAME ro|rw "DESCRIPTION" [min=V] [max=V] [oneof=V,V] [enum=NAME,NAME]`, Tool, Sysctl, err)
		return
	}
	m := Mark{Verb: d.Name, Pos: d.Slash, Func: at.fn, Sysctl: s}
	switch {
	case at.kind == function:
		if t := at.fn.Type; at.fn.Recv != nil || t.TypeParams != nil || t.Params.NumFields() != 0 || t.Results.NumFields() != 1 {
			complain("//%s:%s %s: function %s cannot be called for a value: want func() T", Tool, Sysctl, s.Name, at.fn.Name.Name)
			return
		}
		if s.Writable {
			complain("//%s:%s %s: what function %s returns cannot be written: register it with sysctl.Func", Tool, Sysctl, s.Name, at.fn.Name.Name)
			return
		}
	case len(at.vars) != 1:
		complain("//%s:%s %s stands above %d variables: want one", Tool, Sysctl, s.Name, len(at.vars))
		return
	default:
		m.Var = at.vars[0]
	}
	r.enter(m, complain)
}

func (r *reader) enter(m Mark, complain func(string, ...any)) {
	if m.Var != nil && m.Var.Name == "_" {
		complain("//%s:%s does not stand above a variable that has a name", Tool, m.Verb)
		return
	}
	for _, old := range r.marks {
		if m.Var != nil && old.Var == m.Var || m.Type != nil && old.Type == m.Type || m.Func != nil && old.Func == m.Func {
			switch {
			case old.Verb == m.Verb:
				complain("a second //%s:%s above the same declaration", Tool, m.Verb)
			case m.Func != nil:
				complain("//%s:%s contradicts //%s:%s above the same function %s", Tool, m.Verb, Tool, old.Verb, m.Func.Name.Name)
			default:
				complain("//%s:%s contradicts //%s:%s above the same variable %s", Tool, m.Verb, Tool, old.Verb, m.Var.Name)
			}
			return
		}
	}
	r.marks = append(r.marks, m)
}

// contradictions tells of counters by P that shall be one for all images.
func (r *reader) contradictions() {
	for _, m := range r.marks {
		if m.Verb == Pcpustat && r.words[m.Var].Verb == Shared {
			r.problems = append(r.problems, Problem{m.Pos, fmt.Sprintf("//%s:%s contradicts //%s:%s above the same variable %s",
				Tool, Pcpustat, Tool, Shared, m.Var.Name)})
		}
	}
}

// parseSetting reads the arguments of //vimage:sysctl.
func parseSetting(args string) (Setting, error) {
	var s Setting
	name, rest, _ := strings.Cut(strings.TrimSpace(args), " ")
	mode, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if name == "" {
		return s, fmt.Errorf("no name")
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return !(r == '_' || r == '-' || r == '%' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
		}) {
			return s, fmt.Errorf("ill-formed name %s", name)
		}
	}
	s.Name = name
	switch mode {
	case "ro":
	case "rw":
		s.Writable = true
	default:
		return s, fmt.Errorf("%s: mode %q", name, mode)
	}
	rest = strings.TrimSpace(rest)
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil || quoted[0] == '\'' {
		return s, fmt.Errorf("%s: no description in quotes", name)
	}
	if s.Description, err = strconv.Unquote(quoted); err != nil {
		return s, fmt.Errorf("%s: no description in quotes", name)
	}
	for _, word := range strings.Fields(rest[len(quoted):]) {
		kind, value, _ := strings.Cut(word, "=")
		l := Limit{kind, []string{value}}
		switch kind {
		case "min", "max":
		case "oneof", "enum":
			l.Values = strings.Split(value, ",")
		default:
			return s, fmt.Errorf("%s: unknown word %s", name, word)
		}
		if slices.Contains(l.Values, "") {
			return s, fmt.Errorf("%s: %s without a value", name, kind)
		}
		if slices.ContainsFunc(s.Limits, func(o Limit) bool { return o.Kind == kind }) {
			return s, fmt.Errorf("%s: a second %s", name, kind)
		}
		s.Limits = append(s.Limits, l)
	}
	return s, nil
}
