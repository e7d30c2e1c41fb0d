package committed

import (
	_ "embed"
	"fmt"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/mutation"
	"github.com/go-vimage/vimage/analyzers/naming"
)

//go:embed doc.go
var doc string

// Analyzer reports what a -tags vimage build of a package cannot compile, or
// shares among images.
var Analyzer = &analysis.Analyzer{
	Name:      "committed",
	Doc:       finding.Doc("committed", doc),
	URL:       "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/committed",
	Run:       finding.Run(run),
	Requires:  []*analysis.Analyzer{inspect.Analyzer, mutation.Analyzer},
	FactTypes: []analysis.Fact{new(Fact)},
}

// The rules.
const (
	ruleAccessor = "accessor"
	ruleShared   = "not-adopted"
)

// runtimeModule has the packages that a vimage build links against. Their
// variables are about the process.
const runtimeModule = "github.com/go-vimage/vimage"

// A Fact is what an importer knows of a package. It covers the packages that
// this one imports, because drivers hand on facts of direct imports only.
type Fact struct {
	Module  string   // path; "" if the driver does not say
	Adopted bool     // the package has a committed build
	Reaches bool     // it has, or a package that it imports
	Shared  []Shared // of it and its imports, those without a committed build; nil in the main module
}

// A Shared is a package with variables that change, and that images share.
type Shared struct {
	Pkg  string
	Vars []Variable
}

// A Variable is one that changes.
type Variable struct {
	Name   string
	Change string // "written in dep.Next (dep.go:6)"
}

// AFact marks a fact.
func (*Fact) AFact() {}

// String spells a fact: "adopted, of example.com/m".
func (f *Fact) String() string {
	var parts []string
	if f.Adopted {
		parts = append(parts, "adopted")
	} else if f.Reaches {
		parts = append(parts, "reaches adopted")
	}
	for _, s := range f.Shared {
		parts = append(parts, fmt.Sprintf("%s shares %d", s.Pkg, len(s.Vars)))
	}
	return strings.Join(append(parts, "of "+f.Module), ", ")
}

// A checker looks at one package.
type checker struct {
	pass  *analysis.Pass
	fact  Fact                    // about the package
	facts map[*types.Package]Fact // about its imports
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, facts: map[*types.Package]Fact{}}
	for _, imp := range pass.Pkg.Imports() {
		var f Fact
		if pass.ImportPackageFact(imp, &f) {
			c.facts[imp] = f
		}
	}
	if m := pass.Module; m != nil {
		c.fact.Module = m.Path
	}
	if c.fact.Module == runtimeModule {
		return nil, nil
	}
	c.fact.Adopted = c.adopted()
	c.fact.Reaches = c.fact.Adopted
	for _, f := range c.facts {
		c.fact.Reaches = c.fact.Reaches || f.Reaches
	}
	c.accessors()
	if err := c.shared(); err != nil {
		return nil, err
	}
	if c.fact.Reaches || c.fact.Shared != nil {
		pass.ExportPackageFact(&c.fact)
	}
	return nil, nil
}

// adopted reports whether the package has files of a committed build. An
// external test belongs to the package that it tests.
func (c *checker) adopted() bool {
	for _, f := range c.pass.Files {
		if generated(c.pass.Fset.PositionFor(f.Package, false).Filename) {
			return true
		}
	}
	for _, name := range c.pass.IgnoredFiles {
		if generated(name) {
			return true
		}
	}
	if tested, ok := strings.CutSuffix(c.pass.Pkg.Path(), "_test"); ok {
		for imp, f := range c.facts {
			if imp.Path() == tested {
				return f.Adopted
			}
		}
	}
	return false
}

func generated(file string) bool {
	base := filepath.Base(file)
	return base == naming.File+".go" || strings.HasPrefix(base, naming.File+"_")
}
