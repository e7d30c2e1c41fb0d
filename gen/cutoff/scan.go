package cutoff

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/fingerprint"
)

// A Source is a Go file that people edit.
type Source struct {
	Path string // absolute
	Text []byte
}

// A Program is the tokens of a program's sources.
type Program struct {
	key   string
	files []*file
}

// A file is the tokens of one source.
type file struct {
	Source
	fset   *token.FileSet
	pos    *token.File
	fixed  bool   // it counts by its bytes
	tokens []span // in order; what is not written (semicolons at ends of lines) has none
	marks  []span // comments that count
	form   strings.Builder
	// literals are the values of basic literals, in order.
	literals []literal
}

type span struct{ start, end int }

type literal struct {
	offset int
	value  string
}

// Scan reads the tokens of the sources of a program. The frame identifies all
// else that decides what is made of it. The sources are in a fixed order.
func Scan(frame string, sources []Source) *Program {
	h := fingerprint.New()
	h.Words("cutoff", frame)
	p := &Program{}
	for _, s := range sources {
		f, form := scan(s)
		if f.fixed {
			h.Words("text", f.Path, string(f.Text))
		} else {
			h.Words("form", f.Path, form)
		}
		p.files = append(p.files, f)
	}
	p.key = h.String()
	return p
}

// Key identifies the program but for the values of its literals.
func (p *Program) Key() string { return p.key }

// generated matches the line by which the go command knows generated files.
var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// isFixed reports whether a file counts by its bytes. Sysctls and shared pages
// have generated files that are compared with what would be generated now, from
// comments too. A raw string loses its carriage returns, so that its length
// does not follow from its value.
func isFixed(src []byte) bool {
	for _, text := range []string{"\r", "//line ", "/*line ", "//vimage:sysctl", "//vimage:shared_page"} {
		if bytes.Contains(src, []byte(text)) {
			return true
		}
	}
	return generated.Match(src)
}

// scan returns the tokens of a source, and the text that stands for them.
func scan(s Source) (_ *file, form string) {
	f := &file{Source: s, fset: token.NewFileSet(), fixed: isFixed(s.Text)}
	f.pos = f.fset.AddFile(s.Path, -1, len(s.Text))
	var sc scanner.Scanner
	sc.Init(f.pos, s.Text, func(token.Position, string) { f.fixed = true }, scanner.ScanComments)
	test := strings.HasSuffix(s.Path, "_test.go")
	var open []span // comments that count, after the last token
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			f.place(open, len(s.Text))
			form = f.form.String()
			f.form.Reset()
			return f, form
		}
		start := f.pos.Offset(pos)
		if tok == token.COMMENT {
			if test || counts(lit) {
				open = append(open, span{start, start + len(lit)})
			}
			continue
		}
		if tok == token.SEMICOLON && lit != ";" {
			f.form.WriteString("\nend of line") // it has no place in the text
			continue
		}
		length := len(lit)
		if tok.IsOperator() && tok != token.SEMICOLON {
			length = len(tok.String())
		}
		f.place(open, start)
		open = nil
		f.tokens = append(f.tokens, span{start, start + length})
		f.form.WriteString("\n" + tok.String())
		switch tok {
		case token.INT, token.FLOAT, token.IMAG, token.CHAR, token.STRING:
			f.literals = append(f.literals, literal{start, lit})
		case token.IDENT:
			f.form.WriteString(" " + lit)
		}
	}
}

// place adds comments that count to the form, with their distances in lines to
// the tokens around them, and their columns.
func (f *file) place(comments []span, next int) {
	line := func(offset int) int { return f.pos.Line(f.pos.Pos(offset)) }
	for _, c := range comments {
		before := 0
		if n := len(f.tokens); n > 0 {
			before = line(f.tokens[n-1].end)
		}
		text := string(f.Text[c.start:c.end])
		column := f.fset.PositionFor(f.pos.Pos(c.start), false).Column
		fmt.Fprintf(&f.form, "\n%s %d %d %d", strconv.Quote(text), line(c.start)-before, line(next)-line(c.end), column)
		f.marks = append(f.marks, c)
	}
}

// counts reports whether a comment may be more than a remark: a directive, a
// build constraint, or what package verdicts looks for.
func counts(text string) bool {
	rest := text[2:]
	if text[1] == '/' && rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return true
	}
	return strings.HasPrefix(strings.TrimLeft(rest, " \t"), "+build") || strings.Contains(rest, "go:linkname")
}

// Literals says which literals of a program are free, by file: the numbers of
// those whose values no decision depends on, in order.
type Literals [][]int32

// Literals asks, for each literal, whether it is free.
func (p *Program) Literals(free func(path string, offset int) bool) Literals {
	out := make(Literals, len(p.files))
	for i, f := range p.files {
		for n, lit := range f.literals {
			if !f.fixed && free(f.Path, lit.offset) {
				out[i] = append(out[i], int32(n))
			}
		}
	}
	return out
}

// ValueKey identifies the program but for the values of its free literals. It
// returns "" if the literals are not those of such a program.
func (p *Program) ValueKey(free Literals) string {
	if len(free) != len(p.files) {
		return ""
	}
	h := fingerprint.New()
	h.Words("values", p.Key())
	for i, f := range p.files {
		var words []string
		next := 0
		for n, lit := range f.literals {
			if next < len(free[i]) && int(free[i][next]) == n {
				next++
				continue
			}
			words = append(words, lit.value)
		}
		if next < len(free[i]) {
			return ""
		}
		h.Words("literals", words...)
	}
	return h.String()
}
