// Package analyzers lists vimage's analyzers. Each is an analyzer of
// golang.org/x/tools/go/analysis and has its own folder, whose package exports
// the variable Analyzer.
package analyzers

import (
	"github.com/go-vimage/vimage/analyzers/aliases"
	"github.com/go-vimage/vimage/analyzers/collisions"
	"github.com/go-vimage/vimage/analyzers/committed"
	"github.com/go-vimage/vimage/analyzers/crossing"
	"github.com/go-vimage/vimage/analyzers/globals"
	"github.com/go-vimage/vimage/analyzers/nolint"
	"github.com/go-vimage/vimage/analyzers/sharedvars"
	"golang.org/x/tools/go/analysis"
)

// All returns the analyzers that report findings, by name.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		aliases.Analyzer, collisions.Analyzer, committed.Analyzer, crossing.Analyzer, globals.Analyzer, nolint.Analyzer,
		sharedvars.Analyzer,
	}
}
