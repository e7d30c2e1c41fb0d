package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A Registrar is a function that enters something into a variable's memory for
// the rest of the process.
type Registrar struct {
	Func string // its name as package ssa spells it: (*flag.FlagSet).Var
	// With is the variable. If it is not the zero Name, a step that does not
	// mention it calls the function for a registry of its own.
	With Name
}

// registers finds for each unit which registrars it calls in initialization,
// itself or by what it calls: reachability in the call graph, whose strongly
// connected components are condensed.
func (a *analysis) registers(looks []*look) {
	if len(a.in.Registrars) == 0 {
		return
	}
	byName := map[string]int{}
	byVar := map[Name]bool{}
	for i, r := range a.in.Registrars {
		byName[r.Func] = i
		byVar[r.With] = true
	}
	delete(byVar, Name{})
	var marked []flow.FuncID
	calls := map[int32]int{}       // by index in marked: the registrar that it is
	mentions := map[int32][]Name{} // the variables that it mentions
	for _, id := range a.full.order {
		f := a.p.Funcs[id]
		at := int32(len(marked))
		i, is := -1, false
		if fn := f.SSA(); fn != nil {
			i, is = byName[fn.String()]
		}
		var names []Name
		for _, m := range f.Mentions {
			if n := nameOf(m.Global); byVar[n] && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		if is {
			calls[at] = i
		}
		if names != nil {
			mentions[at] = names
		}
		if is || names != nil {
			marked = append(marked, id)
		}
	}
	graph := condense(a.full, a.begun, marked)
	for _, l := range looks {
		called, mentioned := map[int]bool{}, map[Name]bool{{}: true}
		graph.marked(l.unit.Func).Each(func(at int32) {
			if i, ok := calls[at]; ok {
				called[i] = true
			}
			for _, n := range mentions[at] {
				mentioned[n] = true
			}
		})
		for i, r := range a.in.Registrars {
			if called[i] && mentioned[r.With] {
				l.out.Registers = append(l.out.Registers, r)
			}
		}
	}
}
