package nolint

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/suppress"
)

//go:embed doc.go
var doc string

// Analyzer reports nolint comments that do not say why.
var Analyzer = &analysis.Analyzer{
	Name: "nolint",
	Doc:  finding.Doc("nolint", doc),
	URL:  "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/nolint",
	Run:  finding.Run(run),
}

const ruleReason = "no-reason"

// Names are those that a nolint comment may call us by.
func Names() []string {
	return []string{
		"aliases", "collisions", "committed", "crossing", "globals", "nolint", "sharedvars", suppress.Everything,
	}
}

func run(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		for _, c := range suppress.Comments(pass.Fset, file) {
			ours := slices.DeleteFunc(slices.Clone(c.Names), func(name string) bool { return !slices.Contains(Names(), name) })
			if c.Reason != "" || len(ours) == 0 {
				continue
			}
			pass.Report(analysis.Diagnostic{
				Pos: c.Pos, End: c.End, Category: ruleReason,
				Message: fmt.Sprintf("nolint without a reason silences nothing: write //nolint:%s // why", strings.Join(c.Names, ",")),
			})
		}
	}
	return nil, nil
}
