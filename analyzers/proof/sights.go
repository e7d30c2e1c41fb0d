package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// What runs once runs before what runs in every image, whatever their order was. So of each unit it is said what a later one
// changes under its eyes ([Unit.Sees]), and which variables out of play it shares with others ([Unit.Outer]): if it runs
// in every image, they must.

// A Touch says that a unit reads or changes a variable that is not in play.
type Touch struct {
	Step
	Writes bool
}

// sights is the search for that.
type sights struct {
	a     *analysis
	names *aliases // nil until it is needed
	last  map[*flow.Global]int
	side  []*flow.Global // those in last that units write which do not initialise them
	leads map[*flow.Global][]*flow.Global
	outer map[*flow.Global]bool                 // variables out of play that code in play changes in initialisation
	by    map[flow.FuncID]map[*flow.Global]bool // the functions that do
	funcs map[flow.FuncID]*seeing
}

// sights looks at the units once more, in their order, when it is known what they write.
func (a *analysis) sights(looks []*look) {
	s := &sights{
		a: a, last: map[*flow.Global]int{}, leads: map[*flow.Global][]*flow.Global{},
		outer: map[*flow.Global]bool{}, by: map[flow.FuncID]map[*flow.Global]bool{}, funcs: map[flow.FuncID]*seeing{},
	}
	s.outerWrites()
	s.inPlayWrites(looks)
	var watching []flow.FuncID
	for _, id := range a.full.order[:a.begun.funcs] {
		if slices.ContainsFunc(a.p.Funcs[id].Mentions, func(m flow.Mention) bool { return s.watched(m.Global) }) || s.by[id] != nil {
			watching = append(watching, id)
		}
	}
	if len(watching) == 0 {
		return
	}
	calls := condense(a.full, a.begun, watching)
	for i, l := range looks {
		rank := a.rank(a.p.Funcs[l.unit.Func])
		if l.out.World == nil && !slices.ContainsFunc(l.globals, s.watched) {
			continue // these are all that it, and what it calls, mentions
		}
		seen := false
		some := func(id flow.FuncID) bool { return s.function(l, i, rank, id, nil) }
		calls.marked(l.unit.Func).Each(func(k int32) { seen = seen || some(watching[k]) })
		if !seen {
			continue
		}
		if calls.more(l.unit.Func, maxFollowed) {
			calls.marked(l.unit.Func).Each(func(k int32) { s.function(l, i, rank, watching[k], l.out) })
			continue
		}
		for _, id := range a.called(l) {
			s.function(l, i, rank, id, l.out)
		}
	}
}

// watched reports whether it matters when a variable is read.
func (s *sights) watched(g *flow.Global) bool { return s.outer[g] || len(s.through(g)) > 0 }

// function enters into out what a unit sees, if it is the i-th and calls a function, and reports whether there is anything.
func (s *sights) function(l *look, i, rank int, id flow.FuncID, out *Unit) bool {
	f := s.of(id)
	if f.rank > rank {
		return false
	}
	any := false
	for _, w := range f.writes {
		any = true
		if out != nil {
			out.Outer[w.name] = Touch{w.Step, true}
		}
	}
	for k := range f.mentions {
		m := &f.mentions[k]
		if l.own[m.name] {
			continue // it holds what the unit puts there
		}
		if m.outer {
			any = true
			if out != nil && !out.Outer[m.name].Writes {
				out.Outer[m.name] = Touch{m.Step, false}
			}
		}
		for _, v := range m.through {
			if s.last[v.global] <= i || l.own[v.name] || v.rank > rank { // what that one's memory holds comes later
				continue
			}
			any = true
			if out != nil {
				out.Sees[v.name] = m.Step
			}
		}
	}
	return any
}

// A seeing is what function asks for of one function. Many units call the same
// functions.
type seeing struct {
	rank     int
	writes   []named // variables out of play
	mentions []mention
}

// A named is a variable with its name, and a step about it.
type named struct {
	global *flow.Global
	name   Name
	rank   int // of the variable's package
	Step
}

// A mention is one of a variable that is watched.
type mention struct {
	named
	outer   bool
	through []named // the variables whose memory may be seen by it, see through
}

func (s *sights) of(id flow.FuncID) *seeing {
	if f := s.funcs[id]; f != nil {
		return f
	}
	a := s.a
	f := a.p.Funcs[id]
	out := &seeing{rank: a.rank(f)}
	for g := range s.by[id] {
		out.writes = append(out.writes, named{g, nameOf(g), 0, Step{f.SSA().Pos(), "written in " + a.name(f)}})
	}
	for _, m := range f.Mentions {
		read := Step{m.Pos, "read in " + a.name(f)}
		at := mention{named: named{m.Global, nameOf(m.Global), 0, read}, outer: s.outer[m.Global]}
		for _, g := range s.through(m.Global) {
			at.through = append(at.through, named{global: g, name: nameOf(g), rank: a.ranks[g.Pkg]})
		}
		if at.outer || len(at.through) > 0 {
			out.mentions = append(out.mentions, at)
		}
	}
	s.funcs[id] = out
	return out
}

// inPlayWrites finds which unit is the last to write a variable.
func (s *sights) inPlayWrites(looks []*look) {
	changed := func(g *flow.Global) bool {
		v := s.a.res.Vars[nameOf(g)]
		return v == nil || v.Changed != nil
	}
	others := map[*flow.Global]bool{}
	for i, l := range looks {
		for _, g := range l.unit.Lhs {
			if !changed(g) && (s.a.in.Static == nil || !s.a.in.Static(l.unit.Init)) {
				s.last[g] = i
			}
		}
		for n := range l.out.Writes {
			if g := s.a.p.LookupGlobal(n.Pkg, n.Name); g != nil && !changed(g) {
				s.last[g] = i
				others[g] = true
			}
		}
	}
	for _, g := range s.a.candidates() {
		if others[g] {
			s.side = append(s.side, g)
		}
	}
}

// through lists the variables, of those that units write, whose memory may be seen by one's name.
func (s *sights) through(g *flow.Global) []*flow.Global {
	list, ok := s.leads[g]
	if ok || !s.a.in.InPlay(nameOf(g)) { // the standard library is left no references to it: see writesOf
		return list
	}
	if _, own := s.last[g]; own {
		list = append(list, g)
	}
	for _, v := range s.side {
		if s.names == nil {
			s.names = newAliases(s.a)
		}
		if v != g && s.names.leading([]*flow.Global{g}, v) != nil {
			list = append(list, v)
		}
	}
	s.leads[g] = list
	return list
}

// outerWrites finds which functions of packages in play change variables that are not, and that they name: what the
// standard library keeps for itself is not the program's affair.
func (s *sights) outerWrites() {
	a := s.a
	inPlay := func(id flow.FuncID) bool {
		pkg := home(a.p.Funcs[id])
		return pkg != nil && a.in.InPlay(Name{pkg.Path(), ""})
	}
	var named []*flow.Global
	by := map[*flow.Global]map[flow.FuncID]bool{} // what names them
	for _, id := range a.full.order {
		if !inPlay(id) {
			continue
		}
		for _, m := range a.p.Funcs[id].Mentions {
			if a.in.InPlay(nameOf(m.Global)) || a.in.InPlay(Name{m.Global.Pkg, ""}) {
				continue
			}
			if by[m.Global] == nil {
				named = append(named, m.Global)
				by[m.Global] = map[flow.FuncID]bool{}
			}
			by[m.Global][id] = true
		}
	}
	t := newTrace(a.g)
	for chunk := range slices.Chunk(named, 64) {
		t.reset()
		for i, g := range chunk {
			t.start(a.source(g), 1<<i)
		}
		t.early = func(e event, who mask) {
			for i, g := range chunk {
				if who&(1<<i) != 0 && by[g][e.in] {
					s.outer[g] = true
					if s.by[e.in] == nil {
						s.by[e.in] = map[*flow.Global]bool{}
					}
					s.by[e.in][g] = true
				}
			}
		}
		t.found = func(_ int32, e event, who mask) { t.early(e, who) }
		t.run()
	}
}
