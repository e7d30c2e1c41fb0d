package attack

import (
	"regexp"
	"strings"
)

// The tables' entries are lines of Go in which these words are replaced:
//
//	X        the value that is there, a local variable
//	Y        the variable that the entry declares for the value that comes out
//	T        the type of what is inside: of X where a form puts it in, of Y where it takes it out, of both in a pass
//	V        the attacked variable's name (only where it is declared)
//	_name    a fresh name, the same one all over the entry
//	get set addr elem
//	         the methods and fields of that name; exported where an importer needs them
//
// A line that begins with + is a declaration of the package; the fresh names in
// it are the package's, and begin with a capital letter if other entries' texts
// name them. Such declarations are sometimes shared by several uses.
var words = regexp.MustCompile(`\b(?:_[A-Za-z]\w*|[XYTV]|get|set|addr|elem)\b`)

// A text is an entry's lines.
type text struct {
	top  []string // declarations
	body []string // statements
}

func parse(s string) text {
	var t text
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if decl, ok := strings.CutPrefix(line, "+"); ok {
			t.top = append(t.top, strings.TrimSpace(decl))
		} else if line != "" {
			t.body = append(t.body, line)
		}
	}
	return t
}

// fresh lists the fresh names in lines, as the entry writes them.
func fresh(lines []string) []string {
	var out []string
	for _, line := range lines {
		for _, w := range words.FindAllString(line, -1) {
			if w[0] == '_' {
				out = append(out, w)
			}
		}
	}
	return out
}

// subst has what the words of an entry are replaced with. A word that is not in
// it stays.
type subst map[string]string

func (s subst) expand(line string) string {
	return words.ReplaceAllStringFunc(line, func(w string) string {
		if r, ok := s[w]; ok {
			return r
		}
		return w
	})
}
