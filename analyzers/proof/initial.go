package proof

import (
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// writes enters what the units write beyond what they initialise, as far as that does not change later: what does is
// virtual anyway, and so is what reads it. Of what they write, most is new memory, or their own; so first comes whether
// a function that they call was seen to write a variable at all.
func (a *analysis) writes(looks []*look) {
	var names *aliases
	writers := slices.Sorted(maps.Keys(a.early))
	calls := condense(a.full, a.begun, writers)
	for _, l := range looks {
		switch stopped := l.reach == nil && l.out.World != nil; {
		case stopped: // what it calls has not all been seen
			var called []flow.FuncID
			calls.marked(l.unit.Func).Each(func(i int32) { called = append(called, writers[i]) })
			if !a.mayWriteAny(l, called) {
				continue
			}
			if calls.more(l.unit.Func, maxFollowed) {
				a.mayWrite(l, called)
				continue
			}
		case len(l.globals) == 0, len(l.globals) == 1 && l.own[nameOf(l.globals[0])]:
			continue
		}
		if l.reach == nil {
			l.reach = a.follow(l, nil)
			l.order = l.reach.order
			l.globals = a.readsOf(l.out, l.reach, l.own)
		}
		mentioned := map[*flow.Global]bool{}
		trace := map[*flow.Global]bool{}
		for _, g := range l.globals {
			mentioned[g] = true
			// Of what it leaves with the standard library nobody asks if it must run in every image already.
			if l.out.World == nil && len(l.out.Vars) > 0 && !a.in.InPlay(nameOf(g)) && !a.isLibrary(l.out.Pkg) {
				trace[g] = true
			}
		}
		r := l.reach
		l.reach = nil
		var elsewhere []*flow.Global
		for _, id := range r.order {
			for _, g := range a.early[id] {
				switch {
				case l.own[nameOf(g)]:
				case mentioned[g]:
					trace[g] = true
				case !slices.Contains(elsewhere, g):
					elsewhere = append(elsewhere, g)
				}
			}
		}
		if len(trace) > 0 {
			a.writesOf(l, r, slices.DeleteFunc(slices.Clone(l.globals), func(g *flow.Global) bool { return !trace[g] }))
		}
		for _, g := range elsewhere {
			if names == nil {
				names = newAliases(a)
			}
			if w := names.leading(l.globals, g); w != nil {
				l.out.Writes[nameOf(g)] = Step{l.out.Pos, "written by way of " + w.Name}
			}
		}
	}
}

// maxFollowed is the number of functions from which on it is not found out what a unit calls by itself, which takes
// seconds: whatever the program can call from there, it may call then.
const maxFollowed = 20000

// mayWriteAny reports whether one of some functions writes something in initialisation that the unit does not initialise.
func (a *analysis) mayWriteAny(l *look, called []flow.FuncID) bool {
	return slices.ContainsFunc(called, func(id flow.FuncID) bool {
		return slices.ContainsFunc(a.early[id], func(g *flow.Global) bool { return !l.own[nameOf(g)] })
	})
}

// mayWrite enters all that is written in initialisation by one of some functions.
func (a *analysis) mayWrite(l *look, called []flow.FuncID) {
	for _, id := range called {
		for _, g := range a.early[id] {
			if n := nameOf(g); !l.own[n] && l.out.Writes[n].Text == "" {
				l.out.Writes[n] = Step{a.p.Funcs[id].SSA().Pos(), "may be written in " + a.name(a.p.Funcs[id])}
			}
		}
	}
}

func nameOf(g *flow.Global) Name { return Name{g.Pkg, g.Name} }

// aliases tells which variables lead to the memory of which others that initialisation writes.
type aliases struct {
	a     *analysis
	place map[*flow.Global]int  // 64 for each chunk, and the bit
	held  []map[flow.Node]mask  // by chunk: what leads to which
	away  map[*flow.Global]bool // those to whose memory something leads besides the variable itself
	known map[[2]*flow.Global]bool
}

func newAliases(a *analysis) *aliases {
	al := &aliases{a: a, place: map[*flow.Global]int{}, away: map[*flow.Global]bool{}, known: map[[2]*flow.Global]bool{}}
	written := map[*flow.Global]bool{}
	for _, list := range a.early {
		for _, g := range list {
			written[g] = true
		}
	}
	vars := slices.DeleteFunc(a.candidates(), func(g *flow.Global) bool { return !written[g] })
	captured := a.full.captured()
	t := newTrace(a.g)
	for chunk := range slices.Chunk(vars, 64) {
		t.reset()
		for i, g := range chunk {
			al.place[g] = len(al.held)*64 + i
			t.start(a.source(g), 1<<i)
		}
		t.found = func(int32, event, mask) {}
		t.run()
		held := map[flow.Node]mask{}
		for _, i := range t.touched {
			n, refs := a.g.nodes[i], t.marks[i].refs
			if refs != 0 && (a.p.Common(n) || captured[n] || a.p.Anywhere(n)) {
				held[n] |= refs
				for i, g := range chunk {
					if refs&(1<<i) != 0 && n != g.Content {
						al.away[g] = true
					}
				}
			}
		}
		al.held = append(al.held, held)
	}
	return al
}

// leading returns one of some variables whose value may lead to the memory of v, or nil.
func (al *aliases) leading(some []*flow.Global, v *flow.Global) *flow.Global {
	at := al.place[v]
	for _, w := range some {
		k := [2]*flow.Global{w, v}
		yes, ok := al.known[k]
		if !ok {
			list, most := al.a.cells(w)
			yes = most && al.away[v]
			for _, n := range list {
				yes = yes || al.held[at/64][n]&(1<<(at%64)) != 0
			}
			al.known[k] = yes
		}
		if yes {
			return w
		}
	}
	return nil
}
