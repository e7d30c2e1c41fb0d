package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// Many units call the same few functions (fmt.Errorf), and what these lead to is most of what there is to follow. What a
// function leads to when it is given nothing, whoever calls it leads to as well. So of functions by which units came to what
// must run in every image it is found out once whether each unit does that calls them.

// A lesson is what was learned of one function.
type lesson struct {
	stops int // the units that came to the world by way of it
	tried bool
	world []Step                // how it comes to the world by itself; nil if it does not
	about map[*flow.Global]bool // what the functions mention that were looked at for that
}

// manyStops is the number of units after which it pays to look at a function by itself.
const manyStops = 2

// learn notes by way of which functions a unit came to what is done in a function. Where reflection called one, nobody
// knows what led there: so those that the unit itself calls are always among them.
func (a *analysis) learn(l *look, r *reach, in flow.FuncID) {
	ways := map[flow.FuncID]bool{}
	for {
		s, ok := r.caller[in]
		if !ok {
			break
		}
		if in = r.sites[s].in; in < 0 {
			in = r.sites[s].first // one of the calls for which the site stands
		}
		ways[in] = true
	}
	for _, s := range r.calls[l.unit.Func] {
		for _, f := range r.sites[s].list {
			ways[f] = true
		}
	}
	delete(ways, l.unit.Func)
	for f := range ways {
		if a.lessons[f] == nil {
			a.lessons[f] = new(lesson)
		}
		a.lessons[f].stops++
	}
}

// known enters what is known of a function's dealings with the world, and reports whether there are any. What a unit's own
// variables hold is not known while it runs, so a lesson in which these appear is none for that unit.
func (a *analysis) known(l *look, r *reach, f *flow.Func) bool {
	k := a.lessons[f.ID]
	if k == nil || k.stops < manyStops || f.ID == l.unit.Func {
		return false
	}
	if !k.tried {
		a.try(f, k)
	}
	if k.world == nil || slices.ContainsFunc(l.unit.Lhs, func(g *flow.Global) bool { return k.about[g] }) {
		return false
	}
	l.out.World = a.calls(r, f.ID, k.world...)
	return true
}

// try looks at a function by itself.
func (a *analysis) try(f *flow.Func, k *lesson) {
	k.tried = true
	var alone Unit
	var stopped *lesson
	r := a.reachOf(f.ID, a.rank(f), nil, func(r *reach, g *flow.Func) bool {
		if o := a.lessons[g.ID]; o != nil && o.world != nil {
			stopped = o
			alone.World = a.calls(r, g.ID, o.world...)
			return true
		}
		return a.worldOf(&alone, r, g)
	})
	if alone.World == nil {
		return
	}
	k.world, k.about = alone.World, map[*flow.Global]bool{}
	for _, id := range r.order {
		for _, m := range a.p.Funcs[id].Mentions {
			k.about[m.Global] = true
		}
	}
	if stopped != nil {
		for g := range stopped.about {
			k.about[g] = true
		}
	}
}
