package sysctls

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/go-vimage/vimage/internal/archives"
)

// TestFile compares the file that is made beside x.go of each archive.
func TestFile(t *testing.T) {
	archives.Each(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "x.go", a.Files[0].Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		text, err := File(fset, f)
		if err != nil {
			t.Fatal(err)
		}
		a.Want(t, Name("x.go"), string(text))
	})
}

func TestBeside(t *testing.T) {
	if base, ok := Beside(Name("x.go")); base != "x.go" || !ok {
		t.Errorf("got %s, %v", base, ok)
	}
	if _, ok := Beside("x.go"); ok {
		t.Error("x.go is taken for a generated file")
	}
}
