package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// What reflection stores may lie in all memory that it was shown, which is most types of a large program. A reach that
// looks for no more than what is called from a unit need not fill all that: a gate holds back what reflection has stored until
// somebody in the reach asks what lies in a piece of memory, or in another that it is tied to. Nothing leads from there
// back to what reflection stores, so nobody sees the difference.
type gate struct {
	*tied
	behind  map[flow.Node][]flow.Op   // what leads from reflection's to a piece of memory
	into    map[flow.Node][]flow.Node // the memory tied to it
	has     bitset.Set[flow.Node]     // the two maps' keys
	exposes bool                      // some of that memory exposes what it holds
}

func newGate(p *flow.Program) *gate {
	return &gate{tied: newTied(p), behind: map[flow.Node][]flow.Op{}, into: map[flow.Node][]flow.Node{}}
}

// update takes up new links.
func (g *gate) update() {
	g.tied.update(func(op flow.Op) {
		switch {
		case op.Kind == flow.Hold, op.Kind == flow.Hand:
			// What is handed on is the same whatever this reach does.
		case op.Kind == flow.Expose:
			g.exposes = true
		case op.B == g.p.Reflected:
			g.behind[op.A] = append(g.behind[op.A], op)
			g.has.Add(op.A)
		default:
			g.into[op.A] = append(g.into[op.A], op.B)
			g.has.Add(op.A)
		}
	})
}

// hold has a reach that follows nothing yet use a gate.
func (r *reach) hold(g *gate) {
	g.update()
	r.gate, r.nodes.tied, r.opened = g, g.tied, map[flow.Node]bool{}
}

// asked lets what reflection has stored into a piece of memory, and into what is tied to it: somebody asks what lies there.
func (r *reach) asked(n flow.Node) {
	if r.opened[n] {
		return
	}
	r.opened[n] = true
	stored := r.nodes.peek(r.p.Reflected)
	work := []flow.Node{n}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for _, op := range r.gate.behind[at] {
			r.ties = append(r.ties, op)
			if stored != nil && stored.linked {
				r.tie(op)
			}
		}
		for _, from := range r.gate.into[at] {
			if !r.opened[from] {
				r.opened[from] = true
				work = append(work, from)
			}
		}
	}
}

// unlock ties what reflection stores, now that it has stored something, to the memory that has been asked for.
func (r *reach) unlock() {
	r.asked(r.p.Reflected)
	for _, op := range slices.Clip(r.ties) {
		r.tie(op)
	}
	if r.gate.exposes { // as the memory would that is not asked for
		r.lead(r.p.Reflected, edge{edgeExpose, 0, 0})
	}
}

// tie has memory lead to other memory that it is tied to.
func (r *reach) tie(op flow.Op) {
	switch op.Kind {
	case flow.Assert:
		r.lead(op.B, edge{edgeAssert, op.A, op.C})
	case flow.Expose:
		r.lead(op.A, edge{edgeExpose, 0, 0})
	case flow.Hold: // no types
	case flow.Hand:
		r.lead(op.B, edge{edgeHand, op.A, op.C})
	case flow.Seen:
		r.lead(op.B, edge{edgeSeenThere, op.B, op.C})
	case flow.Address:
		r.add(op.A, heldType(flow.TypeID(op.C)))
	default:
		r.lead(op.B, edge{edgeCopy, op.A, 0})
	}
}

// newTie takes up a link that comes while the reach is under way.
func (r *reach) newTie(op flow.Op) {
	if op.Kind == flow.Address { // whether or not anything has come to be there
		r.tie(op)
		return
	}
	if r.gate != nil && op.Kind != flow.Expose && op.Kind != flow.Hold && op.Kind != flow.Hand {
		r.gate.update()
		op.A, op.B = r.gate.of(op.A), r.gate.of(op.B)
		to := r.nodes.peek(op.A)
		switch wanted := r.opened[op.A] || to != nil && len(to.succ) > 0; {
		case op.B == r.p.Reflected && !wanted:
			return
		case op.B == r.p.Reflected:
			r.ties = append(r.ties, op)
		case wanted:
			r.asked(op.B)
		}
	}
	if from := r.nodes.peek(flow.Source(op)); from != nil && from.linked {
		r.tie(op)
	}
}
