package committed

import (
	"cmp"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/mutation"
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/analyzers/settings"
)

// shared collects the variables that images share, or reports them if this is a
// package of the main module: each where it is imported from there, directly or
// through packages of other modules.
func (c *checker) shared() error {
	switch m := c.pass.Module; {
	case m == nil || m.Path == "":
		return nil
	case m.Version == "":
		if !c.fact.Reaches {
			return nil
		}
		return c.report()
	}
	byPath := map[string][]Variable{}
	for _, f := range c.facts {
		for _, s := range f.Shared {
			byPath[s.Pkg] = s.Vars
		}
	}
	if own := c.changing(); own != nil && !c.fact.Adopted {
		byPath[c.pass.Pkg.Path()] = own
	}
	for path, vars := range byPath {
		c.fact.Shared = append(c.fact.Shared, Shared{path, vars})
	}
	slices.SortFunc(c.fact.Shared, func(a, b Shared) int { return cmp.Compare(a.Pkg, b.Pkg) })
	return nil
}

// changing returns the package's variables that surely change, sorted.
func (c *checker) changing() (out []Variable) {
	for _, v := range c.pass.ResultOf[mutation.Analyzer].(*proof.Open).Vars {
		if v.Pkg == c.pass.Pkg.Path() && v.Changed != nil && !v.Escapes {
			out = append(out, Variable{v.Name.Name, c.spell(v.Changed[0])})
		}
	}
	slices.SortFunc(out, func(a, b Variable) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (c *checker) spell(s proof.Step) string {
	if !s.Pos.IsValid() {
		return s.Text
	}
	at := c.pass.Fset.Position(s.Pos)
	return fmt.Sprintf("%s (%s:%d)", s.Text, filepath.Base(at.Filename), at.Line)
}

func (c *checker) report() error {
	words, err := settings.Near(c.pass.Fset, c.pass.Files)
	if err != nil {
		return err
	}
	byPath := map[string]*types.Package{}
	for imp := range c.facts {
		byPath[imp.Path()] = imp
	}
	said := map[string]bool{}
	for _, file := range c.pass.Files {
		if strings.HasSuffix(c.pass.Fset.PositionFor(file.Package, false).Filename, "_test.go") {
			continue
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || byPath[path] == nil {
				continue
			}
			for _, s := range c.facts[byPath[path]].Shared {
				for _, v := range s.Vars {
					name := s.Pkg + "." + v.Name
					if said[name] || words[name].Shared {
						continue
					}
					said[name] = true
					c.pass.Report(analysis.Diagnostic{
						Pos: spec.Path.Pos(), End: spec.Path.End(), Category: finding.Category(ruleShared, name),
						Message: fmt.Sprintf("variable %s changes, and %s has no committed build: with -tags vimage it is one"+
							" for all images: %s", name, s.Pkg, v.Change),
					})
				}
			}
		}
	}
	return nil
}
