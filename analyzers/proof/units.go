package proof

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// units looks at each step of initialisation by itself: what it reads, what it writes, whether a second run would
// be noticed.
func (a *analysis) units(units []*flow.Unit) {
	a.exact = map[Name]bool{}
	for _, u := range units {
		if !a.inPlay(u) {
			continue
		}
		a.res.Units = append(a.res.Units, a.unit(u))
	}
}

// inPlay reports whether a unit's package has variables in play.
func (a *analysis) inPlay(u *flow.Unit) bool {
	if len(u.Lhs) > 0 {
		return a.in.InPlay(Name{u.Pkg, u.Lhs[0].Name})
	}
	return a.in.InPlay(Name{u.Pkg, ""})
}

func (a *analysis) unit(u *flow.Unit) *Unit {
	out := &Unit{Pkg: u.Pkg, Pos: u.Pos, IsInit: u.Init == nil, Writes: map[Name]Step{}, Reads: map[Name]Step{}}
	own := map[Name]bool{}
	for _, g := range u.Lhs {
		n := Name{g.Pkg, g.Name}
		out.Vars = append(out.Vars, n)
		own[n] = true
	}
	r := newReach(a.p)
	seeded := map[*flow.Global]bool{}
	r.seed = func(r *reach, g *flow.Global) {
		if !seeded[g] {
			seeded[g] = true
			if !own[Name{g.Pkg, g.Name}] {
				a.seed(r, g)
			}
		}
	}
	r.activate(a.p.Funcs[u.Func])
	r.run()
	out.Trivial = len(r.order) == 1
	globals := a.readsOf(out, r, own)
	a.worldOf(out, r)
	exact := !roomIn(a.p, r)
	for n := range own {
		a.exact[n] = exact
	}
	a.writesOf(out, r, globals, own)
	return out
}

// seed lets a variable hold in r what it holds in the whole program.
func (a *analysis) seed(r *reach, g *flow.Global) {
	cells := map[flow.Node]bool{}
	give := func(n flow.Node) {
		if s := a.full.nodes.peek(n); n != 0 && s != nil && !cells[n] {
			cells[n] = true
			s.holds.each(func(i int32) { r.add(n, a.full.things[i]) })
		}
	}
	give(g.Content)
	a.contents.inVariable(g).types.each(func(t flow.TypeID) {
		for _, n := range a.p.Behind(a.p.TypeOf(t)) {
			give(n)
		}
	})
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
			if a.in.InPlay(n) && !own[n] {
				out.Reads[n] = Step{m.Pos, "read in " + a.name(f)}
			}
		}
	}
	return all
}

// worldOf enters what makes a second run of the unit differ from the first.
func (a *analysis) worldOf(out *Unit, r *reach) {
	for _, id := range r.order {
		f := a.p.Funcs[id]
		if f.Word != nil && f.Word.World {
			out.World = a.calls(r, id, Step{a.callPos(r, id), "calls " + a.name(f) + ": " + f.Word.Reason})
			return
		}
		if i := slices.IndexFunc(f.Ops, func(op flow.Op) bool { return op.Kind == flow.Prints }); i >= 0 {
			out.World = a.calls(r, id, Step{f.Ops[i].Pos, "prints"})
			return
		}
		for _, s := range r.calls[id] {
			if c := r.sites[s].call; c.Go {
				out.World = a.calls(r, id, Step{c.Pos, "starts a goroutine, or leaves a function to be called later"})
				return
			}
		}
	}
}

// callPos returns where a function was found to be called.
func (a *analysis) callPos(r *reach, f flow.FuncID) token.Pos {
	if s, ok := r.caller[f]; ok {
		return r.sites[s].call.Pos
	}
	return a.p.Funcs[f].SSA().Pos()
}

// calls returns a step with the calls that lead to the function in which it is taken.
func (a *analysis) calls(r *reach, in flow.FuncID, last Step) []Step {
	steps := []Step{last}
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

// writesOf enters what the unit writes beyond what it initialises. A reference that it leaves in the standard
// library's memory counts as something that it does to the world: who has it may change what it leads to.
func (a *analysis) writesOf(out *Unit, r *reach, globals []*flow.Global, own map[Name]bool) {
	if len(globals) == 0 || len(globals) == 1 && own[Name{globals[0].Pkg, globals[0].Name}] {
		return
	}
	g := newGraph(r, a.contents, func(flow.FuncID) bool { return true })
	const news = mask(1) << 63
	for start := 0; start < len(globals); start += 63 {
		chunk := globals[start:min(start+63, len(globals))]
		t := newTrace(g)
		var theirs mask
		for i, gl := range chunk {
			if own[Name{gl.Pkg, gl.Name}] {
				continue
			}
			t.start(a.source(gl), 1<<i)
			if !a.in.InPlay(Name{gl.Pkg, gl.Name}) {
				theirs |= 1 << i
			}
		}
		for _, n := range g.fresh {
			t.hold(n, marks{refs: news})
		}
		t.wild = news
		written := map[int]event{}
		t.found = func(_ int32, e event, who mask) {
			for i := range chunk {
				if _, seen := written[i]; who&(1<<i) != 0 && !seen {
					written[i] = e
				}
			}
			if who&theirs != 0 && e.value >= 0 && out.World == nil && t.marks[e.value].refs&^theirs != 0 && a.leaks(out, g.types[e.value]) {
				out.World = a.calls(r, e.in, Step{e.pos, "leaves a reference in the standard library's memory, in " + a.name(a.p.Funcs[e.in])})
			}
		}
		t.run(nil)
		for i, gl := range chunk {
			n := Name{gl.Pkg, gl.Name}
			if e, ok := written[i]; ok && a.in.InPlay(n) {
				out.Writes[n] = Step{e.pos, a.change(e)}
			}
		}
	}
}

// leaks reports whether memory of a variable that the unit initialises may be reached from a value of some type.
func (a *analysis) leaks(out *Unit, typ flow.TypeID) bool {
	if typ == 0 || len(out.Vars) == 0 {
		return true
	}
	left := a.contents.of(typ)
	for _, n := range out.Vars {
		g := a.p.LookupGlobal(n.Pkg, n.Name)
		if g == nil {
			continue
		}
		meets := false
		a.contents.inVariable(g).types.each(func(t flow.TypeID) {
			switch a.p.TypeOf(t).Underlying().(type) {
			case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
				meets = meets || left.has(t)
			}
		})
		if meets {
			return true
		}
	}
	return false
}
