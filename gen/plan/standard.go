package plan

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/perimage"
	"github.com/go-vimage/vimage/gen/load"
)

// A Std is one standard package whose package-level state is per image, with the reason.
type Std = perimage.Package

// Standard is the list of them. Everything else of the standard library is shared.
func Standard() []Std { return perimage.Standard() }

// standard answers questions about the list for one program.
type standard struct {
	list    map[string]*Std
	derived map[string]string // packages whose initialisation registers in a listed one
}

func newStandard(prog *load.Program, list []Std) *standard {
	s := &standard{list: map[string]*Std{}, derived: map[string]string{}}
	for i := range list {
		s.list[list[i].Path] = &list[i]
	}
	for _, p := range prog.Packages { // dependencies first: registering packages chain
		if p.Standard && p.Info != nil && s.list[p.Path] == nil {
			if q := s.registers(p); q != "" {
				s.derived[p.Path] = "its initialisation calls " + q + ", whose state is per image"
			}
		}
	}
	return s
}

// whole reports whether all of the package is per image.
func (s *standard) whole(path string) bool {
	l := s.list[path]
	return l != nil && l.Vars == nil || s.derived[path] != ""
}

// partial reports whether single variables of the package are per image.
func (s *standard) partial(path string) bool {
	l := s.list[path]
	return l != nil && l.Vars != nil
}

func (s *standard) virtual(path, name string) bool {
	if l := s.list[path]; l != nil && l.Vars != nil {
		return slices.Contains(l.Vars, name)
	}
	return s.whole(path)
}

func (s *standard) reason(path string) string {
	if l := s.list[path]; l != nil {
		return l.Reason
	}
	return s.derived[path]
}

// registers names a function of a whole package that p's initialisation calls: image/png registers in image,
// net/http/pprof in net/http.
func (s *standard) registers(p *load.Package) (found string) {
	look := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && found == "" {
				if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
					if fn, ok := p.Info.Uses[sel.Sel].(*types.Func); ok && fn.Pkg() != nil && fn.Signature().Recv() == nil && s.whole(fn.Pkg().Path()) {
						found = fn.Pkg().Path() + "." + fn.Name()
					}
				}
			}
			return found == ""
		})
	}
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" && d.Body != nil {
					look(d.Body)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok {
						for _, v := range spec.Values {
							look(v)
						}
					}
				}
			}
		}
	}
	return found
}
