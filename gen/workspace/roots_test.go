package workspace_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/gen/workspace"
)

// Roots finds what go.mod and go.work name by folders, and goes on where a file
// cannot be parsed.
func TestRoots(t *testing.T) {
	top := t.TempDir()
	path := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for name, text := range map[string]string{
		"w/go.work":  "go 1.26\n\nuse (\n\t./a\n\t./b\n\t../c\n)\n\nreplace x.org/x => ../x\n",
		"w/a/go.mod": "module a\n\nreplace y.org/y => ../../y\n\nreplace z.org/z => z.org/z2 v1.0.0\n",
		"w/b/go.mod": "no go.mod\n",
		"c/go.mod":   "module c\n\nreplace (\n\tx.org/x => ../x\n\tv.org/v => ./v\n)\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path(name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		gomod, gowork string
		want          []string
	}{
		{"", "off", nil},
		{os.DevNull, "", nil},
		{path("w/a/go.mod"), "off", []string{"w/a", "y"}},
		{path("w/a/go.mod"), "", []string{"w/a", "y"}},
		{path("c/go.mod"), path("nowhere/go.work"), []string{"c", "c/v", "x"}},
		{path("w/a/go.mod"), path("w/go.work"), []string{"c", "c/v", "w", "w/a", "w/b", "x", "y"}},
	} {
		var want []string
		for _, name := range test.want {
			want = append(want, path(name))
		}
		slices.Sort(want)
		if got := workspace.Roots(test.gomod, test.gowork); !slices.Equal(got, want) {
			t.Errorf("Roots(%q, %q) = %q, want %q", test.gomod, test.gowork, got, want)
		}
	}
}
