package collisions

import "golang.org/x/tools/go/analysis"

// Analyzer reports names that collide.
var Analyzer = &analysis.Analyzer{
	Name: "collisions",
	Doc:  "report names that collide",
	Run:  run,
}

func run(pass *analysis.Pass) (any, error) { return nil, nil }
