package directive_test

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/analyzers/directive"
)

var update = flag.Bool("u", false, "write what is found into the archives of testdata")

// Each archive has a Go file, the problems found in it, and the words and marks that variables have.
func TestRead(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	if len(paths) == 0 {
		t.Fatal("no archives")
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) != 2 {
				t.Fatal("want two files: x.go and want")
			}
			got := read(t, ar.Files[0])
			if *update {
				ar.Files[1].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(ar), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if want := string(ar.Files[1].Data); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
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
