package sharedvars

import (
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

//go:embed doc.go
var doc string

// Analyzer reports shared pages that cannot be published.
var Analyzer = &analysis.Analyzer{
	Name: "sharedvars",
	Doc:  finding.Doc("sharedvars", doc),
	URL:  "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/sharedvars",
	Run:  finding.Run(run),
}

// The rules.
const (
	ruleType     = "field-type"
	ruleChanged  = "field-changed"
	ruleFunction = "page-function"
)

func run(pass *analysis.Pass) (any, error) {
	pages, problems := Read(pass.Files, pass.TypesInfo, pass.Pkg)
	for _, p := range pages {
		path := filepath.Join(filepath.Dir(pass.Fset.PositionFor(p.Spec.Pos(), false).Filename), p.File())
		text, err := os.ReadFile(path) // a pass reads Go files and their like alone
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		old, err := page.ParseABI(string(text))
		if err != nil {
			problems = append(problems, Problem{p.Spec.Name.Pos(), ruleChanged, p.File() + ": " + err.Error()})
			continue
		}
		_, more := p.Merge(old)
		problems = append(problems, more...)
	}
	for _, p := range problems {
		pass.Report(analysis.Diagnostic{Pos: p.Pos, Category: p.Rule, Message: p.Message})
	}
	return nil, nil
}
