package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A link is a step of a chain of reasons, with the step of the graph that it
// spells. That of the change has none but its function.
type link struct {
	Step
	by step
}

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

// nearest returns how near to a variable the trail to a change comes: the rank
// of the change, or of a call on the way to it.
func (a *analysis) nearest(v Name, end int32, e event) int {
	best := a.nearness(v, e.in)
	for n := end; best > 0 && a.trail.from[n].node >= 0; n = a.trail.from[n].node {
		if s := a.g.steps[a.trail.from[n].node][a.trail.from[n].step]; passes(s.kind) {
			best = min(best, a.nearness(v, s.in))
		}
	}
	return best
}

// passes reports whether a step hands a reference to a function that is called.
func passes(kind stepKind) bool { return kind == stepCall || kind == stepReceive }

// lead puts the nearest cause at the head of a chain: of the change itself and
// the calls by which it got the reference, the one nearest to the variable, and
// of several, the one nearest to the change. The chain follows; details counts
// its steps from the change to that call. For mu, which shop.buy locks:
//
//	written by (*sync.Mutex).Lock, called in shop.buy (main.go:33)
//	written in (*sync.Mutex).Lock (mutex.go:63)
//	an argument of (*sync.Mutex).Lock (mutex.go:46)
//
// If no cause is near, and the chain depends on the methods that interfaces and
// reflection are taken to call, the head says that it is an approximation:
//
//	by approximation, written in hmac.New[*sha256.Digest] (hmac.go:137)
//
// Limits: a function's argument is traced to the call by which the search came
// to the function first, so that a nearer one may be missed. Calls between that
// one and the change are not judged: json.Marshal may be named for a write that
// only other uses of package reflect can do.
func (a *analysis) lead(v Name, what event, chain []link) (steps []Step, details int) {
	best, at := a.nearness(v, what.in), 0
	for i, l := range chain {
		if r := a.nearness(v, l.by.in); passes(l.by.kind) && r < best {
			best, at = r, i
		}
	}
	steps = make([]Step, len(chain))
	for i, l := range chain {
		steps[i] = l.Step
	}
	if best >= far && a.in.Nearness != nil && slices.ContainsFunc(chain, func(l link) bool {
		return l.by.kind == stepReceive || l.by.kind == stepRead
	}) {
		steps[0].Text = "by approximation, " + steps[0].Text
	}
	if at == 0 {
		return steps, 0
	}
	verb := "written"
	if what.kind == flow.Unknown {
		verb = "handed to code of which nothing is known"
	}
	call := chain[at].by
	callee := flow.FuncID(call.aux)
	if call.kind == stepReceive {
		callee = a.method(call.to)
	}
	by := "a method"
	if callee >= 0 {
		by = a.name(a.p.Funcs[callee])
	}
	head := Step{Pos: chain[at].Pos, Text: verb + " by " + by + ", called in " + a.name(a.p.Funcs[call.in])}
	return slices.Concat([]Step{head}, steps[:at], steps[at+1:]), at
}

// method returns the method whose receiver a node is, -1 if it is none's.
func (a *analysis) method(receiver int32) flow.FuncID {
	for _, f := range a.p.Funcs {
		if len(f.Params) > 0 && f.Params[0] == a.g.nodes[receiver] && f.SSA().Signature.Recv() != nil {
			return f.ID
		}
	}
	return -1
}
