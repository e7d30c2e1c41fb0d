package plan

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/gen/load"
)

// settleUnits finds units that run in every image, by what is known of the
// fates, and reports whether there are new ones.
func (d *prover) settleUnits(p *Plan) (more bool) {
	for _, u := range d.res.Units {
		if !d.again[u] && d.runsAgain(p, u) {
			d.again[u], more = true, true
		}
	}
	return more
}

// runsAgain reports whether a unit runs in every image, or at least in one, and
// so not when the process starts.
func (d *prover) runsAgain(p *Plan, u *proof.Unit) bool {
	if _, ok := d.registers[u]; ok {
		return d.depends(p, u, proof.Name{}, "") != nil
	}
	if u.IsInit || len(u.Vars) == 0 && p.Packages[u.Pkg].Standard {
		return d.replayed(p, u, proof.Name{}) != nil
	}
	return len(u.Vars) == 0 || slices.ContainsFunc(u.Vars, func(n proof.Name) bool {
		v := p.lookup(n)
		return v != nil && (v.Fate != Shared || v.byWord && !p.Packages[v.Pkg].Standard && d.replayed(p, u, n) != nil)
	})
}

// startsOnce reports whether a variable that is shared by the user's word needs
// an image for its initialiser.
func (d *prover) startsOnce(v *Var) bool {
	return v.byWord && v.Fate == Shared && slices.ContainsFunc(d.units[nameOf(v)], func(u *proof.Unit) bool {
		return d.again[u] && slices.Contains(u.Vars, nameOf(v))
	})
}

// givesOnly reports whether no virtual variable but v itself gets a value by
// v's initialiser. Only such an initialiser may run in the first image alone:
// after it, the other images' variables would lack their values.
func (d *prover) givesOnly(p *Plan, v *Var) bool {
	name := nameOf(v)
	virtual := func(n proof.Name) bool {
		w := p.lookup(n)
		return n != name && w != nil && w.Fate != Shared
	}
	for _, u := range d.units[name] {
		if !slices.Contains(u.Vars, name) {
			continue
		}
		if slices.ContainsFunc(u.Vars, virtual) || slices.ContainsFunc(sortedNames(u.Writes), virtual) {
			return false
		}
	}
	return true
}

// spell names a unit in a sentence.
func (p *Plan) spell(u *proof.Unit) string {
	switch {
	case u.IsInit:
		return "an init function"
	case len(u.Vars) == 0:
		return "an initialiser"
	}
	return "the initialiser of " + u.Vars[0].Name
}

// replayed tells why a unit has to run in every image, nil if it need not.
func (d *prover) replayed(p *Plan, u *proof.Unit, of proof.Name) []proof.Step {
	if _, ok := d.registers[u]; ok {
		return nil
	}
	what := "its initialiser"
	standard := p.Packages[u.Pkg].Standard // whose other doings nobody sees twice, as they are done once
	switch {
	case u.IsInit && p.Packages[u.Pkg].cgo():
		return []proof.Step{{Pos: u.Pos, Text: "written by an init function, which runs in every image"}, u.Writes[of]}
	case u.IsInit:
		what = "the init function that writes it"
	case len(u.Vars) == 0 && !standard:
		return []proof.Step{{Pos: u.Pos, Text: "written by an initialiser, which runs in every image"}, u.Writes[of]}
	case len(u.Vars) > 0 && !slices.Contains(u.Vars, of):
		what = "the initialiser of " + u.Vars[0].Name + ", which writes it,"
	}
	if w := p.named(u); w != nil {
		return []proof.Step{{Pos: u.Pos, Text: what + " names " + w.Key.String() + ", which is " + w.Fate.String()}}
	}
	if u.World != nil && !standard {
		return append([]proof.Step{{Pos: u.Pos, Text: what + " must run in every image"}}, u.World...)
	}
	for _, n := range sortedNames(u.Outer) {
		if standard {
			break
		}
		for _, before := range d.outer[n] {
			if before == u {
				break
			}
			if d.again[before] && (u.Outer[n].Writes || before.Outer[n].Writes) {
				return []proof.Step{
					{Pos: u.Pos, Text: what + " has to do with " + n.Pkg + "." + n.Name + " after " + p.spell(before) + ", which runs in every image"},
					u.Outer[n].Step,
					{Pos: before.Pos, Text: p.spell(before)},
					before.Outer[n].Step,
				}
			}
		}
	}
	return d.depends(p, u, of, what)
}

// depends tells why a unit cannot run before an image is there, nil if it can.
func (d *prover) depends(p *Plan, u *proof.Unit, of proof.Name, what string) []proof.Step {
	if w := p.named(u); w != nil {
		return []proof.Step{{Pos: u.Pos, Text: what + " names " + w.Key.String() + ", which is " + w.Fate.String()}}
	}
	for _, m := range []map[proof.Name]proof.Step{u.Reads, u.Writes} {
		for _, n := range sortedNames(m) {
			switch w := p.lookup(n); {
			case w == nil, w.Start == Template && w.Pkg == u.Pkg: // the step fills the variable that images copy
			case w.Fate != Shared:
				return []proof.Step{{Pos: u.Pos, Text: what + " depends on " + w.Key.String() + ", which is " + w.Fate.String()}, m[n]}
			case d.startsOnce(w):
				return []proof.Step{{Pos: u.Pos, Text: what + " depends on " + w.Key.String() + ", which gets its value in the first image"}, m[n]}
			}
		}
	}
	for _, n := range u.Vars {
		if w := p.lookup(n); w != nil && n != of && w.Fate != Shared {
			return []proof.Step{{Pos: u.Pos, Text: what + " also initialises " + w.Name + ", which is " + w.Fate.String()}}
		}
	}
	return nil
}

// named returns a variable that is not shared and that a unit names outside of
// function literals: even where no value depends on it, as in unsafe.Sizeof,
// the unit's text cannot stay as it is then.
func (p *Plan) named(u *proof.Unit) (found *Var) {
	look := func(info *types.Info, n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && found == nil {
				if w := p.Var(info.Uses[id]); w != nil && w.Fate != Shared && !(w.Start == Template && w.Pkg == u.Pkg) {
					found = w
				}
			}
			_, lit := n.(*ast.FuncLit)
			return !lit
		})
	}
	for _, n := range u.Vars {
		if v := p.lookup(n); v != nil {
			for _, v := range v.names() {
				if v.init != nil && v.init.rhs.Pos() == u.Pos {
					look(v.init.pkg.Info, v.init.rhs)
				}
			}
		}
	}
	if u.IsInit {
		if decl, lp := p.initFunc(u); decl != nil {
			look(lp.Info, decl.Body)
		}
	}
	return found
}

// initFunc finds a unit's init function.
func (p *Plan) initFunc(u *proof.Unit) (*ast.FuncDecl, *load.Package) {
	for _, lp := range p.Packages[u.Pkg].Variants {
		for _, f := range lp.Files {
			for _, d := range f.Syntax.Decls {
				if decl, ok := d.(*ast.FuncDecl); ok && decl.Name.Pos() == u.Pos {
					return decl, lp
				}
			}
		}
	}
	return nil, nil
}

// settleInits notes which init functions run once for all images: those that
// neither depend on what is virtual, nor do something besides that can be
// noticed.
func (d *prover) settleInits(p *Plan) {
	for _, u := range d.res.Units {
		_, registers := d.registers[u]
		switch {
		case !u.IsInit && !(registers && len(u.Vars) == 0):
		case !d.again[u]:
			p.once[u.Pos] = true
		case registers:
			p.zero[u.Pos] = true
		}
		if d.again[u] {
			p.Packages[u.Pkg].again = true
		}
	}
	again := map[token.Pos]bool{}
	for u := range d.again {
		again[u.Pos] = true
	}
	for _, pkg := range p.Order {
		if !pkg.Standard {
			continue
		}
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				for _, decl := range f.Syntax.Decls {
					if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" && !again[fn.Name.Pos()] {
						p.once[fn.Name.Pos()] = true
					}
				}
			}
		}
	}
}
