package proof

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A look is what is known of a unit while it is looked at.
type look struct {
	unit    *flow.Unit
	out     *Unit
	own     map[Name]bool
	globals []*flow.Global // all that it, and what it calls, mentions
	reach   *reach         // of all that it calls; nil if that is not known, or not known any more
	order   []flow.FuncID  // it and all that it calls; nil if that is not known
}

// units looks at each step of initialisation by itself: what it reads, and whether a second run would be noticed.
func (a *analysis) units(units []*flow.Unit) []*look {
	a.exact = map[Name][]flow.FuncID{}
	var all []*look
	dealing := a.dealings(units)
	for _, u := range units {
		if a.inPlay(u) || dealing[u] {
			l := a.unit(u)
			a.res.Units = append(a.res.Units, l.out)
			all = append(all, l)
		}
	}
	return all
}

// inPlay reports whether a unit's package has variables in play.
func (a *analysis) inPlay(u *flow.Unit) bool {
	if len(u.Lhs) > 0 {
		return a.in.InPlay(Name{u.Pkg, u.Lhs[0].Name})
	}
	return a.in.InPlay(Name{u.Pkg, ""})
}

func (a *analysis) unit(u *flow.Unit) *look {
	l := &look{unit: u, own: map[Name]bool{}}
	l.out = &Unit{Pkg: u.Pkg, Pos: u.Pos, IsInit: u.Init == nil, Writes: map[Name]Step{}, Reads: map[Name]Step{}, Sees: map[Name]Step{}, Ahead: map[Name]Touch{}, Outer: map[Name]Touch{}}
	for _, g := range u.Lhs {
		l.out.Vars = append(l.out.Vars, nameOf(g))
		l.own[nameOf(g)] = true
	}
	// What must run in every image need not be followed further to know that: nobody asks then what it reads, and what
	// it writes is found out later.
	// The library's other effects do not matter.
	r := a.follow(l, func(r *reach, f *flow.Func) bool {
		if a.isLibrary(u.Pkg) {
			return false
		}
		if a.worldOf(l.out, r, f) {
			a.learn(l, r, f.ID)
			return true
		}
		return a.known(l, r, f)
	})
	l.out.Trivial = len(r.order) == 1
	l.globals = a.readsOf(l.out, r, l.own)
	if l.out.World == nil && !roomIn(a.p, r) {
		for n := range l.own {
			a.exact[n] = r.order
		}
	}
	if l.out.World == nil {
		r.settle()
		l.reach, l.order = r, r.order
	}
	return l
}

// follow finds what a unit calls, or a part of that if it is stopped.
func (a *analysis) follow(l *look, stop func(*reach, *flow.Func) bool) *reach {
	return a.reachOf(l.unit.Func, a.ranks[l.unit.Pkg], l.own, stop)
}

// called lists the functions that a unit calls, itself included.
func (a *analysis) called(l *look) []flow.FuncID {
	if l.order == nil {
		l.order = a.follow(l, nil).order
	}
	return l.order
}

// reachOf finds what a function calls while the package of a rank is initialised. Its own variables hold only what it
// puts there.
func (a *analysis) reachOf(f flow.FuncID, rank int, own map[Name]bool, stop func(*reach, *flow.Func) bool) *reach {
	r := newReach(a.p, a.full.numbers)
	r.hold(a.gate)
	r.late = func(f flow.FuncID) bool { return a.rank(a.p.Funcs[f]) > rank }
	if stop != nil {
		r.stop = func(f *flow.Func) bool { return stop(r, f) }
	}
	seeded := map[*flow.Global]bool{}
	r.seed = func(r *reach, g *flow.Global) {
		if !seeded[g] {
			seeded[g] = true
			if !own[nameOf(g)] {
				a.seed(r, g)
			}
		}
	}
	r.begin(a.p.Funcs[f])
	r.run()
	return r
}

// seed lets a variable hold in r what it may hold while the program is initialised.
func (a *analysis) seed(r *reach, g *flow.Global) {
	list, most := a.cells(g)
	if most {
		r.seedAll(a.initial)
		return
	}
	for _, n := range list {
		r.recall(n, a.initial)
	}
}

// seedAll is for a variable that may hold nearly everything: what memory holds is added where somebody asks for it.
func (r *reach) seedAll(initial *memory) {
	if r.seeds != nil {
		return
	}
	r.seeds = initial
	for i := 0; i < len(r.nodes.list); i++ {
		if s := r.nodes.list[i]; s != nil && len(s.succ) > 0 {
			r.seedAt(s)
		}
	}
}

// seedAt adds what a state's nodes hold in r.seeds.
func (r *reach) seedAt(s *state) {
	for _, n := range s.nodes {
		if r.gate == nil {
			r.recall(n, r.seeds)
			continue
		}
		for _, n := range r.gate.all(n) {
			r.recall(n, r.seeds)
		}
	}
}

// manyTypes is the number of types from which on a variable may as well hold values of all.
const manyTypes = 1000

// cells lists the memory that a variable consists of or leads to, as far as it holds references; most says that it
// would be nearly all that there is, and there is no list.
func (a *analysis) cells(g *flow.Global) (list []flow.Node, most bool) {
	list, ok := a.cellsOf[g]
	if ok {
		return list, list == nil
	}
	all := a.made[g]
	if all == nil { // nothing in initialisation names it
		found := a.contents.inVariable(g)
		all = &found
	}
	in := all.types
	if in.Len() > manyTypes {
		a.cellsOf[g] = nil
		return nil, true
	}
	list = []flow.Node{}
	seen := map[flow.Node]bool{0: true}
	add := func(n flow.Node) {
		if !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	add(g.Content)
	all.funcs.Each(func(id flow.FuncID) {
		for _, n := range a.p.Funcs[id].Closure() {
			add(n)
		}
	})
	in.Each(func(t flow.TypeID) {
		for _, n := range a.p.Behind(a.p.TypeOf(t)) {
			add(n)
		}
	})
	for _, n := range a.p.PoolMemory(g, in.Each) {
		add(n)
	}
	a.cellsOf[g] = list
	return list, false
}

// readsOf enters what the unit mentions, and returns all variables that it does.
func (a *analysis) readsOf(out *Unit, r *reach, own map[Name]bool) []*flow.Global {
	var all []*flow.Global
	seen := map[*flow.Global]bool{}
	for _, id := range r.order {
		f := a.p.Funcs[id]
		for _, m := range f.Mentions {
			if seen[m.Global] {
				continue
			}
			seen[m.Global] = true
			all = append(all, m.Global)
			n := Name{m.Global.Pkg, m.Global.Name}
			if (a.in.InPlay(n) || a.dealt[n]) && !own[n] {
				out.Reads[n] = Step{m.Pos, "read in " + a.name(f)}
			}
		}
	}
	return all
}

// worldOf enters what in a function makes a second run of the unit differ from the first, or be noticed, and reports
// whether there is such a thing.
func (a *analysis) worldOf(out *Unit, r *reach, f *flow.Func) bool {
	if f.Word != nil && f.Word.World {
		out.World = a.calls(r, f.ID, a.dealing(r, f))
		return true
	}
	if i := slices.IndexFunc(f.Ops, func(op flow.Op) bool { return op.Kind == flow.Prints }); i >= 0 {
		out.World = a.calls(r, f.ID, Step{f.Ops[i].Pos, "prints"})
		return true
	}
	for _, s := range r.calls[f.ID] {
		if c := r.sites[s].call; c.Go {
			out.World = a.calls(r, f.ID, Step{c.Pos, "starts a goroutine, or leaves a function to be called later"})
			return true
		}
	}
	return false
}

// dealing says which call deals with the world, in terms of the function nearest to it that people know.
func (a *analysis) dealing(r *reach, f *flow.Func) Step {
	known, text := f.ID, a.name(f)
	for !public(a.p.Funcs[known]) {
		s, ok := r.caller[known]
		if !ok || r.sites[s].in < 0 {
			known = f.ID
			break
		}
		known = r.sites[s].in
	}
	if known != f.ID {
		text = a.name(a.p.Funcs[known]) + ", which leads to " + text
	}
	return Step{a.callPos(r, known), "calls " + text + ": " + f.Word.Reason}
}

// public reports whether a function is one that code of other modules can call.
func public(f *flow.Func) bool {
	o := f.SSA().Object()
	return o != nil && o.Exported() && o.Pkg() != nil && o.Pkg().Path() != "runtime" && !slices.Contains(strings.Split(o.Pkg().Path(), "/"), "internal")
}

// callPos returns where a function was found to be called.
func (a *analysis) callPos(r *reach, f flow.FuncID) token.Pos {
	if s, ok := r.caller[f]; ok {
		return r.sites[s].call.Pos
	}
	return a.p.Funcs[f].SSA().Pos()
}

// calls returns steps with the calls that lead to the function in which the last of them is taken.
func (a *analysis) calls(r *reach, in flow.FuncID, steps ...Step) []Step {
	steps = slices.Clone(steps)
	for {
		s, ok := r.caller[in]
		if !ok || len(steps) > 20 {
			return steps
		}
		steps = append(steps, Step{r.sites[s].call.Pos, "in " + a.name(a.p.Funcs[in]) + ", called"})
		in = r.sites[s].in
	}
}

// roomIn reports whether slices made in a reach may have room behind their length.
func roomIn(p *flow.Program, r *reach) bool {
	for _, id := range r.order {
		f := p.Funcs[id]
		if f.Word != nil {
			continue
		}
		for _, op := range f.Ops {
			switch op.Kind {
			case flow.Append, flow.Reslice, flow.Room:
				return true
			}
		}
	}
	return false
}

// leaks reports whether memory of a variable that the unit initialises may be
// reached from a value of some type, or of any if typ is 0. An init function
// may leave anything.
func (a *analysis) leaks(out *Unit, typ flow.TypeID) bool {
	if len(out.Vars) == 0 {
		return true
	}
	var left typeSet
	if typ != 0 {
		left = a.contents.of(typ)
	}
	for _, n := range out.Vars {
		g := a.p.LookupGlobal(n.Pkg, n.Name)
		if g == nil {
			continue
		}
		meets := false
		a.contents.inVariable(g).types.Each(func(t flow.TypeID) {
			switch a.p.TypeOf(t).Underlying().(type) {
			case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
				meets = meets || left.Has(t)
			}
			if typ == 0 {
				meets = meets || flow.HasRefs(a.p.TypeOf(t)) || a.p.IsNumber(t)
			}
		})
		if meets {
			return true
		}
	}
	return false
}
