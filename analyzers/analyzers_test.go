package analyzers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/suppress"
	"github.com/go-vimage/vimage/analyzers/nolint"
)

// TestNames keeps the names that nolint knows, and the folders, in step with
// the list.
func TestNames(t *testing.T) {
	var names []string
	for _, a := range All() {
		names = append(names, a.Name)
	}
	if !slices.IsSorted(names) {
		t.Errorf("not sorted: %v", names)
	}
	if want := append(names, suppress.Everything); !slices.Equal(nolint.Names(), want) {
		t.Errorf("package nolint knows %v, want %v", nolint.Names(), want)
	}
	if err := analysis.Validate(All()); err != nil {
		t.Error(err)
	}
}

// TestSummaries finds summaries that were broken into two lines: what lists
// analyzers shows the first line of their documentation.
func TestSummaries(t *testing.T) {
	for _, a := range All() {
		if summary, rest, _ := strings.Cut(a.Doc, "\n"); summary == "" || !strings.HasPrefix(rest, "\n") {
			t.Errorf("%s: the summary %q goes on in the next line", a.Name, summary)
		}
	}
}

// TestExported looks for what Bazel's nogo links: in each analyzer's package a
// variable of exactly this name.
func TestExported(t *testing.T) {
	for _, a := range All() {
		if !exports(t, a.Name) {
			t.Errorf("%s: no var Analyzer = &analysis.Analyzer{...}", a.Name)
		}
	}
	if exports(t, "naming") {
		t.Error("naming has no analyzer, and one was found")
	}
}

func exports(t *testing.T, dir string) bool {
	packages, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg := packages[dir]
	if pkg == nil {
		return false
	}
	for _, file := range pkg.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				if len(v.Names) != 1 || v.Names[0].Name != "Analyzer" || len(v.Values) != 1 {
					continue
				}
				ref, ok := v.Values[0].(*ast.UnaryExpr)
				if !ok {
					continue
				}
				if lit, ok := ref.X.(*ast.CompositeLit); ok {
					if sel, ok := lit.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Analyzer" {
						return true
					}
				}
			}
		}
	}
	return false
}

// TestRules compares the rules that each analyzer's code names with those that
// its documentation explains.
func TestRules(t *testing.T) {
	all := map[string]string{}
	for _, a := range All() {
		var documented []string
		for rule, text := range finding.Rules(a.Doc) {
			documented = append(documented, rule)
			if !strings.Contains(text, "Before:") || !strings.Contains(text, "After:") {
				t.Errorf("%s/%s: no example before and after", a.Name, rule)
			}
			if other := all[rule]; other != "" {
				t.Errorf("%s and %s both have a rule %s: vimagegen help finds one of them", other, a.Name, rule)
			}
			all[rule] = a.Name
		}
		slices.Sort(documented)
		if named := ruleNames(t, a.Name); !slices.Equal(documented, named) {
			t.Errorf("%s documents %v, reports %v", a.Name, documented, named)
		}
	}
}

// ruleNames returns the rules that an analyzer's source names: constants called
// rule..., and literals that are the first argument of finding.Category.
func ruleNames(t *testing.T, dir string) []string {
	packages, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			name, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
	}
	ast.Inspect(packages[dir], func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if strings.HasPrefix(n.Names[0].Name, "rule") && len(n.Values) == 1 {
				add(n.Values[0])
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Category" && len(n.Args) == 2 {
				add(n.Args[0])
			}
		}
		return true
	})
	slices.Sort(names)
	return slices.Compact(names)
}
