package collisions

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/written"
)

//go:embed doc.go
var doc string

// Analyzer reports names that collide.
var Analyzer = &analysis.Analyzer{
	Name: "collisions",
	Doc:  finding.Doc("collisions", doc),
	URL:  "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/collisions",
	Run:  finding.Run(run),
}

// The rules.
const (
	ruleName        = "reserved-name"
	ruleFile        = "generated-file"
	ruleConstrained = "build-constrained"
	ruleDot         = "dot-import"
	ruleC           = "c-variable"
)

// A checker looks at one package.
type checker struct {
	pass    *analysis.Pass
	files   []*ast.File // those that the author wrote
	written map[*types.Var]token.Pos
	idents  map[string]bool   // every identifier in the package
	given   map[string]string // new names that fixes give, and what for
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, idents: map[string]bool{}, given: map[string]string{}}
	for _, f := range pass.Files {
		if c.authored(f) {
			c.files = append(c.files, f)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				c.idents[id.Name] = true
			}
			return true
		})
	}
	c.written = written.In(pass.TypesInfo, pass.Files)
	if err := c.generatedFiles(); err != nil {
		return nil, err
	}
	c.reservedNames()
	c.dotImports()
	if err := c.constrained(); err != nil {
		return nil, err
	}
	return nil, c.cVariables()
}

// authored reports whether a person wrote the file. What cgo makes of a person's file bears the mark of a generated
// one, and the author's name by a line directive.
func (c *checker) authored(f *ast.File) bool {
	return !ast.IsGenerated(f) || c.cgo(f)
}

// cgo reports whether the file is what cgo made of one of the author's.
func (c *checker) cgo(f *ast.File) bool {
	return c.path(f) != c.pass.Fset.PositionFor(f.Package, false).Filename && ast.IsGenerated(f)
}

// path is the path of the author's file.
func (c *checker) path(f *ast.File) string { return c.pass.Fset.Position(f.Package).Filename }

// carried reports whether a variable is to be expected in a container:
// something in its package changes it.
func (c *checker) carried(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.Parent() == c.pass.Pkg.Scope() && c.written[v].IsValid()
}

func (c *checker) report(d analysis.Diagnostic) { c.pass.Report(d) }
