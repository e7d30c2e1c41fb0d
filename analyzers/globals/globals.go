package globals

import (
	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
)

// Analyzer reports package-level variables that change.
var Analyzer = &analysis.Analyzer{
	Name: "globals",
	Doc:  "report package-level variables that change",
	Run:  finding.Run(run),
}

func run(pass *analysis.Pass) (any, error) { return nil, nil }
