package settings_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/settings"
)

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	if words, err := settings.Read(dir); err != nil || len(words) != 0 {
		t.Errorf("without a file: %v, %v", words, err)
	}
	write(t, dir, settings.File, "# comment\n\nshared  a/b.Table  never written  after start\nvirtual a/b.Cache\n")
	words, err := settings.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]settings.Word{
		"a/b.Table": {Shared: true, Reason: "never written after start", Line: 3},
		"a/b.Cache": {Line: 4},
	} {
		if words[name] != want {
			t.Errorf("%s: got %+v, want %+v", name, words[name], want)
		}
	}
}

func TestWrong(t *testing.T) {
	for text, want := range map[string]string{
		"shared a.B":                      ":1: shared needs a name and a reason",
		"shard a.B for all":               ":1: want `shared NAME REASON` or `virtual NAME`",
		"virtual":                         ":1: want `shared NAME REASON` or `virtual NAME`",
		"virtual a.B\nshared a.B one all": ":2: a second word about a.B: the first is in line 1",
	} {
		dir := t.TempDir()
		write(t, dir, settings.File, text)
		if _, err := settings.Read(dir); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: got %v, want ...%s", text, err, want)
		}
	}
}

// TestNear looks for the file beside the nearest go.mod, not above it.
func TestNear(t *testing.T) {
	root := t.TempDir()
	inner := filepath.Join(root, "inner")
	if err := os.MkdirAll(filepath.Join(inner, "pkg"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, root, "go.mod", "module outer\n")
	write(t, root, settings.File, "virtual outer.X\n")
	write(t, inner, "go.mod", "module inner\n")
	write(t, inner, settings.File, "virtual inner.X\n")
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, write(t, filepath.Join(inner, "pkg"), "p.go", "package p\n"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	words, err := settings.Near(fset, []*ast.File{f})
	if _, ok := words["inner.X"]; !ok || len(words) != 1 || err != nil {
		t.Errorf("got %v, %v, want inner.X", words, err)
	}
}
