package plan

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// A Finding is something other than a Go variable that cannot be virtualised.
type Finding struct {
	Pos    token.Position
	Name   string
	Reason string
}

// cStatics finds the variables of C code that a package brings: in cgo preambles and in its C files. The
// process has one of each. It reads declarations, not types: a variable is what is declared outside of functions, or
// as static inside one, and is neither const nor extern.
func cStatics(p *Plan, lp *load.Package) []Finding {
	var out []Finding
	more := 0
	scan := func(file string, line int, src string) {
		for _, v := range scanC(src) {
			if more++; more > maxCStatics {
				continue
			}
			out = append(out, Finding{
				Pos:    token.Position{Filename: file, Line: line + v.line, Column: v.col},
				Name:   "C variable " + v.name,
				Reason: "the process has one of it; if the images may share it, say `shared " + lp.Path + ".C REASON` in " + SettingsFile,
			})
		}
	}
	for _, f := range lp.Files {
		if !f.Cgo {
			continue
		}
		for _, d := range f.Syntax.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.IMPORT {
				continue
			}
			for _, s := range gen.Specs {
				s := s.(*ast.ImportSpec)
				if s.Path.Value != `"C"` {
					continue
				}
				for _, doc := range []*ast.CommentGroup{gen.Doc, s.Doc} {
					if doc == nil {
						continue
					}
					var src strings.Builder
					for _, c := range doc.List {
						text := c.Text[2:]
						if c.Text[1] == '*' {
							text = c.Text[2 : len(c.Text)-2]
						}
						src.WriteString("  " + text + "\n") // the comment's mark leaves its columns
					}
					at := p.Prog.Fset.Position(doc.Pos())
					scan(at.Filename, at.Line, src.String())
				}
			}
		}
	}
	for _, name := range slices.Concat(lp.CFiles, lp.CXXFiles, lp.MFiles, lp.HFiles) {
		path := filepath.Join(lp.Dir, name)
		if src, err := os.ReadFile(path); err == nil {
			scan(path, 1, string(src))
		}
	}
	if more > maxCStatics {
		last := &out[len(out)-1]
		last.Reason += fmt.Sprintf(" (and %d more in this package)", more-maxCStatics)
	}
	return out
}

// maxCStatics is how many of a package's C variables are reported, as the compiler reports ten errors.
const maxCStatics = 10

// A cToken is a word, number or single character of C, with its line counted from 0 and its column from 1.
type cToken struct {
	text      string
	line, col int
}

type cVar struct {
	name      string
	line, col int
}

// scanC returns the variables that C source defines.
func scanC(src string) []cVar {
	s := &cScanner{toks: tokensC(src)}
	for s.at < len(s.toks) {
		s.declaration()
	}
	return s.found
}

type cScanner struct {
	toks  []cToken
	at    int
	found []cVar
}

// declaration reads one declaration at file level.
func (s *cScanner) declaration() {
	var decl []cToken
	for s.at < len(s.toks) {
		t := s.toks[s.at]
		s.at++
		switch t.text {
		case ";":
			s.variable(decl)
			return
		case "}":
			return // of an extern "C" or a namespace
		case "{":
			switch {
			case hasC(decl, "extern") && !hasC(decl, "("), hasC(decl, "namespace"):
				return // transparent
			case hasC(decl, "="), !hasC(decl, "(") && (hasC(decl, "struct") || hasC(decl, "union") || hasC(decl, "enum") || hasC(decl, "class")):
				s.skip()
				decl = append(decl, cToken{"{}", t.line, t.col})
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
func (s *cScanner) skip() {
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
func (s *cScanner) body() {
	var stmt []cToken
	for depth := 1; s.at < len(s.toks) && depth > 0; s.at++ {
		switch t := s.toks[s.at]; t.text {
		case "{":
			depth++
			if !hasC(stmt, "=") {
				stmt = nil
			}
		case "}":
			depth--
			if !hasC(stmt, "=") {
				stmt = nil
			}
		case ";":
			if len(stmt) > 0 && stmt[0].text == "static" {
				s.variable(stmt)
			}
			stmt = nil
		default:
			stmt = append(stmt, t)
		}
	}
}

// variable notes what a declaration defines, if that is a variable that may change.
func (s *cScanner) variable(decl []cToken) {
	if len(decl) == 0 {
		return
	}
	for _, w := range []string{"typedef", "using", "template", "_Static_assert", "static_assert", "friend"} {
		if decl[0].text == w {
			return
		}
	}
	if hasC(decl, "extern") && !hasC(decl, "=") {
		return
	}
	init := slices.IndexFunc(decl, func(t cToken) bool { return t.text == "=" })
	head := decl
	if init >= 0 {
		head = decl[:init]
	}
	if paren := slices.IndexFunc(head, func(t cToken) bool { return t.text == "(" }); paren >= 0 {
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
		s.add(nameC(head[paren+1:]))
		return
	}
	star := slices.IndexFunc(head, func(t cToken) bool { return t.text == "*" })
	if constAfter := slices.IndexFunc(head[max(star, 0):], func(t cToken) bool { return t.text == "const" || t.text == "constexpr" }); constAfter >= 0 {
		return
	}
	name := nameC(head)
	if name.text == "" || len(head) < 2 || head[len(head)-1].text == "{}" {
		return // struct s {...};
	}
	if len(head) == 2 && (head[0].text == "struct" || head[0].text == "union" || head[0].text == "enum" || head[0].text == "class") {
		return // struct s;
	}
	s.add(name)
}

func (s *cScanner) add(name cToken) {
	s.found = append(s.found, cVar{name.text, name.line, name.col})
}

// nameC is the declared name: the last word before a bracket.
func nameC(toks []cToken) (name cToken) {
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

func hasC(toks []cToken, text string) bool {
	return slices.ContainsFunc(toks, func(t cToken) bool { return t.text == text })
}

// tokensC splits C source, without comments, preprocessor lines, strings and characters.
func tokensC(src string) []cToken {
	var toks []cToken
	line, lineStart := 0, 0
	bol := true
	add := func(text string, at int) { toks = append(toks, cToken{text, line, at - lineStart + 1}) }
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
			lineStart = i
			bol = true
			continue
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case c == '#' && bol:
			for i < len(src) && src[i] != '\n' {
				if src[i] == '\\' && i+1 < len(src) && src[i+1] == '\n' {
					line++
					i++
					lineStart = i + 1
				}
				i++
			}
			continue
		case strings.HasPrefix(src[i:], "//"):
			for i < len(src) && src[i] != '\n' {
				i++
			}
			continue
		case strings.HasPrefix(src[i:], "/*"):
			end := strings.Index(src[i:], "*/")
			if end < 0 {
				return toks
			}
			line += strings.Count(src[i:i+end], "\n")
			if nl := strings.LastIndex(src[i:i+end], "\n"); nl >= 0 {
				lineStart = i + nl + 1
			}
			i += end + 2
			continue
		case c == '"' || c == '\'':
			for i++; i < len(src) && src[i] != c && src[i] != '\n'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
			i++
			add(`"`, i-1)
		case wordC(c):
			start := i
			for i < len(src) && wordC(src[i]) {
				i++
			}
			add(src[start:i], start)
		default:
			add(src[i:i+1], i)
			i++
		}
		bol = false
	}
	return toks
}

func wordC(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
