package plan

import (
	"cmp"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
	"golang.org/x/tools/go/ssa"
)

// A Committed asks for a plan of committed builds (gen/generate): files beside
// the source that a stock toolchain builds. It differs from the plan of a
// program in three ways.
//
//   - Importers are not known. They may assign what the adopted packages export
//     and write through what they receive, so exported variables are virtual.
//   - Other packages, the standard library included, are compiled as they are.
//     Their variables belong to the process.
//   - An initialization step that registers something for the process's life
//     (flag.Bool, http.Handle: stdstate.Registrars), or writes a variable of
//     another package that is not adopted, may not run a second time. It runs
//     once, in image 0, and the variable that it initializes is shared.
type Committed struct {
	// Adopted reports whether a package has committed builds, or gets them.
	Adopted func(path string) bool
	// Virtual are variables that are virtual for another configuration.
	Virtual map[Key]string
	// Accessors begins the base names of files whose functions return addresses
	// of exported variables. An earlier run made them, and they decide nothing.
	Accessors string
}

// A Kept is one thing that images of a committed build share although it
// changes, or that image 0 alone does.
type Kept struct {
	Pos  token.Position
	Text string
}

// accessor returns a function that reports whether an earlier run made a
// function.
func (c *Committed) accessor(p *Plan) func(*ssa.Function) bool {
	if c == nil {
		return nil
	}
	return func(fn *ssa.Function) bool {
		return strings.HasPrefix(filepath.Base(p.Prog.Fset.PositionFor(fn.Pos(), false).Filename), c.Accessors)
	}
}

// registrars lists the functions after whose call a step may not run again.
func (c *Committed) registrars() (out []proof.Registrar) {
	if c == nil {
		return nil
	}
	for _, r := range stdstate.Registrars() {
		p := proof.Registrar{Func: r.Func}
		if r.With != "" {
			p.With.Pkg, p.With.Name = splitName(r.With)
		}
		out = append(out, p)
	}
	return out
}

// changes reports whether files of a package may be rewritten.
func (c *Committed) changes(pkg *Package) bool {
	return c == nil || !pkg.Standard && c.Adopted(pkg.Path)
}

// opens reports whether packages that are not loaded may import a package.
func (c *Committed) opens(lp *load.Package) bool {
	return c != nil && !lp.Standard && lp.Name != "main" && lp.ForTest == "" && c.Adopted(lp.Path)
}

// decide returns the fate of a variable where the proof is not asked.
func (c *Committed) decide(p *Plan, d *prover, v *Var, settings *Settings) (Fate, string, bool) {
	if c == nil {
		return 0, "", false
	}
	pkg := p.Packages[v.Pkg]
	if !c.changes(pkg) {
		return Shared, "package " + v.Pkg + " has no committed build", true
	}
	if _, _, said := settings.word(v.Key); said || v.Uses.Word.Verb != "" {
		return 0, "", false
	}
	for _, u := range d.units[nameOf(v)] {
		if r, ok := d.registers[u]; ok && slices.Contains(u.Vars, nameOf(v)) {
			return Shared, "its initialiser " + r, true
		}
	}
	if reason, ok := c.Virtual[v.Key]; ok {
		return Virtual, reason, true
	}
	if v.Obj.Exported() && !v.File.Test && c.opens(pkg.Variants[0]) {
		return Virtual, "importers may assign it", true
	}
	return 0, "", false
}

// refuse refuses what committed builds have no spelling for.
func (c *Committed) refuse(p *Plan, d *prover) {
	if c == nil {
		return
	}
	for _, v := range p.sorted() {
		if !c.changes(p.Packages[v.Pkg]) || v.byWord {
			continue
		}
		switch {
		case v.Join != nil && (v.Fate == Virtual || d.changed(v.Join)):
			v.Fate = Refused
			v.Reason = "it is the same variable as " + v.Join.others(v) + ", by go:linkname at " + p.place(v.Join.place(v)) +
				", which a committed build cannot follow, and it changes"
		case v.Fate == Virtual && v.init != nil && p.parts[v.init.rhs] != nil:
			v.Fate = Refused
			v.Reason = "an earlier step of initialisation reads the part of it that the compiler lays out," +
				" which a committed build cannot follow; it would be virtual: " + v.Reason
		}
	}
}

// changed reports whether a variable changes after initialization by one of its
// names.
func (d *prover) changed(j *Join) bool {
	return slices.ContainsFunc(j.Vars, func(v *Var) bool {
		r := d.res.Vars[nameOf(v)]
		return r != nil && r.Changed != nil
	})
}

// registrations finds the steps of adopted packages that call a registrar of
// the standard library, or write a variable of another package that is not
// adopted, and says of each what it does.
func (c *Committed) registrations(p *Plan, res *proof.Result) map[*proof.Unit]string {
	if c == nil {
		return nil
	}
	out := map[*proof.Unit]string{}
	for _, u := range res.Units {
		if pkg := p.Packages[u.Pkg]; pkg == nil || !c.changes(pkg) {
			continue
		}
		for _, n := range sortedNames(u.Writes) {
			if w := p.lookup(n); w != nil && !p.Packages[n.Pkg].Standard && !c.changes(p.Packages[n.Pkg]) {
				out[u] = "writes " + n.Pkg + "." + n.Name + ", of which a process has one"
				break
			}
		}
		if len(u.Registers) > 0 {
			out[u] = "calls " + u.Registers[0].Func + ", which a process does once"
		}
	}
	return out
}

// registersAgain reports whether a variable's initialiser runs in image 0
// because it registers, and needs that image.
func (d *prover) registersAgain(v *Var) bool {
	return slices.ContainsFunc(d.units[nameOf(v)], func(u *proof.Unit) bool {
		_, ok := d.registers[u]
		return ok && d.again[u] && slices.Contains(u.Vars, nameOf(v))
	})
}

// kept lists the registrations and, of packages that could be adopted and are
// not, the variables that change. What generated code links keeps images apart
// by itself, and what it has one of is the process's on purpose.
func (d *prover) kept(p *Plan, c *Committed) (out []Kept) {
	for _, u := range d.res.Units {
		r, ok := d.registers[u]
		if !ok {
			continue
		}
		text := p.spell(u) + " " + r + ": it runs once, for image 0"
		var lost []string
		for _, n := range sortedNames(u.Writes) {
			if w := p.lookup(n); w != nil && w.Fate == Virtual && !slices.Contains(u.Vars, n) {
				lost = append(lost, n.Name)
			}
		}
		if lost != nil {
			text += "; other images do not get what it gives " + strings.Join(lost, ", ")
		}
		out = append(out, Kept{p.Prog.Fset.Position(u.Pos), text})
	}
	linked := c.linked(p)
	for _, v := range p.sorted() {
		pkg := p.Packages[v.Pkg]
		r := d.res.Vars[nameOf(v)]
		if linked[pkg.Path] && !strings.HasPrefix(pkg.Path, runtimeTree) && r != nil && r.Changed != nil && !pkg.Standard && !c.changes(pkg) {
			text := "variable " + v.Key.String() + " changes and is one for all images: " + first(p.chain(r.Changed), r.Details)
			out = append(out, Kept{inModule(p.Prog.Fset.Position(v.Pos), pkg.Variants[0].Module), text})
		}
	}
	slices.SortStableFunc(out, func(a, b Kept) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
	return out
}

// linked returns the packages that adopted ones import without their tests, and
// that have no committed build of their own.
func (c *Committed) linked(p *Plan) map[string]bool {
	seen, visited := map[string]bool{}, map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		if lp := p.Prog.ByID[id]; lp != nil && !visited[id] {
			visited[id] = true
			// Containers of its own, which are for another build than this one.
			seen[id] = !slices.ContainsFunc(lp.IgnoredGoFiles, func(name string) bool {
				return strings.HasPrefix(name, naming.File)
			})
			for _, imp := range lp.Imports {
				visit(imp)
			}
		}
	}
	for _, lp := range p.Prog.Packages {
		if !lp.Standard && lp.ForTest == "" && c.Adopted(lp.Path) {
			visit(lp.ImportPath)
		}
	}
	return seen
}

// inModule spells a place in a module at a version as MODULE@VERSION/FILE,
// which is the same on every machine.
func inModule(at token.Position, m *load.Module) token.Position {
	if m == nil || m.Main || m.Version == "" {
		return at
	}
	if rel, err := filepath.Rel(m.Dir, at.Filename); err == nil && filepath.IsLocal(rel) {
		at.Filename = m.Path + "@" + m.Version + "/" + filepath.ToSlash(rel)
	}
	return at
}
