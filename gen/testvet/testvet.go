// Package testvet chooses the vet checks of a virtualised go test.
//
// go test vets what it builds, which here is the rewritten program. Its checks
// see there what they see in the author's text, except for "tests": that one
// looks for the variable which an example is named after, and finds it gone. So
// it is run here, on the author's text, and asked of go test only when it has
// something to say.
package testvet

import (
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/tests"

	"github.com/go-vimage/vimage/gen/load"
)

// checks are go test's own, "tests" apart
// (cmd/go/internal/test.defaultVetFlags).
var checks = [...]string{"atomic", "bool", "buildtags", "directive", "errorsas", "ifaceassert", "nilfunc", "printf", "slog", "stringintconv"}

// Flag returns the value of go test's -vet flag for a program, for a user who
// gave none.
func Flag(prog *load.Program) (string, error) {
	list := checks[:]
	for _, p := range prog.Packages {
		if p.ForTest == "" || p.Standard || len(p.Errors) > 0 {
			continue
		}
		found, err := finds(prog, p)
		if err != nil {
			return "", err
		}
		if found {
			list = append(list, tests.Analyzer.Name)
			break
		}
	}
	return strings.Join(list, ","), nil
}

func finds(prog *load.Program, p *load.Package) (found bool, err error) {
	pass := &analysis.Pass{
		Analyzer:   tests.Analyzer,
		Fset:       prog.Fset,
		Pkg:        p.Types,
		TypesInfo:  p.Info,
		TypesSizes: prog.Sizes,
		Report:     func(analysis.Diagnostic) { found = true },
	}
	for _, f := range p.Files {
		pass.Files = append(pass.Files, f.Syntax)
	}
	_, err = tests.Analyzer.Run(pass)
	return found, err
}
