package cvars

import (
	"go/ast"
	"slices"
	"strings"
)

// Preamble returns the C source of the comment above an import of "C". Its
// lines and columns are the comment's: the comment's marks become blanks.
func Preamble(doc *ast.CommentGroup) string {
	var src strings.Builder
	for _, c := range doc.List {
		text := c.Text[2:]
		if c.Text[1] == '*' {
			text = c.Text[2 : len(c.Text)-2]
		}
		src.WriteString("  " + text + "\n")
	}
	return src.String()
}

// A Var is a variable that C source defines.
type Var struct {
	Name string
	Line int // counted from 0
	Col  int // counted from 1
}

// Scan returns the variables that C source defines and may change.
func Scan(src string) []Var {
	s := &scanner{toks: tokens(src)}
	for s.at < len(s.toks) {
		s.declaration()
	}
	return s.found
}

type scanner struct {
	toks  []token
	at    int
	found []Var
}

// declaration reads one declaration at file level.
func (s *scanner) declaration() {
	var decl []token
	for s.at < len(s.toks) {
		t := s.toks[s.at]
		s.at++
		switch t.text {
		case ";":
			s.variables(decl)
			return
		case "}":
			return // of an extern "C" or a namespace
		case "{":
			switch {
			case has(decl, "extern") && !has(decl, "("), has(decl, "namespace"):
				return // transparent
			case has(decl, "="), !has(decl, "(") && (has(decl, "struct") || has(decl, "union") || has(decl, "enum") || has(decl, "class")):
				s.skip()
				decl = append(decl, token{"{}", t.line, t.col})
			default:
				s.body()
				return
			}
		default:
			decl = append(decl, t)
		}
	}
}

// skip passes a brace's content.
func (s *scanner) skip() {
	for depth := 1; s.at < len(s.toks) && depth > 0; s.at++ {
		switch s.toks[s.at].text {
		case "{":
			depth++
		case "}":
			depth--
		}
	}
}

// body passes a function's body and notes its static variables.
func (s *scanner) body() {
	var stmt []token
	for depth := 1; s.at < len(s.toks) && depth > 0; s.at++ {
		switch t := s.toks[s.at]; t.text {
		case "{":
			if len(stmt) > 0 && stmt[0].text == "static" { // of an initialiser or a struct
				s.at++
				s.skip()
				s.at--
				stmt = append(stmt, token{"{}", t.line, t.col})
				continue
			}
			depth++
			stmt = nil
		case "}":
			depth--
			stmt = nil
		case ";":
			if len(stmt) > 0 && stmt[0].text == "static" {
				s.variables(stmt)
			}
			stmt = nil
		default:
			stmt = append(stmt, t)
		}
	}
}

// variables notes what a declaration of one or several variables defines.
func (s *scanner) variables(decl []token) {
	var parts [][]token
	depth, from := 0, 0
	for i, t := range decl {
		switch t.text {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case ",":
			if depth == 0 {
				parts = append(parts, decl[from:i])
				from = i + 1
			}
		}
	}
	parts = append(parts, decl[from:])
	s.variable(parts[0])
	for _, p := range parts[1:] {
		s.variable(slices.Concat(base(parts[0]), p)) // of the same type
	}
}

// base is what the declarators of one declaration have in common: the words
// before the first one's stars and name.
func base(decl []token) []token {
	end := slices.IndexFunc(decl, func(t token) bool { return strings.Contains("*([=", t.text) })
	switch {
	case end < 0:
		return decl[:max(len(decl)-1, 0)]
	case decl[end].text == "*" || decl[end].text == "(":
		return decl[:end]
	}
	return decl[:max(end-1, 0)]
}

// variable notes what a declaration defines, if that is a variable that may
// change.
func (s *scanner) variable(decl []token) {
	if len(decl) == 0 {
		return
	}
	for _, w := range []string{"typedef", "using", "template", "_Static_assert", "static_assert", "friend"} {
		if decl[0].text == w {
			return
		}
	}
	if has(decl, "extern") && !has(decl, "=") {
		return
	}
	init := slices.IndexFunc(decl, func(t token) bool { return t.text == "=" })
	head := decl
	if init >= 0 {
		head = decl[:init]
	}
	if paren := slices.IndexFunc(head, func(t token) bool { return t.text == "(" }); paren >= 0 {
		name := paren + 1
		for name < len(head) && (head[name].text == "*" || head[name].text == "const" || head[name].text == "volatile") {
			name++
		}
		if name == paren+1 || name+1 >= len(head) || head[name+1].text == "(" {
			return // a function's declaration, also of one that returns a pointer to a function, or a macro's use
		}
		if head[name-1].text == "const" {
			return
		}
		s.add(declared(head[paren+1:]))
		return
	}
	star := slices.IndexFunc(head, func(t token) bool { return t.text == "*" })
	if constAfter := slices.IndexFunc(head[max(star, 0):], func(t token) bool { return t.text == "const" || t.text == "constexpr" }); constAfter >= 0 {
		return
	}
	name := declared(head)
	if name.text == "" || len(head) < 2 || head[len(head)-1].text == "{}" {
		return // struct s {...};
	}
	if len(head) == 2 && (head[0].text == "struct" || head[0].text == "union" || head[0].text == "enum" || head[0].text == "class") {
		return // struct s;
	}
	s.add(name)
}

func (s *scanner) add(name token) {
	s.found = append(s.found, Var{name.text, name.line, name.col})
}

// declared is the declared name: the last word before a bracket.
func declared(toks []token) (name token) {
	for _, t := range toks {
		if t.text == "[" || t.text == ")" {
			break
		}
		if c := t.text[0]; c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			name = t
		}
	}
	return name
}

func has(toks []token, text string) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return t.text == text })
}
