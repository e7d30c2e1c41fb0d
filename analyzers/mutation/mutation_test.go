package mutation_test

import (
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/analyzers/mutation"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), mutation.Analyzer, "a", "b")
}

// TestStandard holds facts about the standard library, which are computed from
// its source, against what its documentation says.
func TestStandard(t *testing.T) {
	want := map[string]string{
		"sort.Strings":                "0 written",
		"sort.SearchStrings":          "reads",
		"bytes.Equal":                 "reads",
		"bytes.TrimSpace":             "returns 0",
		"(*bytes.Buffer).Write":       "0 written",
		"(*bytes.Buffer).Len":         "reads",
		"strings.Join":                "reads",
		"(*bytes.Reader).Read":        "1 written",
		"(*strings.Replacer).Replace": "0 written",
	}
	got := map[string]string{}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "bytes", "sort", "strings")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{mutation.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range graph.Roots {
		if a.Err != nil {
			t.Error(a.Err)
		}
		for _, f := range a.AllObjectFacts() {
			if fn, ok := f.Object.(*types.Func); ok {
				got[fn.FullName()] = fmt.Sprint(f.Fact)
			}
		}
	}
	for name, fact := range want {
		if !strings.Contains(got[name], fact) || fact == "reads" && got[name] != fact {
			t.Errorf("%s: %q, want %q", name, got[name], fact)
		}
	}
}

// TestLarge has a function of 10,000 lines, and 2,000 functions that call each
// other.
func TestLarge(t *testing.T) {
	dir := t.TempDir()
	src := filepath.Join(dir, "src", "large")
	if err := os.MkdirAll(src, 0o777); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("package large\n\nfunc Long(m map[string][]int, n int) { // want Long:\"0 written, 0 kept\"\n\tvar s []int\n")
	for i := range 10000 {
		fmt.Fprintf(&b, "\tif n == %d { s = m[\"%d\"]; m[\"%d\"] = s }\n", i, i, i+1)
	}
	b.WriteString("}\n\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "func f%d(p *int, n int) { if n > 0 { f%d(p, n-1); f%d(p, n-2) } else { *p = n } }\n", i, (i+1)%2000, (i+7)%2000)
	}
	b.WriteString("\nfunc Ring(p *int) { f0(p, 5) } // want Ring:\"0 written\"\n")
	if err := os.WriteFile(filepath.Join(src, "large.go"), []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	analysistest.Run(t, dir, mutation.Analyzer, "large")
	t.Logf("%v", time.Since(start))
}
