package report

import (
	"cmp"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
)

// Options say what to tell.
type Options struct {
	Standard bool // list all variables of the standard packages that have containers, and not only those that change
	Tests    bool // the plan is of a program with its tests
}

// New reports on a plan.
func New(p *plan.Plan, opts Options) *Report {
	b := &builder{plan: p, places: newPlaces(p.Prog)}
	r := &Report{
		Version: Version, Tests: opts.Tests, WordBytes: p.Prog.Sizes.Sizeof(types.Typ[types.Uintptr]),
		Roots: []string{}, Packages: []*Package{}, Variables: []*Variable{},
	}
	for _, root := range p.Prog.Roots {
		r.Roots = append(r.Roots, root.Path)
	}
	slices.Sort(r.Roots)
	findings := b.findings()
	order := slices.SortedFunc(slices.Values(p.Order), func(a, b *plan.Package) int { return cmp.Compare(a.Path, b.Path) })
	for _, pkg := range order {
		bytes := p.ImageBytes(pkg)
		vars := pkg.Sorted()
		if pkg.Standard && !opts.Standard {
			vars = slices.DeleteFunc(vars, func(v *plan.Var) bool {
				return v.Fate != plan.Refused && !v.ByWord() && (v.Fate != plan.Virtual || !v.Judged())
			})
		}
		if pkg.Standard && len(vars) == 0 {
			r.Totals.StandardImageBytes += bytes
			continue
		}
		out := b.pkg(pkg, vars, len(findings[pkg.Path]))
		if out.Variables == 0 {
			continue
		}
		out.ImageBytes = bytes
		r.Totals.add(out.Counts)
		r.Packages = append(r.Packages, out)
		from := len(r.Variables)
		for _, v := range vars {
			r.Variables = append(r.Variables, b.variable(v))
		}
		for _, f := range findings[pkg.Path] {
			r.Variables = append(r.Variables, b.finding(pkg, f))
		}
		slices.SortStableFunc(r.Variables[from:], func(a, b *Variable) int {
			return cmp.Or(cmp.Compare(a.Place.path, b.Place.path), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
		})
	}
	return r
}

func (c *Counts) add(d Counts) {
	c.Variables += d.Variables
	c.Virtual += d.Virtual
	c.Shared += d.Shared
	c.Refused += d.Refused
	c.ImageBytes += d.ImageBytes
}

type builder struct {
	plan   *plan.Plan
	places *places
}

func (b *builder) pkg(pkg *plan.Package, vars []*plan.Var, refused int) *Package {
	out := &Package{Path: pkg.Path, Standard: pkg.Standard}
	out.Virtual, out.Shared, out.Refused = plan.Count(vars)
	out.Refused += refused
	out.Variables = out.Virtual + out.Shared + out.Refused
	at := b.places.module(pkg.Variants[0])
	out.Module, out.Version, out.Main = at.path, at.version, at.main
	return out
}

func (b *builder) variable(v *plan.Var) *Variable {
	out := &Variable{
		Package: v.Pkg, Name: v.Name, Kind: "go",
		Type: strings.ReplaceAll(types.TypeString(v.Obj.Type(), types.RelativeTo(v.Obj.Pkg())), "_Ctype_", "C."),
		Fate: v.Fate.String(), Size: v.Size, Test: v.File.Test,
		Place:  b.places.at(b.plan.Prog.Fset.Position(v.Pos)),
		Reason: v.Reason,
		Chain:  b.chain(v),
		Writes: b.uses(v.Writes), Reads: b.uses(v.Reads),
	}
	if v.Fate == plan.Virtual {
		out.Start = "replay"
		if v.Start == plan.Template {
			out.Start = "template"
		}
	}
	return out
}

// chain returns the variable's chain of reasons. One without steps has its
// reason as the only one.
func (b *builder) chain(v *plan.Var) []Step {
	if len(v.Chain) == 0 {
		return []Step{{Text: v.Reason}}
	}
	var out []Step
	for _, s := range v.Chain {
		step := Step{Text: s.Text}
		if s.Pos.IsValid() {
			at := b.places.at(s.Pos)
			step.Place = &at
		}
		out = append(out, step)
	}
	return out
}

func (b *builder) uses(list []plan.Use) []Use {
	out := []Use{}
	for _, u := range list {
		if u.Pkg == naming.StdPath {
			continue // our own runtime, which the program as its author wrote it does not have
		}
		use := Use{Function: u.Func, Package: u.Pkg, Place: b.places.at(u.Pos)}
		if u.How != plan.Read {
			use.How = string(u.How)
		}
		out = append(out, use)
	}
	return out
}

// findings groups what is refused and is not a Go variable by the package in
// whose folder it is.
func (b *builder) findings() map[string][]plan.Finding {
	byDir := map[string]string{}
	for _, pkg := range slices.Backward(b.plan.Order) { // a package before its tests
		byDir[pkg.Variants[0].Dir] = pkg.Path
	}
	out := map[string][]plan.Finding{}
	for _, f := range b.plan.Findings {
		path := byDir[filepath.Dir(f.Pos.Filename)]
		out[path] = append(out[path], f)
	}
	return out
}

func (b *builder) finding(pkg *plan.Package, f plan.Finding) *Variable {
	return &Variable{
		Package: pkg.Path, Name: f.Name, Kind: "c", Fate: plan.Refused.String(), Reason: f.Reason,
		Place: b.places.at(f.Pos),
		Chain: []Step{{Text: f.Reason}}, Writes: []Use{}, Reads: []Use{},
	}
}
