// Package analyzers lists vimage's analyzers. Each is a
// golang.org/x/tools/go/analysis analyzer in a folder of its own, of which it
// exports the variable Analyzer.
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
