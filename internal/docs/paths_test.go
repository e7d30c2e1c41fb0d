package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func pages() []string {
	return []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "gen/goroot/PORTING.md"}
}

// invented are paths of examples, and what only looks like a path.
func invented() []string {
	return []string{
		"cmd/server", "bpf,./debug", "internal/hardcases/testdata/sorted.txtar", // examples
		"globals/mutable", "runtime/cgo.Incomplete", // a rule; a type
	}
}

// TestPaths demands that what the pages name is there.
func TestPaths(t *testing.T) {
	tree := readTree(t)
	for _, page := range pages() {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tree.missing(string(text)) {
			t.Errorf("%s names %s, which does not exist", page, name)
		}
	}
}

// TestPathsFinds gives the check a page with names that do not exist.
func TestPathsFinds(t *testing.T) {
	got := readTree(t).missing("The folders `gen/plan`, `gen/{load,plam}` and `cmd/vimagegen/doc_*.go`, `doc_*.og/`,\n" +
		"[a link](internal/docs/none.md), the test `TestNowhere`, `TestPaths`, the command\n\n" +
		"    go test ./internal/nowhere -run 'x/y'\n    go test ./internal/docs/...\n")
	want := []string{"gen/plam", "doc_*.og/", "internal/docs/none.md", "TestNowhere", "internal/nowhere"}
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A tree has the paths of this repository and of GOROOT's folders, and the
// names of the tests.
type tree struct {
	paths []string // with a slash before them
	tests map[string]bool
}

func readTree(t *testing.T) *tree {
	t.Helper()
	x := &tree{tests: map[string]bool{}}
	x.walk(t, root)
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	x.walk(t, filepath.Join(strings.TrimSpace(string(out)), "src"))
	return x
}

func (x *tree) walk(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		x.paths = append(x.paths, "/"+filepath.ToSlash(rel))
		if dir == root && strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/testdata/") {
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					x.tests[fn.Name.Name] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	span     = regexp.MustCompile("`([^`\n]+)`")
	block    = regexp.MustCompile(`(?m)^    +(go .*)$`)
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	testName = regexp.MustCompile(`^(Test|Benchmark)[A-Z]\w*$`)
	filename = regexp.MustCompile(`^[\w./{},*-]+\.(go|txt|md|yml|txtar|json)$`)
	pathname = regexp.MustCompile(`^[\w.{},*-]+(/[\w.{},*-]+)*/?$`)
)

// missing returns the paths and tests of a page that do not exist.
func (x *tree) missing(page string) (names []string) {
	for _, m := range link.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[1], "://") && !x.has(m[1]) {
			names = append(names, m[1])
		}
	}
	for _, re := range []*regexp.Regexp{span, block} {
		for _, m := range re.FindAllStringSubmatch(page, -1) {
			for _, word := range strings.Fields(m[1]) {
				for _, name := range paths(word) {
					if !x.has(name) && !slices.Contains(invented(), name) {
						names = append(names, name)
					}
				}
				test, _, _ := strings.Cut(word, "/")
				if testName.MatchString(test) && !x.tests[test] {
					names = append(names, test)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// paths returns the paths that a word of code stands for, none if it is no
// path.
func paths(word string) []string {
	word = strings.TrimPrefix(strings.TrimPrefix(word, "./"), "github.com/go-vimage/vimage/")
	word = strings.TrimSuffix(strings.TrimSuffix(word, "..."), ",")
	if test, _, _ := strings.Cut(word, "/"); testName.MatchString(test) {
		return nil
	}
	placeholder := strings.Contains(word, "NAME") || strings.Contains(word, "PATH") || strings.Contains(word, "1.N")
	isPath := strings.Contains(word, "/") && pathname.MatchString(word) || filename.MatchString(word)
	if placeholder || !isPath {
		return nil
	}
	before, rest, ok := strings.Cut(word, "{")
	if !ok {
		return []string{word}
	}
	list, after, _ := strings.Cut(rest, "}")
	var all []string
	for one := range strings.SplitSeq(list, ",") {
		all = append(all, before+one+after)
	}
	return all
}

// has reports whether a path of the tree ends in name, which may have stars.
func (x *tree) has(name string) bool {
	name = "/" + strings.Trim(name, "/")
	n := strings.Count(name, "/")
	return slices.ContainsFunc(x.paths, func(path string) bool {
		if !strings.Contains(name, "*") {
			return strings.HasSuffix(path, name)
		}
		parts := strings.Split(path, "/")
		if len(parts) <= n {
			return false
		}
		ok, err := filepath.Match(name, "/"+strings.Join(parts[len(parts)-n:], "/"))
		return ok && err == nil
	})
}
