package perprocess_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/perprocess"
)

// Every function of the table exists, for some platform, and is there once.
func TestTable(t *testing.T) {
	rules, err := perprocess.Rules()
	if err != nil {
		t.Fatal(err)
	}
	roots := map[string]string{"": filepath.Join(goList(t, "env", "GOROOT"), "src")}
	if dir := goList(t, "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys"); dir != "" {
		roots["golang.org/x/sys/"] = dir
	}
	declared := map[string]map[string]bool{}
	seen := map[string]bool{}
	for _, r := range rules {
		for _, f := range r.Functions {
			if seen[f.String()] {
				t.Errorf("%s is there twice", f)
			}
			seen[f.String()] = true
			if declared[f.Path] == nil {
				declared[f.Path] = functions(t, roots, f.Path)
			}
			if names := declared[f.Path]; len(names) > 0 && !names[f.Name] {
				t.Errorf("there is no %s", f)
			}
		}
	}
	for _, path := range []string{"os", "syscall", "runtime", "runtime/debug", "os/signal"} {
		if len(declared[path]) == 0 {
			t.Errorf("nothing is declared in %s", path)
		}
	}
}

func goList(t *testing.T, args ...string) string {
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Logf("go %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// functions returns the functions that a package declares for any platform,
// nothing if its source is not at hand.
func functions(t *testing.T, roots map[string]string, path string) map[string]bool {
	dir := filepath.Join(roots[""], filepath.FromSlash(path))
	if rest, ok := strings.CutPrefix(path, "golang.org/x/sys/"); ok {
		if roots["golang.org/x/sys/"] == "" {
			return nil
		}
		dir = filepath.Join(roots["golang.org/x/sys/"], rest)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Errorf("package %s: %v", path, err)
		return nil
	}
	names := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names[receiver(d)+d.Name.Name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok {
						for _, id := range spec.Names {
							names[id.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	t := fn.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "."
	}
	return "?."
}
