package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// far is the rank of a place that [Input.Nearness] puts nowhere near the
// variable.
const far = 3

// weakest is the rank of a place that [Input.Nearness] puts beyond even that:
// in the runtime of images, which a reader of the program has not written. A
// change there is a reason only if no other is found.
const weakest = far + 1

// nearness returns how far from a variable a function is. A function that runs
// in initialisation alone is no cause of a later change.
func (a *analysis) nearness(v Name, in flow.FuncID) int {
	if in < 0 || a.in.Nearness == nil || !a.after[in] {
		return far
	}
	pkg := home(a.p.Funcs[in])
	if pkg == nil {
		return far
	}
	return min(a.in.Nearness(v, pkg.Path()), weakest)
}

// A cause is what a reason leads with.
type cause struct {
	rank int  // as [Input.Nearness] ranks it
	at   int  // how many steps lie between it and the change; -1 for the change itself
	call step // if it is a call
}

// cause finds the nearest cause of a change: of the change itself, and the
// calls below which it happens, the one nearest to the variable; of several,
// the one nearest to the change. A call is none if the reference leaves it
// again, by a result or in memory, before the change:
//
//	func (c *Context) Error(err error) { c.errs = append(c.errs, err) }
//
// does not write what err leads to, although decoders may find it in c.errs.
// Memory is followed by type, so whether the reference that is changed is still
// this one is not known there. It is taken to be if the function that keeps it
// and the one that loads it are below the call, by calls of known functions.
func (a *analysis) cause(v Name, end int32, e event) cause {
	best := cause{rank: a.nearness(v, e.in), at: -1}
	if a.in.Nearness == nil {
		return best
	}
	returned, at := 0, 0
	loads := e.in          // who goes on with what the step brings
	var kept []flow.FuncID // who must be below a call
	a.back(end, func(_ int32, s step) bool {
		switch {
		case passes(s.kind) && s.in < 0: // by reflection, as of any type
			best.rank = max(best.rank, nearby)
		case a.merges(s):
			kept, returned = append(kept, loads), 0
			if s.in >= 0 {
				kept = append(kept, s.in)
			}
		case s.kind == stepReturn:
			returned++
		case passes(s.kind) && returned > 0:
			returned--
		case passes(s.kind):
			if r := a.nearness(v, s.in); r < best.rank && a.below(a.callee(s), kept) {
				best = cause{r, at, s}
			}
		}
		if s.in >= 0 {
			loads = s.in
		}
		at++
		return best.rank > 0
	})
	return best
}

// back calls f for each step of the trail to a node, with the node that it comes
// from: from the trail's end to the variable, until f returns false.
func (a *analysis) back(end int32, f func(n int32, s step) bool) {
	from := a.trail.from
	for o := from[end]; o.node >= 0; o = from[o.node] {
		s := a.g.steps[o.node][o.step]
		if before := from[o.node]; s.hub && before.node >= 0 {
			call := a.g.steps[before.node][before.step]
			s.in, s.pos = call.in, call.pos
		}
		if !f(o.node, s) {
			return
		}
	}
}

// passes reports whether a step hands a reference to a function that is called.
func passes(kind stepKind) bool { return kind == stepCall || kind == stepReceive }

// merges reports whether a step may lead to another variable's reference. That
// is so for memory, and for values that reflection reads, which are identified
// by their type alone.
func (a *analysis) merges(s step) bool { return !passes(s.kind) && a.g.weight(&s) > 0 }

// callee returns the function to which a step hands a reference, -1 if it is not
// known.
func (a *analysis) callee(s step) flow.FuncID {
	if s.kind == stepCall {
		return flow.FuncID(s.aux)
	}
	if a.receivers == nil {
		a.receivers = map[flow.Node]flow.FuncID{}
		for _, f := range a.p.Funcs {
			if len(f.Params) > 0 && f.SSA().Signature.Recv() != nil {
				a.receivers[f.Params[0]] = f.ID
			}
		}
	}
	if f, ok := a.receivers[a.g.nodes[s.to]]; ok {
		return f
	}
	return -1
}

// below reports whether all of some functions are called by a function, or by
// those that it calls, where calls name the function. Function literals are
// taken to be called by the function in which they are. What is not known, as the
// code that opens a plugin, is below none.
func (a *analysis) below(callee flow.FuncID, list []flow.FuncID) bool {
	if len(list) == 0 {
		return true
	}
	if callee < 0 {
		return false
	}
	set := a.callees[callee]
	if set == nil {
		set = new(bitset.Set[flow.FuncID])
		a.callees[callee] = set
		set.Add(callee)
		for work := []flow.FuncID{callee}; len(work) > 0; {
			f := a.p.Funcs[work[len(work)-1]]
			work = work[:len(work)-1]
			enter := func(id flow.FuncID) {
				if !set.Has(id) {
					set.Add(id)
					work = append(work, id)
				}
			}
			for _, c := range f.Calls {
				if c.Static >= 0 {
					enter(c.Static)
				}
			}
			for _, lit := range f.SSA().AnonFuncs {
				enter(a.p.Func(lit).ID)
			}
		}
	}
	return !slices.ContainsFunc(list, func(f flow.FuncID) bool { return f < 0 || !set.Has(f) })
}

// lead puts the nearest cause at the head of a chain, at whose index the step of
// its call is. The chain follows; details counts its steps from the change to
// that call. For mu, which shop.buy locks:
//
//	written by (*sync.Mutex).Lock, called in shop.buy (main.go:33)
//	written in (*sync.Mutex).Lock (mutex.go:63)
//	an argument of (*sync.Mutex).Lock (mutex.go:46)
//
// If no cause is near, and the chain depends on how interfaces, reflection and
// memory of one type are approximated, the head says so:
//
//	by approximation, written in hmac.New[*sha256.Digest] (hmac.go:137)
//
// Limits: a function's argument is traced to the call by which the search came
// to the function first, so that a nearer one may be missed. Calls between that
// one and the change are not judged: json.Marshal may be named for a write that
// only other uses of package reflect can do.
func (a *analysis) lead(c cause, what event, chain []Step, index int) (steps []Step, details int) {
	if c.at < 0 {
		return chain, 0
	}
	verb := "written"
	if what.kind == flow.Unknown {
		verb = "handed to code of which nothing is known"
	}
	by := "a method"
	if callee := a.callee(c.call); callee >= 0 {
		by = a.name(a.p.Funcs[callee])
	}
	head := Step{Pos: c.call.pos, Text: verb + " by " + by + ", called in " + a.name(a.p.Funcs[c.call.in])}
	return slices.Concat([]Step{head}, chain[:index], chain[index+1:]), index
}

// approximate reports whether a trail depends on what may not be so in fact.
func (a *analysis) approximate(end int32) (yes bool) {
	a.back(end, func(_ int32, s step) bool {
		yes = s.kind == stepReceive || a.merges(s)
		return !yes
	})
	return yes
}
