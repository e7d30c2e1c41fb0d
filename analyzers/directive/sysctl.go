package directive

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// Sysctl makes a setting of a variable, or a figure of a function.
const Sysctl = "sysctl"

// A Setting is the arguments of //vimage:sysctl.
type Setting struct {
	Name        string
	Writable    bool
	Description string
	Limits      []Limit
}

// A Limit is one of min=V, max=V, oneof=V,V and enum=NAME,NAME.
type Limit struct {
	Kind   string
	Values []string
}

// sysctl parses the verb.
func (r *reader) sysctl(at place, d ast.Directive, complain func(string, ...any)) {
	s, err := parseSetting(d.Args)
	if err != nil {
		complain(`//%s:%s: %v: want NAME ro|rw "DESCRIPTION" [min=V] [max=V] [oneof=V,V] [enum=NAME,NAME]`, Tool, Sysctl, err)
		return
	}
	m := Mark{Verb: d.Name, Pos: d.Slash, Func: at.fn, Args: s}
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
