package plan

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// An asmLine is one instruction of a package's assembly, or one definition of a
// macro.
type asmLine struct {
	at      string // file.s:12
	op      string
	text    string // the operands
	macro   bool   // what it is used for shows elsewhere
	symbols []asmSymbol
}

// An asmSymbol is the mention of a Go symbol: pkg·name(SB).
type asmSymbol struct {
	pkg        string // "" for the file's own package
	name       string
	start, end int // in the line's text
}

// mention matches a Go symbol. A name followed by <> is the file's own; slash
// and dot in a package's path are written as characters that may stand in an
// identifier.
var mention = regexp.MustCompile(`([\w∕./·]*)·(\w+)(<ABIInternal>|<ABI0>|<>)?\s*(?:[+-]\s*\w+)*\s*\(SB\)`)

var asmPath = strings.NewReplacer("∕", "/", "·", ".")

var blockComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// asmSource yields the lines of an assembly file by their numbers, without
// comments and without space around them. Instructions of one line are
// separated by ";".
func asmSource(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		text = blockComment.ReplaceAllStringFunc(text, func(s string) string {
			return strings.Repeat("\n", strings.Count(s, "\n"))
		})
		for n, line := range strings.Split(text, "\n") {
			line, _, _ = strings.Cut(line, "//")
			if !yield(n+1, strings.TrimSpace(line)) {
				return
			}
		}
	}
}

// asmLines reads a package's assembly files and headers.
func asmLines(lp *load.Package) (out []asmLine) {
	for i, name := range append(append([]string{}, lp.SFiles...), lp.HFiles...) {
		text, err := os.ReadFile(filepath.Join(lp.Dir, name))
		if err != nil || i >= len(lp.SFiles) && !strings.Contains(string(text), "·") {
			continue
		}
		macro := false
		for n, line := range asmSource(string(text)) {
			macro = macro || strings.HasPrefix(line, "#")
			for part := range strings.SplitSeq(line, ";") {
				l := asmLine{at: fmt.Sprintf("%s:%d", name, n), text: strings.TrimSpace(part), macro: macro}
				if op := strings.Fields(l.text); len(op) > 0 && !macro {
					l.op, l.text = op[0], strings.TrimSpace(l.text[len(op[0]):])
				}
				for _, m := range mention.FindAllStringSubmatchIndex(l.text, -1) {
					if m[6] >= 0 && l.text[m[6]:m[7]] == "<>" {
						continue
					}
					s := asmSymbol{asmPath.Replace(l.text[m[2]:m[3]]), l.text[m[4]:m[5]], m[0], m[1]}
					if s.pkg == lp.Path || s.pkg == "main" && lp.Name == "main" {
						s.pkg = ""
					}
					l.symbols = append(l.symbols, s)
				}
				if l.symbols != nil {
					out = append(out, l)
				}
			}
			macro = macro && strings.HasSuffix(line, `\`)
		}
	}
	return out
}
