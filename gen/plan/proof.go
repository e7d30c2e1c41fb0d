package plan

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/verdicts"
	"golang.org/x/tools/go/ssa"
)

// A proof is the decider that has looked at the whole program: see package
// proof.
type prover struct {
	res   *proof.Result
	units map[proof.Name][]*proof.Unit // those that write a variable
	seers map[proof.Name][]*proof.Unit // those that read it before a later one writes it
	outer map[proof.Name][]*proof.Unit // those that deal with a variable that is not in play
	again map[*proof.Unit]bool         // those that run in every image, as far as that is known yet

	registers map[*proof.Unit]string // for committed builds: those that must not run a second time, and why
}

// prove analyses the program, whose packages' bodies are all there.
func prove(p *Plan, opts Options, std *standard) (*prover, error) {
	b := &builder{in: proof.Input{Linknames: map[string]*ssa.Function{}}, plan: p, prog: ssa.NewProgram(p.Prog.Fset, ssa.InstantiateGenerics)}
	if err := b.packages(); err != nil {
		return nil, err
	}
	b.roots(opts.Plugin, opts.Committed)
	b.in.Opened = opts.Plugin || opts.Committed != nil
	b.in.Protecting = protecting(p)
	b.in.SSA = b.prog
	b.joined()
	b.in.InPlay = func(n proof.Name) bool {
		pkg := p.Packages[n.Pkg]
		if pkg == nil {
			return false
		}
		if n.Name == "" {
			return !pkg.Standard
		}
		v := pkg.Vars[n.Name]
		return v != nil && v.std != stdIdle
	}
	if opts.Committed == nil {
		b.in.Library = std.library
	}
	b.in.If = func(n proof.Name) string {
		if v := p.lookup(n); v != nil && v.std == stdNamed && v.entry != nil {
			return v.entry.If
		}
		return ""
	}
	b.in.Counts = func(n proof.Name) proof.Changes {
		switch v := p.lookup(n); {
		case v != nil && v.std == stdNamed && v.entry != nil && v.entry.Through != nil:
			return proof.OuterChanges
		case v != nil && v.std == stdNamed && v.entry != nil && v.entry.Verdict == stdstate.Process:
			return proof.OwnChanges
		case v != nil && v.std == stdNamed:
			return proof.DirectChanges
		}
		return proof.AllChanges
	}
	static, part := map[*types.Initializer]bool{}, map[*types.Initializer]bool{}
	layout := newPartly(p.Prog)
	for _, lp := range p.Prog.Packages {
		if lp.Info != nil {
			for _, in := range lp.Info.InitOrder {
				static[in] = Static(lp.Info, in.Rhs)
				part[in] = !static[in] && len(in.Lhs) == 1 && layout.may(lp.Info, in.Rhs, in.Lhs[0].Type())
			}
		}
	}
	b.in.Nearness = p.nearness
	b.in.Static = func(in *types.Initializer) bool { return static[in] }
	b.in.Partly = func(in *types.Initializer) bool { return part[in] }
	b.in.Assigns = p.assigns
	b.in.Registrars = opts.Committed.registrars()
	b.in.Unseen = opts.Committed.accessor(p)
	res, err := verdicts.Analyze(p.Prog, b.in, opts.Verdicts)
	if err != nil {
		return nil, err
	}
	d := &prover{
		res: res, units: map[proof.Name][]*proof.Unit{}, seers: map[proof.Name][]*proof.Unit{},
		outer: map[proof.Name][]*proof.Unit{}, again: map[*proof.Unit]bool{},
	}
	for _, u := range res.Units {
		for _, v := range u.Vars {
			d.units[v] = append(d.units[v], u)
		}
		for v := range u.Writes {
			d.units[v] = append(d.units[v], u)
		}
		for v := range u.Sees {
			d.seers[v] = append(d.seers[v], u)
		}
		for v := range u.Outer {
			d.outer[v] = append(d.outer[v], u)
		}
	}
	d.registers = opts.Committed.registrations(p, res)
	return d, nil
}

// decide gives a variable that could be shared its fate, and the reason. It is
// asked again, until nothing changes, whenever a variable has become virtual.
func (d *prover) decide(p *Plan, v *Var) (Fate, string) {
	asm := &v.Uses.Asm
	switch {
	case asm.Written != "":
		return Virtual, "assembly writes it at " + asm.Written
	case asm.Constant != "":
		return Shared, "read-only data defined by assembly at " + asm.Constant
	case asm.Address != "":
		return Virtual, "assembly takes its address at " + asm.Address
	}
	name := nameOf(v)
	if r := d.res.Vars[name]; r != nil && r.Changed != nil {
		v.Chain = p.chain(r.Changed)
		return Virtual, first(v.Chain, r.Details)
	}
	if v.entry != nil && p.std.library(v.Pkg) {
		for _, e := range p.std.table.Changing(v.entry) {
			if r := d.res.Vars[proof.Name{Pkg: e.Pkg, Name: e.Name}]; r != nil && r.Changed != nil {
				v.Chain = p.chain(r.Changed)
				return Virtual, "goes with " + e.Pkg + "." + e.Name + ": " + first(v.Chain, r.Details)
			}
		}
	}
	for _, u := range d.units[name] {
		if step := d.replayed(p, u, name); step != nil {
			v.Chain = p.chain(step)
			return Virtual, first(v.Chain, 0)
		}
	}
	for _, u := range d.seers[name] {
		if d.again[u] { // a start of an image after the first would find what is written later
			v.Chain = p.chain([]proof.Step{{Pos: u.Pos, Text: "written after " + p.spell(u) + ", which runs in every image, has read it"}, u.Sees[name]})
			return Virtual, first(v.Chain, 0)
		}
	}
	v.Chain = nil
	if v.std == stdIdle {
		return Shared, v.idle()
	}
	if len(d.units[name]) == 0 {
		return Shared, "never written"
	}
	return Shared, "written by its initialisation alone"
}

func (p *Package) cgo() bool {
	return slices.ContainsFunc(p.Variants, func(lp *load.Package) bool { return len(lp.CgoFiles) > 0 })
}

func (p *Plan) lookup(n proof.Name) *Var {
	if pkg := p.Packages[n.Pkg]; pkg != nil {
		return pkg.Vars[n.Name]
	}
	return nil
}

func sortedNames[T any](m map[proof.Name]T) []proof.Name {
	var out []proof.Name
	for n := range m {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b proof.Name) int { return strings.Compare(a.Pkg+"."+a.Name, b.Pkg+"."+b.Name) })
	return out
}

func (p *Plan) chain(steps []proof.Step) []Step {
	out := make([]Step, len(steps))
	for i, s := range steps {
		out[i].Text = s.Text
		if s.Pos.IsValid() {
			out[i].Pos = p.Prog.Fset.Position(s.Pos)
		}
	}
	return out
}

// nearness ranks packages as [proof.Input.Nearness] says.
func (p *Plan) nearness(n proof.Name, pkg string) int {
	if n.Pkg == pkg {
		return 0
	}
	of, at := p.Prog.ByID[n.Pkg], p.Prog.ByID[strings.TrimSuffix(pkg, "_test")]
	switch {
	case strings.HasPrefix(pkg, runtimeTree), pkg == naming.StdPath:
		return 4
	case of == nil || at == nil || at.Standard:
		return 3
	case of.Module != nil && at.Module != nil && of.Module.Path == at.Module.Path:
		return 1
	case at.Module != nil && at.Module.Main:
		return 2
	}
	return 3
}

// first spells the beginning of a chain in one line, without the steps that
// only add to the first.
func first(chain []Step, details int) string {
	s := chain[0].Text
	if chain[0].Pos.IsValid() {
		s += fmt.Sprintf(" (%s:%d)", base(chain[0].Pos.Filename), chain[0].Pos.Line)
	}
	if len(chain) > 1+details {
		next := chain[1+details]
		s += ", " + next.Text
		if next.Pos.IsValid() {
			s += fmt.Sprintf(" (%s:%d)", base(next.Pos.Filename), next.Pos.Line)
		}
	}
	return s
}

// A builder puts a loaded program into the form that the analysis takes.
type builder struct {
	plan *Plan
	prog *ssa.Program
	in   proof.Input
	ssas map[*load.Package]*ssa.Package
}

// packages makes the SSA packages. Cgo's packages are taken as the cgo command
// made them.
func (b *builder) packages() error {
	b.ssas = map[*load.Package]*ssa.Package{}
	b.prog.CreatePackage(types.Unsafe, nil, nil, true)
	for _, lp := range b.plan.Prog.Packages {
		tp, info, files := lp.Types, lp.Info, lp.Syntax
		if len(lp.Errors) > 0 || info == nil {
			b.prog.CreatePackage(tp, nil, nil, false)
			continue
		}
		if len(lp.CgoFiles) > 0 && !lp.Standard {
			var err error
			if tp, files, info, err = b.plan.Prog.Compiled(lp); err != nil {
				return err
			}
			b.prog.CreatePackage(lp.Types, nil, nil, false)
		}
		pkg := b.prog.CreatePackage(tp, files, info, false)
		if tp != lp.Types {
			b.standIn(pkg)
		}
		b.ssas[lp] = pkg
		if ofRuntime(lp.Path) {
			continue // is not looked into; its initialisers take functions' addresses
		}
		b.in.Packages = append(b.in.Packages, proof.Package{SSA: pkg, InitOrder: info.InitOrder})
	}
	return nil
}

func ofRuntime(path string) bool {
	return path == "runtime" || strings.HasPrefix(path, "internal/runtime/")
}

// standIn gives the functions of cgo's form of a package for those of the
// author's, by which importers call them.
func (b *builder) standIn(pkg *ssa.Package) {
	for _, name := range memberNames(pkg) {
		switch m := pkg.Members[name].(type) {
		case *ssa.Function:
			b.in.Linknames[m.String()] = m
		case *ssa.Type:
			for _, t := range []types.Type{m.Type(), types.NewPointer(m.Type())} {
				set := types.NewMethodSet(t)
				for i := range set.Len() {
					if types.IsInterface(t) || len(set.At(i).Index()) > 1 {
						continue
					}
					if fn := b.prog.FuncValue(set.At(i).Obj().(*types.Func)); fn != nil {
						b.in.Linknames[fn.String()] = fn
					}
				}
			}
		}
	}
}

// roots finds what is called from outside of the program's own calls: main and
// tests, what assembly, C or another name calls; of libraries and plugins among
// the named packages, what they export.
func (b *builder) roots(plugin bool, committed *Committed) {
	named := map[*load.Package]bool{}
	for _, lp := range b.plan.Prog.Roots {
		named[lp] = true
	}
	for _, lp := range b.plan.Prog.Packages {
		pkg := b.ssas[lp]
		if pkg == nil {
			continue
		}
		program := lp.Name == "main" && !(plugin && named[lp])
		if program {
			b.root(pkg.Func("main"))
		}
		// Of a test binary, all is there.
		if committed.opens(lp) || committed == nil && named[lp] && !program && !b.plan.Prog.Tests {
			b.in.Libraries = append(b.in.Libraries, pkg)
		}
		b.outside(lp, pkg)
		if lp.ForTest != "" {
			b.tests(lp, pkg)
		}
	}
	if t := b.byPath("testing"); t != nil {
		b.root(t.Func("MainStart"))
		if m := t.Type("M"); m != nil {
			b.root(b.prog.LookupMethod(types.NewPointer(m.Type()), t.Pkg, "Run"))
		}
	}
	if l := b.byPath(naming.StdPath); l != nil {
		for _, name := range []string{"Launch", "LaunchDebug", "EnterTest", "Boot"} { // what generated code calls
			b.root(l.Func(name))
		}
	}
	for _, path := range debugged() {
		if d := b.byPath(path); d != nil {
			b.root(d.Func("Serve"))
		}
	}
}

// debugged are the packages of which a launcher may be given Serve: see
// gen.findDebugger.
func debugged() []string {
	const module = "github.com/go-vimage/vimage/runtime/"
	return []string{"debug/vimage", module + "vimage/debug", module + "alias/aliasdebug"}
}

func (b *builder) root(fn *ssa.Function) {
	if fn != nil {
		b.in.Roots = append(b.in.Roots, fn)
	}
}

// joined has the names of one variable taken for one. Of a package's variants
// one is enough.
func (b *builder) joined() {
	for _, j := range b.plan.joins {
		var names []*ssa.Global
		for _, v := range j.Vars {
			if g := b.variable(v); g != nil {
				names = append(names, g)
			}
		}
		b.in.Joined = append(b.in.Joined, names)
	}
}

func (b *builder) variable(v *Var) *ssa.Global {
	for _, lp := range b.plan.Packages[v.Pkg].Variants {
		if pkg := b.ssas[lp]; pkg != nil && pkg.Var(v.Name) != nil {
			return pkg.Var(v.Name)
		}
	}
	return nil
}

func (b *builder) byPath(path string) *ssa.Package {
	if lp := b.plan.Prog.ByID[path]; lp != nil {
		return b.ssas[lp]
	}
	return nil
}

func memberNames(pkg *ssa.Package) []string {
	var names []string
	for name := range pkg.Members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// outside finds functions that assembly, C or go:linkname name, and those that
// are called when an image is created.
func (b *builder) outside(lp *load.Package, pkg *ssa.Package) {
	if p := b.plan.Packages[lp.Path]; p != nil {
		for _, s := range p.Sysinits {
			b.root(pkg.Func(s.Func.Name.Name))
		}
	}
	if ofRuntime(lp.Path) || lp.Path == "reflect" {
		return
	}
	for _, l := range asmLines(lp) {
		for _, s := range l.symbols {
			b.mentioned(pkg, s.pkg, s.name, l.op)
			if dot := strings.LastIndexByte(s.pkg, '.'); s.name == "f" && dot >= 0 { // what values of a function lead to: p·fn·f
				b.mentioned(pkg, s.pkg[:dot], s.pkg[dot+1:], l.op)
			}
		}
	}
	for _, name := range memberNames(pkg) {
		if strings.HasPrefix(name, "_cgoexp_") { // by which C calls what is exported to it, methods too
			b.root(pkg.Func(name))
		}
	}
	for _, f := range lp.Files {
		for _, l := range Linknames(f) {
			if l.Symbol != "" {
				b.linkname(lp, pkg, l.Local, l.Symbol)
			}
		}
		for _, decl := range f.Syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && exportedToHost(fn) {
				b.root(pkg.Func(fn.Name.Name))
			}
		}
	}
}

// mentioned takes up a symbol that a package's assembly names in an
// instruction.
func (b *builder) mentioned(pkg *ssa.Package, path, name, op string) {
	if path != "" {
		pkg = b.byPath(path)
	}
	if pkg == nil || ofRuntime(pkg.Pkg.Path()) {
		return
	}
	if fn := pkg.Func(name); op != "TEXT" || fn != nil && hasBody(fn) { // else it is what assembly defines
		b.root(fn)
	}
	if g := pkg.Var(name); g != nil && op != "GLOBL" && op != "DATA" {
		b.in.Outside = append(b.in.Outside, g)
	}
}

// exportedToHost reports whether what runs a WebAssembly module may call a
// function.
func exportedToHost(fn *ast.FuncDecl) bool {
	return fn.Doc != nil && slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:wasmexport ") })
}

// hasBody reports whether a function is written in Go.
func hasBody(fn *ssa.Function) bool {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	return ok && decl.Body != nil
}

func (b *builder) linkname(lp *load.Package, pkg *ssa.Package, local, symbol string) {
	slash := strings.LastIndexByte(symbol, '/') + 1
	dot := strings.IndexByte(symbol[slash:], '.')
	if dot < 0 {
		return
	}
	path, name := symbol[:slash+dot], symbol[slash+dot+1:]
	mine := pkg.Func(local)
	var theirs *ssa.Function
	if path == "main" && pkg.Pkg.Name() == "main" {
		path = pkg.Pkg.Path()
	}
	if other := b.byPath(path); other != nil {
		theirs = b.function(other, name)
	}
	switch {
	case mine == nil:
	case hasBody(mine):
		b.root(mine)
		if theirs != nil && !hasBody(theirs) {
			b.in.Linknames[theirs.String()] = mine
		}
	case theirs != nil && hasBody(theirs):
		b.root(theirs)
		b.in.Linknames[mine.String()] = theirs
	}
}

// function finds a function of a package, or a method by its symbol's name:
// (*T).M or T.M.
func (b *builder) function(pkg *ssa.Package, name string) *ssa.Function {
	recv, method, ok := strings.Cut(name, ".")
	if !ok {
		return pkg.Func(name)
	}
	base := strings.TrimSuffix(strings.TrimPrefix(recv, "(*"), ")")
	m := pkg.Type(base)
	if m == nil {
		return nil
	}
	t := m.Type()
	if base != recv {
		t = types.NewPointer(t)
	}
	if types.NewMethodSet(t).Lookup(pkg.Pkg, method) == nil {
		return nil
	}
	return b.prog.LookupMethod(t, pkg.Pkg, method)
}

// tests puts a package's tests where go test's generated main function puts
// them.
func (b *builder) tests(lp *load.Package, pkg *ssa.Package) {
	testing := b.byPath("testing")
	if testing == nil {
		return
	}
	kinds := []struct{ prefix, typ, field string }{
		{"Test", "InternalTest", "F"},
		{"Benchmark", "InternalBenchmark", "F"},
		{"Fuzz", "InternalFuzzTarget", "Fn"},
		{"Example", "InternalExample", "F"},
	}
	for _, name := range memberNames(pkg) {
		fn, ok := pkg.Members[name].(*ssa.Function)
		if !ok {
			continue
		}
		if name == "TestMain" {
			b.root(fn)
			continue
		}
		for _, k := range kinds {
			if strings.HasPrefix(name, k.prefix) && strings.HasSuffix(b.plan.Prog.Fset.Position(fn.Pos()).Filename, "_test.go") {
				if t := testing.Type(k.typ); t != nil {
					b.in.Seeds = append(b.in.Seeds, proof.Seed{Struct: t.Type().(*types.Named), Field: k.field, Func: fn})
				}
			}
		}
	}
}
