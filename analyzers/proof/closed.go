package proof

import (
	"cmp"
	"crypto/sha256"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
	"golang.org/x/tools/go/ssa"
)

// A Name identifies a package-level variable.
type Name struct{ Pkg, Name string }

// A Package is one package variant of the program.
type Package struct {
	SSA       *ssa.Package
	InitOrder []*types.Initializer
}

// An Input is a whole program.
type Input struct {
	SSA      *ssa.Program
	Packages []Package // dependencies first
	// Roots are the functions that run after initialisation: main, and what the runtime, assembly or C calls.
	Roots []*ssa.Function
	// Libraries are packages whose importers are not there; what these can call is taken for called after initialisation.
	Libraries []*ssa.Package
	// Opened says that importers are programs that open the libraries as plugins: what they do by themselves is never seen.
	Opened bool
	// Unseen reports whether importers do not call an exported function. Nil is for: they call all.
	Unseen func(*ssa.Function) bool
	// Seeds are functions that the program will find in a struct's field: tests in testing.InternalTest.F.
	Seeds []Seed
	// Linknames maps functions without body to those that implement them.
	Linknames map[string]*ssa.Function
	// Joined lists variables that have several names (go:linkname). The first is that by which the result speaks of them.
	Joined [][]*ssa.Global
	// Outside are variables that code reads which is not Go, and may write what they lead to.
	Outside []*ssa.Global
	// Protecting are functions in assembly, by package and name, that may make memory executable.
	Protecting map[Name]bool
	// InPlay says which variables are to be judged.
	InPlay func(Name) bool
	// Library reports whether a package's steps of initialization matter only as far as they deal with variables that are in
	// play: those of the standard library. Nil means that there is no such package.
	Library func(pkg string) bool
	// If names a function without which a variable is not in play, though InPlay says so: "crypto/x509.SetFallbackRoots". Nil,
	// and "", is for none.
	If func(Name) string
	// Counts says which changes of a variable count. Nil means all.
	Counts func(Name) Changes
	// Static says of which initialisers nobody can tell when they run. Nil is for: of none.
	Static func(*types.Initializer) bool
	// Nearness ranks the packages in which a cause may be, for a variable: 0 is
	// its own package, 1 its module, 2 the program, 3 anything else, 4 the runtime
	// of images. Reasons lead with the nearest, and name a change of rank 4 only
	// if there is no other. If nil, they lead with the change itself.
	Nearness func(n Name, pkg string) int
	// Registrars are the functions that [Unit.Registers] lists.
	Registrars []Registrar
	// Partly reports whether the compiler may lay out a part of an
	// initialiser that is not static. If nil, [Unit.Ahead] stays empty.
	Partly func(*types.Initializer) bool
	// Assigns reports whether a function's text assigns a variable or takes its address. It is asked for Ahead only.
	Assigns func(fn ast.Node, n Name) bool
}

// Changes are those changes of a variable that count.
type Changes uint8

const (
	AllChanges    Changes = iota
	DirectChanges         // all but those by package reflect
	OwnChanges            // those in functions of packages that are in play as a whole
	OuterChanges          // those outside of the variable's package, and none by package reflect
)

// A Seed puts a function into the memory of a struct's field.
type Seed struct {
	Struct *types.Named
	Field  string
	Func   *ssa.Function
}

// A Step is one link of a chain of reasons.
type Step struct {
	Pos  token.Pos
	Text string
}

// A Var is what the analysis found of one variable.
type Var struct {
	Name
	Changed []Step // how it changes after initialisation; nil if it does not
	Details int    // how many steps after the first of Changed only add to what that one says
	Escapes bool   // it changes only because it is handed to something unknown
	By      string // the package of the function that writes, if that is known by a summary only
}

// A Unit is one step of initialisation: the initialiser of some variables, or an init function.
type Unit struct {
	Pkg    string
	Pos    token.Pos
	Vars   []Name         // what it initialises
	Writes map[Name]Step  // what it, and what it calls, writes; what it initialises not included
	Reads  map[Name]Step  // what it, and what it calls, mentions
	Sees   map[Name]Step  // what it, and what it calls, may read, of what later units write: what changes later than that left out
	Ahead  map[Name]Touch // what it, and what it calls, may come to before its initialiser has run, see Input.Partly
	Outer  map[Name]Touch // what is not in play, and code in play changes in initialisation
	World  []Step         // what makes a second run differ, or be noticed, and how that is called; nil if nothing does
	// Registers are the functions of Input.Registrars that it, and what it calls, may call in initialization.
	Registers []Registrar

	IsInit  bool // an init function
	Trivial bool // it calls nothing
}

// A Result is the analysis of a program.
type Result struct {
	Vars  map[Name]*Var // those in play that the program mentions
	Units []*Unit       // in play, in order of initialisation
	Codes []Code        // where code may be patched, outside of package syscall
	// Alone are the types whose values alone are what some addresses, which
	// become pointers to the types by package unsafe, are taken to lead to:
	// there are more of these addresses than are followed one by one. If other
	// memory is there, and changes, that is missed.
	Alone []flow.Cast
	// Reached are the positions of the functions that can run, those without a
	// body in Go too; a function literal is one with the function around it, and
	// an instance of a generic function with that.
	Reached []token.Pos
	Stats   Stats
}

// Stats says how large the work was.
type Stats struct{ Functions, Nodes, Steps int }

// Analyze judges the variables in play.
func Analyze(in Input) (*Result, error) {
	a, units, err := prepare(in)
	if err != nil {
		return nil, err
	}
	a.conditions()
	look := a.units(units)
	a.judge()
	a.writes(look)
	a.sights(look)
	a.registers(look)
	a.ahead(look)
	a.res.Codes = a.codes()
	a.res.Alone = a.p.Alone()
	a.res.Reached = a.reached()
	a.res.Stats = Stats{len(a.full.order), len(a.g.nodes), 0}
	for _, s := range a.g.steps {
		a.res.Stats.Steps += len(s)
	}
	return a.res, nil
}

// reached lists the declarations of the functions that are reached, each once.
func (a *analysis) reached() []token.Pos {
	var out []token.Pos
	for _, id := range a.full.order {
		fn := a.p.Funcs[id].SSA()
		if fn == nil {
			continue
		}
		if o := fn.Origin(); o != nil {
			fn = o
		}
		for fn.Parent() != nil {
			fn = fn.Parent()
		}
		if fn.Pos().IsValid() {
			out = append(out, fn.Pos())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// prepare follows the whole program, and lists its steps of initialisation.
func prepare(in Input) (*analysis, []*flow.Unit, error) {
	words, err := flow.ReadWords()
	if err != nil {
		return nil, nil, err
	}
	p := flow.New(in.SSA, words)
	for key, fn := range in.Linknames {
		p.Implement(key, fn)
	}
	for _, names := range in.Joined {
		p.Join(names)
	}
	if len(in.Libraries) > 0 {
		p.Outside = p.NewNode()
		for _, pkg := range in.Libraries {
			for _, g := range exportedVars(pkg) {
				p.Lend(g)
			}
		}
	}
	full := newReach(p, newNumbers())
	var units []*flow.Unit
	for _, pkg := range in.Packages {
		us := p.Initialize(pkg.SSA, pkg.InitOrder)
		units = append(units, us...)
		full.begin(p.Func(pkg.SSA.Func("init")))
		for _, u := range us {
			full.begin(p.Funcs[u.Func])
		}
	}
	ranks := initRanks(in.Packages)
	slices.SortStableFunc(units, func(a, b *flow.Unit) int {
		return cmp.Or(cmp.Compare(ranks[a.Pkg], ranks[b.Pkg]), cmp.Compare(a.Seq, b.Seq))
	})
	full.run()
	initial, begun := full.memory(), full.stage()
	made := newContents(full)
	for _, g := range p.Globals {
		made.inVariable(g)
	}
	var roots []flow.FuncID
	for _, fn := range in.Roots {
		f := p.Func(fn)
		roots = append(roots, f.ID)
		full.begin(f)
	}
	for _, s := range in.Seeds {
		if n := p.FieldNamed(s.Struct, s.Field); n != 0 {
			f := p.Func(s.Func)
			full.take(f.ID)
			full.add(n, heldFunc(f.ID))
		}
	}
	if len(in.Outside) > 0 {
		f := p.Outsider(in.Outside)
		roots = append(roots, f.ID)
		full.begin(f)
	}
	full.imported(in.Libraries, in.Opened, in.Unseen)
	full.run()
	if full.importer != nil {
		roots = append(roots, full.importer.calls(full)...)
	}
	full.rest()
	after := afterwards(full, roots)
	c := newContents(full)
	g := newGraph(full, c, func(f flow.FuncID) bool { return after[f] }, nil)
	a := &analysis{
		callees: map[flow.FuncID]*bitset.Set[flow.FuncID]{},
		in:      in, p: p, res: &Result{Vars: map[Name]*Var{}},
		full: full, initial: initial, begun: begun, made: made.vars, ranks: ranks, after: after, g: g, contents: c, gate: newGate(p), links: newMemoryLinks(p), unitWrites: map[[sha256.Size]byte]*unitWrites{},
		early: map[flow.FuncID][]*flow.Global{}, cellsOf: map[*flow.Global][]flow.Node{}, lessons: map[flow.FuncID]*lesson{},
		dealt: map[Name]bool{},
	}
	return a, units, nil
}

// afterwards returns the functions that run after initialisation: all that the roots reach, and what
// initialisation leaves running.
func afterwards(r *reach, roots []flow.FuncID) map[flow.FuncID]bool {
	after := map[flow.FuncID]bool{}
	var work []flow.FuncID
	push := func(f flow.FuncID) {
		if !after[f] {
			after[f] = true
			work = append(work, f)
		}
	}
	for _, f := range roots {
		push(f)
	}
	hubs := map[int32]bool{}
	pushAll := func(s *site) {
		for _, f := range s.list {
			push(f)
		}
		if s.hub != 0 && !hubs[s.hub] {
			hubs[s.hub] = true
			for _, f := range r.sites[s.hub].list {
				push(f)
			}
		}
	}
	for _, s := range r.sites {
		if s.call.Go {
			pushAll(s)
		}
	}
	for _, f := range r.unasked {
		push(f)
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range r.calls[f] {
			pushAll(r.sites[s])
		}
	}
	return after
}

type analysis struct {
	in       Input
	ranks    map[string]int // of packages, by when they are initialised
	p        *flow.Program
	full     *reach
	initial  *memory                 // what memory holds that others see, by initialisation alone
	begun    *stage                  // what initialisation alone reaches
	made     map[*flow.Global]*found // what can be reached from variables by initialisation alone
	g        *graph
	contents *contents
	after    map[flow.FuncID]bool
	dealt    map[Name]bool          // what units of library packages initialise that deal with variables in play
	exact    map[Name][]flow.FuncID // what initialises a variable all of whose slices it makes without room, and what that calls
	cellsOf  map[*flow.Global][]flow.Node
	lessons  map[flow.FuncID]*lesson
	gate     *gate
	links    *memoryLinks
	// unitWrites are the results of traceWrites by key.
	unitWrites map[[sha256.Size]byte]*unitWrites
	trail      *trace                                   // explain's, used again and again
	receivers  map[flow.Node]flow.FuncID                // methods by their receivers, see callee
	callees    map[flow.FuncID]*bitset.Set[flow.FuncID] // see below
	early      map[flow.FuncID][]*flow.Global           // what does not change later, by the functions that write it in initialisation
	open       bool                                     // types tell nothing: not all of the program is there
	res        *Result
}

// candidates lists the variables in play that the program mentions, in an order that is always the same.
func (a *analysis) candidates() []*flow.Global {
	var out []*flow.Global
	for _, g := range a.p.Globals {
		if a.in.InPlay(Name{g.Pkg, g.Name}) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(x, y *flow.Global) int {
		return cmp.Or(cmp.Compare(x.Pkg, y.Pkg), cmp.Compare(x.Name, y.Name))
	})
	return out
}

func (a *analysis) source(g *flow.Global) source {
	in := a.contents.inVariable(g)
	s := source{global: g, exact: a.exact[nameOf(g)] != nil, flat: !a.contents.references(in.types)}
	if a.g.escapes(g) {
		in.types = slices.Clone(in.types)
		in.types.Add(a.p.Type(g.Obj.Type()))
	}
	s.types, s.funcs = in.types, in.funcs
	return s
}

// judge traces all variables, 64 at a time, and then those that change once more, alone, for the reason.
func (a *analysis) judge() {
	t := newTrace(a.g)
	a.judgeOf(t, a.judgeOf(t, a.candidates()))
}

// judgeOf judges some variables, and returns those of which it was wrongly taken that their slices have no room: they are to
// be judged again.
func (a *analysis) judgeOf(t *trace, vars []*flow.Global) (again []*flow.Global) {
	for chunk := range slices.Chunk(vars, 64) {
		t.reset()
		if a.open {
			t.wild = ^mask(0)
		}
		sources := make([]source, len(chunk))
		for i, g := range chunk {
			sources[i] = a.source(g)
			t.start(sources[i], 1<<i)
		}
		early := map[flow.FuncID]mask{}
		counts := a.counts(chunk)
		t.found = func(_ int32, e event, who mask) { t.dead |= counts(e, who) }
		t.early = func(e event, who mask) { early[e.in] |= who }
		t.done = func() bool { return t.dead == 1<<len(chunk)-1 }
		t.run()
		for i, g := range chunk {
			v := &Var{Name: Name{g.Pkg, g.Name}}
			a.res.Vars[v.Name] = v
			if t.dead&(1<<i) != 0 {
				a.explain(v, sources[i])
				if v.Changed == nil {
					v.Changed = []Step{{g.Obj.Pos(), "may be written: how was not found again"}}
				}
			}
		}
		roomy := map[*flow.Global]bool{}
		for f, who := range early {
			for i, g := range chunk {
				if who&^t.dead&(1<<i) != 0 && sources[i].exact && !slices.Contains(a.exact[nameOf(g)], f) {
					roomy[g] = true
				}
			}
		}
		for f, who := range early {
			for i, g := range chunk {
				if who&^t.dead&(1<<i) != 0 && !roomy[g] {
					a.early[f] = append(a.early[f], g)
				}
			}
		}
		for _, g := range chunk {
			if roomy[g] {
				delete(a.exact, nameOf(g))
				again = append(again, g)
			}
		}
	}
	return again
}
