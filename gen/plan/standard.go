package plan

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
)

// A stdRole says how a variable of the standard library takes part in the plan.
type stdRole uint8

const (
	notStandard stdRole = iota
	// stdIdle is not judged. It is virtual only if its initialiser depends on
	// a variable that is.
	stdIdle
	// stdNamed is judged: an entry of the table with the verdict image, an
	// exported variable that code outside of the standard library names, or one
	// whose memory a function that it names gives to it. What
	// package reflect does with it does not count, and of one with the verdict
	// process only what code outside of the standard library does, or, if its
	// memory is given to that, outside of the variable's package.
	//
	// Most of the standard library's values come into the hands of reflection
	// in some program, so that it could seem to set nearly all of them.
	stdNamed
	// stdWritten is judged, and code outside of the standard library changes
	// it by its name, or takes its address.
	stdWritten
)

// standard answers questions about the standard library for one program.
type standard struct {
	table  *stdstate.Table
	below  map[string]bool // package runtime, and what it imports: they have no containers
	std    map[string]bool // the standard packages of the program
	labels bool            // see Options.Labels
	tests  bool            // the program is a test binary, whose state package testing holds
	names  map[string]bool // the functions of packages in the table that code outside of the standard library names
}

func newStandard(prog *load.Program, table *stdstate.Table) *standard {
	if table == nil {
		table = new(stdstate.Table)
	}
	s := &standard{
		table: table, tests: prog.Tests,
		below: map[string]bool{}, std: map[string]bool{}, names: map[string]bool{},
	}
	var below func(path string)
	below = func(path string) {
		if s.below[path] {
			return
		}
		s.below[path] = true
		if lp := prog.ByID[path]; lp != nil {
			for _, imp := range lp.Imports {
				below(imp)
			}
		}
	}
	below("runtime")
	for _, lp := range prog.Packages {
		if lp.Standard {
			s.std[lp.Path] = true
		}
	}
	return s
}

// declares reports whether a variable of the standard library is entered in
// the plan. What the base overlay adds is not.
func (s *standard) declares(path, name string) bool {
	return path != naming.StdPath && !strings.HasPrefix(name, "vnet")
}

// library reports whether a package's steps of initialization matter as far as
// they deal with variables that are judged.
func (s *standard) library(path string) bool {
	return s.std[path] && !s.below[path] && path != naming.StdPath && !s.ofTests(path)
}

// ofTests reports whether a package holds the state of a running test binary,
// which has one of it.
func (s *standard) ofTests(path string) bool {
	return s.tests && (path == "testing" || strings.HasPrefix(path, "testing/internal/"))
}

// judged gives the standard library's variables their roles, by what the
// program's text does with them.
func (s *standard) judged(p *Plan) {
	for _, pkg := range p.Order {
		if !pkg.Standard || s.ofTests(pkg.Path) {
			continue
		}
		for _, v := range pkg.Vars {
			switch named, written := s.outside(v.Reads), s.outside(v.Writes); {
			case written:
				s.written(p, v)
			case (named || v.entry != nil && (v.entry.Verdict == stdstate.Image || s.given(v.entry))) && s.library(v.Pkg):
				v.std = stdNamed
			}
		}
	}
}

// given reports whether code outside of the standard library names a function
// that gives it memory of a variable.
func (s *standard) given(e *stdstate.Entry) bool {
	return slices.ContainsFunc(e.Through, func(fn string) bool { return s.names[fn] })
}

// written notes that code outside of the standard library changes v. Where it
// changes what v refers to, that is judged too:
//
//	var UTC *Location = &utcLoc // *time.UTC = x changes utcLoc
func (s *standard) written(p *Plan, v *Var) {
	if v.std == stdWritten {
		return
	}
	v.std = stdWritten
	if v.init == nil || !slices.ContainsFunc(v.Writes, func(u Use) bool { return u.How != Assigned && !s.std[u.Pkg] }) {
		return
	}
	ast.Inspect(v.init.rhs, func(n ast.Node) bool {
		if addr, ok := n.(*ast.UnaryExpr); ok && addr.Op == token.AND {
			if id, ok := ast.Unparen(addr.X).(*ast.Ident); ok {
				if w := p.Var(v.init.pkg.Info.Uses[id]); w != nil {
					s.written(p, w)
				}
			}
		}
		return true
	})
}

// idle says why a variable of the standard library that was not judged is
// shared.
func (v *Var) idle() string {
	if v.entry != nil {
		return "standard library: " + v.entry.Reason
	}
	return "standard library: the program does not name it, and no exported function changes it"
}

// Place is where a variable is declared; for one of the standard library, the
// first place outside of it that changes the variable, if there is one.
func (p *Plan) Place(v *Var) token.Position {
	if v.std != notStandard {
		for _, u := range v.Writes {
			if lp := p.Packages[u.Pkg]; lp == nil || !lp.Standard {
				return u.Pos
			}
		}
	}
	return p.Prog.Fset.Position(v.Pos)
}

// outside reports whether code outside of the standard library is among some
// uses.
func (s *standard) outside(uses []Use) bool {
	for _, u := range uses {
		if !s.std[u.Pkg] {
			return true
		}
	}
	return false
}

// settle notes which standard packages have containers. Of the others the plan
// keeps what is refused.
func (s *standard) settle(p *Plan, committed *Committed) {
	for _, pkg := range p.Order {
		pkg.Replayed = committed.changes(pkg) && (!pkg.Standard || pkg.again)
		for _, v := range pkg.Vars {
			pkg.Replayed = pkg.Replayed || v.Fate == Virtual
		}
		if pkg.Replayed {
			continue
		}
		for name, v := range pkg.Vars {
			if v.Fate != Refused && v.std == stdIdle {
				delete(pkg.Vars, name)
			}
		}
	}
}
