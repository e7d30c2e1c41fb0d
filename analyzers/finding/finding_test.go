package finding_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/finding"
)

// words reports each identifier that begins with bad.
func words(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, "bad") {
				pass.Report(analysis.Diagnostic{
					Pos: id.Pos(), End: id.End(), Category: "word", Message: "bad name",
					SuggestedFixes: []analysis.SuggestedFix{{
						Message:   "make it good",
						TextEdits: []analysis.TextEdit{{Pos: id.Pos(), End: id.Pos() + 3, NewText: []byte("good")}},
					}},
				})
			}
			return true
		})
	}
	return nil, nil
}

func analyzer() *analysis.Analyzer {
	return &analysis.Analyzer{Name: "words", Doc: "report bad words", Run: finding.Run(words)}
}

func TestFilter(t *testing.T) {
	results := analysistest.Run(t, analysistest.TestData(), analyzer(), "a", "gen", "lines")
	keys := map[string]int{}
	for _, d := range results[0].Diagnostics {
		keys[d.Category]++
	}
	want := map[string]int{
		"word:badVar": 1, "word:badInGroup": 1, "word:badConst": 1, "word:T.badMethod": 2, "word:use": 3, "word:badHeard": 1, "word:after": 1,
	}
	if !maps.Equal(keys, want) {
		t.Errorf("keys:\n got %v\nwant %v", keys, want)
	}
	for _, d := range results[2].Diagnostics {
		if d.SuggestedFixes != nil {
			t.Error("a fix behind a line directive was kept")
		}
	}
	if len(results[0].Diagnostics[0].SuggestedFixes) == 0 {
		t.Error("a fix was lost")
	}
}

// TestModule runs the filter for packages that have findings but are not the
// user's.
func TestModule(t *testing.T) {
	for _, test := range []struct {
		path   string
		name   string
		module *analysis.Module
		want   int
	}{
		{"example.com/m", "m", &analysis.Module{Path: "example.com/m"}, 1},
		{"example.com/m", "m", nil, 1},
		{"example.com/dep", "dep", &analysis.Module{Path: "example.com/dep", Version: "v1.0.0"}, 0},
		{"example.com/m.test", "main", &analysis.Module{Path: "example.com/m"}, 0},
		{"strings", "strings", &analysis.Module{Path: "std"}, 0},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "m.go", "package "+test.name+"\n\nvar bad int\n", parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		pass := &analysis.Pass{
			Analyzer: analyzer(), Fset: fset, Files: []*ast.File{file}, Pkg: types.NewPackage(test.path, test.name), Module: test.module,
			Report: func(analysis.Diagnostic) { got++ },
		}
		if _, err := pass.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if got != test.want {
			t.Errorf("%s of %+v: %d findings, want %d", test.path, test.module, got, test.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, want := range [][2]string{{"rule", "Config.Level"}, {"rule", ""}} {
		if rule, object := finding.Split(finding.Category(want[0], want[1])); rule != want[0] || object != want[1] {
			t.Errorf("got %s, %s", rule, object)
		}
	}
	if rule, object := finding.Split("plain"); rule != "plain" || object != "" {
		t.Errorf("got %s, %s", rule, object)
	}
}
