package cli

import (
	"fmt"
	"go/scanner"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
)

// edit makes a random edit of a random file, and says which. Every second one
// is of those on which a plan seldom depends.
func (s *series) edit(n int) string {
	small := []func(int) string{s.literal, s.comment, s.layout}
	large := []func(int) string{
		s.statement, s.variable, s.method, s.field, s.local, s.file, s.imports, s.constraint, s.directive, s.remove,
	}
	list := small
	if n%2 == 1 {
		list = large
	}
	return list[s.rand.IntN(len(list))](n)
}

type piece struct {
	tok        token.Token
	start, end int
}

// pieces returns a text's tokens, without those that are not written.
func pieces(text string) (out []piece) {
	fset := token.NewFileSet()
	f := fset.AddFile("", -1, len(text))
	var sc scanner.Scanner
	sc.Init(f, []byte(text), nil, 0)
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.SEMICOLON && lit != ";" {
			continue
		}
		if lit == "" {
			lit = tok.String()
		}
		out = append(out, piece{tok, f.Offset(pos), f.Offset(pos) + len(lit)})
	}
}

// one returns a random piece of a kind, and false if there is none.
func (s *series) one(text string, is func(piece) bool) (piece, bool) {
	var list []piece
	for _, p := range pieces(text) {
		if is(p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return piece{}, false
	}
	return list[s.rand.IntN(len(list))], true
}

// replace writes a file with a piece of its text replaced, and says what it
// did.
func (s *series) replace(path, text string, p piece, by string) string {
	s.write(path, text[:p.start]+by+text[p.end:])
	return fmt.Sprintf("%s: %q for %q at %d", filepath.Base(path), by, text[p.start:p.end], p.start)
}

func (s *series) literal(n int) string {
	path, text := s.pick()
	p, ok := s.one(text, func(p piece) bool {
		before := text[:p.start]
		imported := strings.LastIndex(before, "import") > strings.LastIndex(before, "\n\n")
		return p.tok == token.INT || p.tok == token.STRING && !imported
	})
	if !ok {
		return "no literal"
	}
	if p.tok == token.INT {
		return s.replace(path, text, p, fmt.Sprint(s.rand.IntN(5)))
	}
	return s.replace(path, text, p, fmt.Sprintf("%q", fmt.Sprint(strings.Repeat("long ", s.rand.IntN(9)), n)))
}

func (s *series) comment(n int) string {
	path, text := s.pick()
	p, ok := s.one(text, func(p piece) bool { return true })
	if !ok {
		return "no token"
	}
	p.end = p.start
	switch s.rand.IntN(3) {
	case 0:
		return s.replace(path, text, p, fmt.Sprintf("/* %d */ ", n))
	case 1: // at the beginning of the token's line
		p.start = strings.LastIndexByte(text[:p.start], '\n') + 1
		p.end = p.start
		return s.replace(path, text, p, fmt.Sprintf("// Comment %d.\n", n))
	}
	p.start = len(text)
	p.end = p.start
	return s.replace(path, text, p, fmt.Sprintf("\n// The end %d.\n", n))
}

func (s *series) layout(int) string {
	path, text := s.pick()
	p, ok := s.one(text, func(p piece) bool {
		return p.tok == token.COMMA || p.tok == token.LBRACE || p.tok == token.LPAREN || p.tok == token.ASSIGN
	})
	if !ok {
		return "no token"
	}
	p.start = p.end
	return s.replace(path, text, p, []string{" ", "\n", "\n\n\t"}[s.rand.IntN(3)])
}

// within inserts a statement at the beginning of a function.
func (s *series) within(path, text, statement string) string {
	starts := regexp.MustCompile(`(?m)^func [^\n]*\{$`).FindAllStringIndex(text, -1)
	if starts == nil {
		return "no function"
	}
	at := starts[s.rand.IntN(len(starts))][1]
	return s.replace(path, text, piece{start: at, end: at}, "\n\t"+statement)
}

// statement adds a call or an assignment of a package-level variable.
func (s *series) statement(n int) string {
	path, text := s.pick()
	names := regexp.MustCompile(`(?m)^(?:var |\t)(\w+) +(?:= |int$|string$)`).FindAllStringSubmatch(text, -1)
	if names == nil || s.rand.IntN(3) == 0 {
		return s.within(path, text, fmt.Sprintf("println(%d)", n))
	}
	name := names[s.rand.IntN(len(names))][1]
	return s.within(path, text, []string{name + " = " + name, "_ = &" + name, "println(" + name + ")"}[s.rand.IntN(3)])
}

func (s *series) append(path, text, more string) string {
	s.write(path, text+more)
	return filepath.Base(path) + ": " + more
}

func (s *series) variable(n int) string {
	path, text := s.pick()
	return s.append(path, text, fmt.Sprintf("\nvar added%[1]d = []int{%[1]d}\n\nfunc init() { added%[1]d[0]++ }\n", n))
}

func (s *series) method(n int) string {
	path, text := s.pick()
	m := regexp.MustCompile(`(?m)^type (\w+) struct`).FindStringSubmatch(text)
	if m == nil {
		return "no type"
	}
	return s.append(path, text, fmt.Sprintf("\nfunc (x *%s) Added%d() *%[1]s { return x }\n", m[1], n))
}

func (s *series) field(n int) string {
	path, text := s.pick()
	at := regexp.MustCompile(`(?m)^type \w+ struct \{$`).FindStringIndex(text)
	if at == nil {
		return "no struct"
	}
	return s.replace(path, text, piece{start: at[1], end: at[1]}, fmt.Sprintf("\n\tadded%d *int", n))
}

// local renames a local variable.
func (s *series) local(n int) string {
	path, text := s.pick()
	m := regexp.MustCompile(`(?m)^\t+(\w+) := `).FindStringSubmatch(text)
	if m == nil {
		return "no local variable"
	}
	name := fmt.Sprintf("%s%d", m[1], n)
	s.write(path, regexp.MustCompile(`\b`+m[1]+`\b`).ReplaceAllString(text, name))
	return filepath.Base(path) + ": " + m[1] + " is " + name
}

func (s *series) file(n int) string {
	path, text := s.pick()
	name := regexp.MustCompile(`(?m)^package (\w+)`).FindStringSubmatch(text)[1]
	path = filepath.Join(filepath.Dir(path), fmt.Sprintf("added%d.go", n))
	const content = "package %s\n\nvar file%[2]d int\n\nfunc File%[2]d() { file%[2]d++ }\n"
	s.write(path, fmt.Sprintf(content, strings.TrimSuffix(name, "_test"), n))
	return "a file " + path
}

func (s *series) imports(int) string {
	path, text := s.pick()
	at := regexp.MustCompile(`(?m)^package \w+$`).FindStringIndex(text)
	name := []string{"container/list", "errors", "sort", "math/bits"}[s.rand.IntN(4)]
	return s.replace(path, text, piece{start: at[1], end: at[1]}, fmt.Sprintf("\n\nimport _ %q", name))
}

func (s *series) constraint(int) string {
	path, text := s.pick()
	return s.replace(path, text, piece{}, []string{"//go:build linux\n\n", "//go:build !added\n\n"}[s.rand.IntN(2)])
}

func (s *series) directive(n int) string {
	path, text := s.pick()
	at := regexp.MustCompile(`(?m)^var \w+`).FindStringIndex(text)
	if at == nil {
		return "no variable"
	}
	line := fmt.Sprintf("//vimage:%s test %d\n", []string{"shared", "virtual"}[s.rand.IntN(2)], n)
	return s.replace(path, text, piece{start: at[0], end: at[0]}, line)
}

// remove removes a file that was added, or a line.
func (s *series) remove(int) string {
	path, text := s.pick()
	lines := strings.SplitAfter(text, "\n")
	n := s.rand.IntN(len(lines))
	s.write(path, strings.Join(append(append([]string(nil), lines[:n]...), lines[n+1:]...), ""))
	return fmt.Sprintf("%s: line %d is gone: %s", filepath.Base(path), n+1, lines[n])
}
