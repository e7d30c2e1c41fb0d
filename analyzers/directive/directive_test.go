package directive_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/internal/archives"
)

// Each archive has a Go file, the problems found in it, and the words and marks
// that variables have.
func TestRead(t *testing.T) {
	archives.Each(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		if len(a.Files) != 2 {
			t.Fatal("want two files: x.go and want")
		}
		a.Want(t, "want", read(t, a.Files[0]))
	})
}

func read(t *testing.T, file txtar.File) string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file.Name, file.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	words, problems := directive.Read(f)
	var lines []string
	for id, w := range words {
		lines = append(lines, fmt.Sprintf("%s %s %q\n", id.Name, w.Verb, w.Reason))
	}
	for _, m := range directive.Marks(f) {
		name := ""
		if m.Var != nil {
			name = m.Var.Name
		} else if m.Type != nil {
			name = m.Type.Name.Name
		} else {
			name = m.Func.Name.Name + "()"
		}
		lines = append(lines, fmt.Sprintf("%s %s %+v\n", name, m.Verb, m.Args))
	}
	slices.Sort(lines)
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%s: %s\n", fset.Position(p.Pos), p.Message))
	}
	return strings.Join(lines, "")
}
