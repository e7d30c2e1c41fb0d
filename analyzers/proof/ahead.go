package proof

import (
	"go/types"
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// An ahead is the search for steps of initialisation that come to a variable
// before its own initialiser has run. The order of initialisation prevents that
// where the variable is named on the way; it does not know calls of interfaces'
// methods and of function values. Such a step finds what the compiler has laid
// out, and zero where it has laid out nothing.
//
//	var ready = c.check()              // c is an interface; the method's body names ErrBase
//	var ErrBase = errors.New("base")   // laid out, if the compiler inlines the call
type ahead struct {
	a     *analysis
	at    map[*flow.Global]int            // partly laid out variables -> place of their initialiser
	names map[*flow.Global][]flow.Mention // what a variable's initialiser names
	leads map[*flow.Global][]*flow.Global
}

// ahead enters into units what they come to ahead of its initialiser.
func (a *analysis) ahead(looks []*look) {
	if a.in.Partly == nil {
		return
	}
	s := &ahead{
		a: a, at: map[*flow.Global]int{}, names: map[*flow.Global][]flow.Mention{}, leads: map[*flow.Global][]*flow.Global{},
	}
	for i, l := range looks {
		partly := l.unit.Init != nil && a.in.Partly(l.unit.Init)
		for _, g := range l.unit.Lhs {
			s.names[g] = a.p.Funcs[l.unit.Func].Mentions
			if partly {
				s.at[g] = i
			}
		}
	}
	var watching []flow.FuncID
	for _, id := range a.full.order[:a.begun.funcs] {
		if f := a.p.Funcs[id]; slices.ContainsFunc(f.Mentions, func(m flow.Mention) bool { return len(s.through(m.Global)) > 0 }) {
			watching = append(watching, id)
		}
	}
	if len(watching) == 0 {
		return
	}
	calls := condense(a.full, a.begun, watching)
	for i, l := range looks {
		if l.out.IsInit { // the package's variables have their values then
			continue
		}
		var found []flow.FuncID
		calls.marked(l.unit.Func).Each(func(k int32) {
			if s.function(l, i, watching[k], nil) {
				found = append(found, watching[k])
			}
		})
		if len(found) == 0 {
			continue
		}
		run := s.started(looks, i)
		found = slices.DeleteFunc(found, func(id flow.FuncID) bool { return !run[id] })
		if len(found) == 0 {
			continue
		}
		order := l.order
		if order == nil {
			r := a.follow(l, func(r *reach, _ *flow.Func) bool { return len(r.order) > maxFollowed })
			order = r.order
		}
		if len(order) <= maxFollowed {
			found = slices.DeleteFunc(found, func(id flow.FuncID) bool { return !slices.Contains(order, id) })
		}
		for _, id := range found {
			s.function(l, i, id, l.out)
		}
	}
}

// started returns the functions of a unit's package that can have been called
// when the unit has run: by static calls from the units up to it, or, from
// anywhere, by what these put into interfaces or use as values. A function that
// names a variable which the compiler may have laid out, in whole or in part,
// has what is in its initialiser. Functions that have other names, and those that
// the runtime, assembly or C calls, count as called. Nothing else of the package
// exists yet:
//
//	var errDecode = errors.New("x")   // calls Error methods, but of no type of this package
//	var global = newMessage()         // puts a *message into an interface, later
func (s *ahead) started(looks []*look, i int) map[flow.FuncID]bool {
	p, pkg := s.a.p, looks[i].unit.Pkg
	run := map[flow.FuncID]bool{}
	var work []flow.FuncID
	call := func(id flow.FuncID) {
		if in := home(p.Funcs[id]); !run[id] && (in == nil || in.Path() == pkg) {
			run[id] = true
			work = append(work, id)
		}
	}
	made := map[flow.TypeID]bool{}
	var make func(t flow.TypeID)
	make = func(t flow.TypeID) {
		if made[t] || p.IsInterface(t) {
			return
		}
		made[t] = true
		for _, t := range []flow.TypeID{t, p.PointerTo(t)} {
			set := p.Methods(t)
			for k := range set.Len() {
				m := set.At(k)
				if m.Obj().Pkg() == nil || m.Obj().Pkg().Path() != pkg {
					continue
				}
				if fn := p.SSA.MethodValue(m); fn != nil {
					call(p.Func(fn).ID)
				}
			}
		}
		components(p, t, func(u flow.TypeID) {
			if !isPointer(p.TypeOf(u)) || !isPointer(p.TypeOf(u).Underlying().(*types.Pointer).Elem()) {
				make(u)
			}
		})
	}
	laid := map[*flow.Global]flow.FuncID{} // what is there without being run, for those who name it
	for k, l := range looks {
		if l.unit.Pkg != pkg {
			continue
		}
		static := l.unit.Init != nil && s.a.in.Static != nil && s.a.in.Static(l.unit.Init)
		if static || l.unit.Init != nil && s.a.in.Partly(l.unit.Init) {
			for _, g := range l.unit.Lhs {
				laid[g] = l.unit.Func
			}
		}
		if k <= i && !static {
			call(l.unit.Func)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.a.in.Linknames)) {
		call(p.Func(s.a.in.Linknames[key]).ID)
	}
	for _, fn := range s.a.in.Roots {
		call(p.Func(fn).ID)
	}
	for len(work) > 0 {
		f := p.Body(p.Funcs[work[len(work)-1]])
		work = work[:len(work)-1]
		for k := range f.Calls {
			if f.Calls[k].Static >= 0 {
				call(f.Calls[k].Static)
			}
		}
		for _, m := range f.Mentions {
			if unit, ok := laid[m.Global]; ok {
				call(unit)
			}
		}
		for _, op := range f.Ops {
			switch op.Kind {
			case flow.Make, flow.Address:
				make(flow.TypeID(op.C))
			case flow.Value:
				call(flow.FuncID(op.C))
			}
		}
	}
	return run
}

// function enters into out what a function comes to ahead if the i-th unit
// calls it, and reports whether there is anything. Only variables of the unit's
// own package can have an initialiser that comes later, and only functions of
// that package or of packages that import it, which do not run yet, can name
// them.
func (s *ahead) function(l *look, i int, id flow.FuncID, out *Unit) bool {
	any := false
	f := s.a.p.Funcs[id]
	for _, m := range f.Mentions {
		for _, g := range s.through(m.Global) {
			if g.Pkg != l.unit.Pkg || s.at[g] <= i {
				continue
			}
			any = true
			if out != nil {
				n := nameOf(g)
				if t := (Touch{Step{m.Pos, "comes to it in " + s.a.name(f)}, s.a.in.Assigns(f.SSA().Syntax(), n)}); t.Writes || out.Ahead[n].Text == "" {
					out.Ahead[n] = t
				}
			}
		}
	}
	return any
}

// through lists the partly laid out variables that are reachable from a
// variable: itself, and the variables that its initialiser names, because the
// compiler may have laid out their addresses in it.
func (s *ahead) through(g *flow.Global) []*flow.Global {
	if list, ok := s.leads[g]; ok {
		return list
	}
	s.leads[g] = nil
	var list []*flow.Global
	seen := map[*flow.Global]bool{g: true}
	for work := []*flow.Global{g}; len(work) > 0; work = work[1:] {
		if _, ok := s.at[work[0]]; ok {
			list = append(list, work[0])
		}
		for _, m := range s.names[work[0]] {
			if !seen[m.Global] && m.Global.Pkg == g.Pkg {
				seen[m.Global] = true
				work = append(work, m.Global)
			}
		}
	}
	s.leads[g] = list
	return list
}
