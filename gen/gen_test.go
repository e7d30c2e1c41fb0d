package gen_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/gen"
)

// Equal programs give equal files: Go's build cache, and so the second build, rests on it. The order in which files
// are parsed is chance, so the program has many.
func TestDeterministic(t *testing.T) {
	if testing.Short() {
		t.Skip("generates programs twice")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/many\n\ngo 1.26\n")
	write("main.go", "package main\n\nimport _ \"net/http\"\n\nfunc main() {}\n")
	for i := range 40 {
		write(fmt.Sprintf("f%02d.go", i), fmt.Sprintf("package main\n\nvar a%d, b%d = map[int]int{}, new(int)\n", i, i))
	}
	var first map[string][]byte
	for range 4 {
		res, err := gen.Generate(context.Background(), gen.Request{Dir: dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"."}, Slot: "g"})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = res.Files
		}
		if len(res.Files) != len(first) {
			t.Fatalf("%d files, then %d", len(first), len(res.Files))
		}
		for path, text := range res.Files {
			if !bytes.Equal(text, first[path]) {
				t.Errorf("%s differs from run to run", path)
			}
		}
	}
}
