package load_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/internal/archives"
)

const module = `
-- go.mod --
module example.com/m

go 1.26
-- m.go --
package m

import "example.com/m/dep"

var X = dep.X
-- m_test.go --
package m

var inTest = X
-- x_test.go --
package m_test

import "example.com/m"

var _ = m.X
-- dep/dep.go --
package dep

var X = 1
-- broken/broken.go --
package broken

var X int = "text"
`

func config(t *testing.T) *load.Config {
	t.Helper()
	dir := t.TempDir()
	a := archives.Archive{Archive: txtar.Parse([]byte(module))}
	a.Unpack(t, dir)
	return &load.Config{
		Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "PWD="+dir), GOARCH: runtime.GOARCH, GoVersion: "go1.26",
	}
}

func TestLoad(t *testing.T) {
	prog, err := load.Load(context.Background(), config(t), []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	if len(prog.Roots) != 1 || prog.Roots[0].Path != "example.com/m" {
		t.Fatalf("roots: %v", prog.Roots)
	}
	m, dep := prog.ByID["example.com/m"], prog.ByID["example.com/m/dep"]
	if slices.Index(prog.Packages, dep) > slices.Index(prog.Packages, m) {
		t.Error("a package is before what it imports")
	}
	if m.Types.Scope().Lookup("X").Type().String() != "int" || m.Info == nil {
		t.Error("the package has no types")
	}
	if prog.Files[filepath.Join(m.Dir, "m.go")] != m.Files[0] {
		t.Error("the package's file is not among the program's")
	}
}

// TestVariants loads a package with its tests: a variant with the files of the
// in-package tests, and the external tests, which import it.
func TestVariants(t *testing.T) {
	cfg := config(t)
	cfg.Tests = true
	prog, err := load.Load(context.Background(), cfg, []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	variant, external := prog.ByID["example.com/m [example.com/m.test]"], prog.ByID["example.com/m_test [example.com/m.test]"]
	if variant == nil || external == nil {
		t.Fatal("variants are missing")
	}
	if variant.Types.Scope().Lookup("inTest") == nil {
		t.Error("the variant has no test file")
	}
	if !slices.Contains(external.Types.Imports(), variant.Types) {
		t.Error("the external tests do not import the variant")
	}
}

// TestOverlay reads a file's content from the overlay.
func TestOverlay(t *testing.T) {
	cfg := config(t)
	dep := filepath.Join(cfg.Dir, "dep", "dep.go")
	cfg.Overlay = map[string][]byte{dep: []byte("package dep\n\nvar X = \"text\"\n")}
	prog, err := load.Load(context.Background(), cfg, []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	if got := prog.ByID["example.com/m"].Types.Scope().Lookup("X").Type().String(); got != "string" {
		t.Errorf("X has type %s, want string", got)
	}
}

func TestErrors(t *testing.T) {
	cfg := config(t)
	for pattern, want := range map[string]string{
		"./broken":  "cannot use \"text\"",
		"./nowhere": "directory not found",
	} {
		_, err := load.Load(context.Background(), cfg, []string{pattern})
		if !errors.Is(err, load.ErrProgram) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error of the program with %s", pattern, err, want)
		}
	}
	cfg.Broken = true
	prog, err := load.Load(context.Background(), cfg, []string{"./broken", "."})
	if err != nil || len(prog.Broken) != 1 || prog.Broken[0].Path != "example.com/m/broken" {
		t.Errorf("a tolerated package: %v, %v", prog, err)
	}
}

func TestPackageDir(t *testing.T) {
	cfg := config(t)
	if dir := load.PackageDir(context.Background(), cfg, "example.com/m/dep"); filepath.Base(dir) != "dep" {
		t.Errorf("got %q", dir)
	}
	if dir := load.PackageDir(context.Background(), cfg, "example.com/nowhere"); dir != "" {
		t.Errorf("a package that does not exist is in %q", dir)
	}
}
