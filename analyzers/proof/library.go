package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// isLibrary reports whether the package is one of whose initialization only
// that part matters which deals with variables in play.
func (a *analysis) isLibrary(pkg string) bool { return a.in.Library != nil && a.in.Library(pkg) }

// dealings returns the units of library packages that may mention a variable
// in play of such a package, by themselves or in what they call. What these
// initialize counts as in play for the others:
//
//	var defaultServeMux ServeMux            // in play
//	var DefaultServeMux = &defaultServeMux  // so this unit matters
//	var handler Handler = DefaultServeMux   // and this one
//
// The calls are those of the whole program's initialization, so there may be
// units among them that turn out not to mention any.
func (a *analysis) dealings(units []*flow.Unit) map[*flow.Unit]bool {
	found := map[*flow.Unit]bool{}
	if a.in.Library == nil {
		return found
	}
	watched := map[*flow.Global]bool{}
	for _, g := range a.candidates() {
		if a.in.Library(g.Pkg) {
			watched[g] = true
		}
	}
	for more := len(watched) > 0; more; {
		more = false
		var marked []flow.FuncID
		for _, id := range a.full.order[:a.begun.funcs] {
			if slices.ContainsFunc(a.p.Funcs[id].Mentions, func(m flow.Mention) bool { return watched[m.Global] }) {
				marked = append(marked, id)
			}
		}
		calls := condense(a.full, a.begun, marked)
		for _, u := range units {
			if found[u] || !a.in.Library(u.Pkg) || calls.marked(u.Func).Len() == 0 {
				continue
			}
			found[u] = true
			for _, g := range u.Lhs {
				a.dealt[nameOf(g)] = true
				if !watched[g] {
					watched[g], more = true, true
				}
			}
		}
	}
	return found
}

// conditions takes those variables out of play whose condition the program does not meet.
func (a *analysis) conditions() {
	if a.in.If == nil {
		return
	}
	called := map[string]bool{}
	for _, id := range a.full.order {
		called[a.p.Funcs[id].SSA().String()] = true
	}
	all := a.in.InPlay
	a.in.InPlay = func(n Name) bool {
		if !all(n) {
			return false
		}
		fn := a.in.If(n)
		return fn == "" || called[fn]
	}
}

// counts returns a function that takes an event and a set of variables, as bits
// in the order of vars, and returns those for which the event is a change.
func (a *analysis) counts(vars []*flow.Global) func(event, mask) mask {
	var direct, own mask
	outer := map[string]mask{} // by package
	for i, g := range vars {
		if a.in.Counts == nil {
			break
		}
		switch a.in.Counts(nameOf(g)) {
		case DirectChanges:
			direct |= 1 << i
		case OwnChanges:
			own |= 1 << i
		case OuterChanges:
			direct |= 1 << i
			outer[g.Pkg] |= 1 << i
		}
	}
	return func(e event, who mask) mask {
		if e.reflects {
			who &^= direct
		}
		if who&own != 0 && !a.owned(e.in) {
			who &^= own
		}
		if len(outer) > 0 && e.in >= 0 {
			if pkg := home(a.p.Funcs[e.in]); pkg != nil {
				who &^= outer[pkg.Path()]
			}
		}
		return who
	}
}

// owned reports whether a function is of a package that is in play as a whole,
// or a generic function, which works for whoever calls it: maps.Copy.
func (a *analysis) owned(id flow.FuncID) bool {
	if id < 0 {
		return true
	}
	f := a.p.Funcs[id]
	if pkg := home(f); pkg == nil || a.in.InPlay(Name{pkg.Path(), ""}) {
		return true
	}
	return f.SSA().Origin() != nil && f.SSA().Signature.Recv() == nil
}
