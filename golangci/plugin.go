// Package golangci makes vimage's analyzers a linter of golangci-lint, as a
// module plugin named vimage.
//
// Input: golangci-lint's configuration. Output: the analyzers. golangci-lint is
// built with the plugin by golangci-lint custom, from .custom-gcl.yml;
// .golangci.example.yml, beside it, switches the linter on. Its settings are
// one list: analyzers names those to run, all by default.
//
// It is a module of its own, so that vimage does not require golangci-lint's.
// Silence findings by //nolint:vimage // why: our analyzers' names are heeded
// too, and golangci-lint warns that it does not know them. Of several findings
// on a line it shows the first.
package golangci

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers"
)

func init() { register.Plugin("vimage", New) }

// Settings are those of the linter.
type Settings struct {
	Analyzers []string `json:"analyzers"` // those to run; none stands for all
}

type plugin struct{ analyzers []*analysis.Analyzer }

// New is what golangci-lint makes the linter by.
func New(raw any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](raw)
	if err != nil {
		return nil, fmt.Errorf("vimage: %w", err)
	}
	all := analyzers.All()
	if len(settings.Analyzers) == 0 {
		return &plugin{all}, nil
	}
	var names []string
	for _, a := range all {
		names = append(names, a.Name)
	}
	p := &plugin{}
	for _, name := range settings.Analyzers {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, fmt.Errorf("vimage: no analyzer %s; there are %s", name, strings.Join(names, ", "))
		}
		p.analyzers = append(p.analyzers, all[i])
	}
	return p, nil
}

// BuildAnalyzers returns the analyzers.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode tells what the analyzers need.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
