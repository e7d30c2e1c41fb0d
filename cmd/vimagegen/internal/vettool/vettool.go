package vettool

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
)

// Baseline is the environment variable that names a baseline.
const Baseline = "VIMAGE_BASELINE"

// Related is the flag with which findings keep their related places.
const Related = "related"

// Called reports whether a command line is the go command's.
func Called(args []string) bool {
	switch {
	case len(args) == 0:
		return false
	case args[0] == "-V=full" || args[0] == "-flags":
		return len(args) == 1
	}
	return strings.HasSuffix(args[len(args)-1], ".cfg") && (len(args) == 1 || strings.HasPrefix(args[0], "-"))
}

// Main answers the go command. It returns a status, or exits with one.
func Main(args []string, analyzers []*analysis.Analyzer) int {
	dir, err := os.Getwd()
	if err != nil {
		return fail(err)
	}
	if args[0] == "-V=full" {
		id, err := ID(dir, os.Environ())
		if err != nil {
			return fail(err)
		}
		fmt.Printf("vimagegen version devel buildID=%s\n", id)
		return 0
	}
	if path := os.Getenv(Baseline); path != "" && args[0] != "-flags" {
		known, err := baseline.Read(path)
		if err != nil {
			return fail(err)
		}
		analyzers = without(analyzers, known)
	}
	related := flag.Bool(Related, false, "report related places, and leave the rule's name out of messages: for -json")
	unitchecker.Main(printed(analyzers, related)...)
	return 0
}

// printed returns analyzers whose findings read well in go vet's text: one line
// each, with the rule's name. The go command asks the tool for JSON in any
// case, so a flag says who reads it.
func printed(analyzers []*analysis.Analyzer, related *bool) []*analysis.Analyzer {
	return reporting(analyzers, func(a *analysis.Analyzer, pass *analysis.Pass, d analysis.Diagnostic) {
		if !*related {
			rule, _ := finding.Split(d.Category)
			d.Message += " [" + a.Name + "/" + rule + "]"
			d.Related = nil
		}
		pass.Report(d)
	})
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "vimagegen:", err)
	return 1
}

// without returns analyzers that do not report what a baseline knows.
func without(analyzers []*analysis.Analyzer, known baseline.File) []*analysis.Analyzer {
	return reporting(analyzers, func(a *analysis.Analyzer, pass *analysis.Pass, d analysis.Diagnostic) {
		rule, object := finding.Split(d.Category)
		if known[baseline.Key{Rule: a.Name + "/" + rule, Package: pass.Pkg.Path(), Object: object}] == 0 {
			pass.Report(d)
		}
	})
}

// reporting returns analyzers that hand their findings to a function, which may
// report them.
func reporting(
	analyzers []*analysis.Analyzer, report func(*analysis.Analyzer, *analysis.Pass, analysis.Diagnostic),
) []*analysis.Analyzer {
	var all []*analysis.Analyzer
	for _, a := range analyzers {
		wrapped := *a
		wrapped.Run = func(pass *analysis.Pass) (any, error) {
			p := *pass
			p.Report = func(d analysis.Diagnostic) { report(a, pass, d) }
			return a.Run(&p)
		}
		all = append(all, &wrapped)
	}
	return all
}
