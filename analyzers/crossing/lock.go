package crossing

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/guards"
)

// locks reports mutexes that are virtual while what they guard is shared, and
// the reverse.
func (c *checker) locks() {
	for _, p := range guards.Mutexes(c.Result) {
		if p.Lock.Pkg == c.Pkg {
			c.guarded(p.Lock, p.Data)
		}
	}
}

func (c *checker) guarded(m, data *ssa.Global) {
	switch {
	case c.Shared(data) && !c.Shared(m):
		d := analysis.Diagnostic{
			Pos: m.Pos(), Category: finding.Category(ruleLock, m.Name()),
			Message: fmt.Sprintf("%s guards %s, which is shared, but each image has its own %s: two images get at %s at the same time, in every build; mark %s //vimage:shared too, or let %s be virtual",
				m.Name(), data.Name(), m.Name(), data.Name(), m.Name(), data.Name()),
		}
		if fix, ok := c.share(m, "guards "+data.Name()+", which is shared"); ok {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
		c.pass.Report(d)
	case c.Shared(m) && c.Virtual(data):
		c.report(ruleLock, m.Name(), m.Pos(), "%s is shared and guards %s, which each image has its own of: images wait for each other without need, in every build, and one that ends with the lock held stops all; let %s be virtual",
			m.Name(), data.Name(), m.Name())
	}
}

// share writes the word above a variable's declaration.
func (c *checker) share(g *ssa.Global, reason string) (analysis.SuggestedFix, bool) {
	for _, f := range c.pass.Files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, s := range gen.Specs {
				s := s.(*ast.ValueSpec)
				if len(s.Names) != 1 || s.Names[0].Pos() != g.Pos() {
					continue
				}
				at, indent := gen.Pos(), ""
				if gen.Lparen.IsValid() {
					at, indent = s.Pos(), "\t"
				}
				return analysis.SuggestedFix{
					Message:   "mark " + g.Name() + " shared",
					TextEdits: []analysis.TextEdit{{Pos: at, End: at, NewText: []byte("//vimage:shared " + reason + "\n" + indent)}},
				}, true
			}
		}
	}
	return analysis.SuggestedFix{}, false
}
