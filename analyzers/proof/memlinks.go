package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// memoryLinks holds the steps between pieces of memory, which depend on no
// function. A large program has a million of them. The graphs of single
// initialization steps begin with these lists instead of making their own; a
// graph that adds a step to such a node copies that node's list.
type memoryLinks struct {
	p     *flow.Program
	upto  int // the links of p that are in steps
	index map[flow.Node]int32
	nodes []flow.Node
	types []flow.TypeID
	steps [][]step
}

func newMemoryLinks(p *flow.Program) *memoryLinks {
	return &memoryLinks{p: p, index: map[flow.Node]int32{}}
}

// update adds the links that the program has got since the last time.
func (m *memoryLinks) update() {
	for ; m.upto < len(m.p.Links()); m.upto++ {
		op := m.p.Links()[m.upto]
		s, ok := linkStep(op)
		if !ok || op.A == 0 || op.B == 0 || op.A == op.B {
			continue
		}
		from, to := m.at(op.B), m.at(op.A)
		s.to = to
		m.steps[from] = append(m.steps[from], s)
	}
}

func (m *memoryLinks) at(n flow.Node) int32 {
	i, ok := m.index[n]
	if !ok {
		i = int32(len(m.nodes))
		m.index[n] = i
		m.nodes = append(m.nodes, n)
		m.types = append(m.types, m.p.NodeType(n))
		m.steps = append(m.steps, nil)
	}
	return i
}

// linkStep returns the step of an operation that links pieces of memory, if it
// moves references.
func linkStep(op flow.Op) (step, bool) {
	switch op.Kind {
	case flow.Copy, flow.Hold:
		return step{kind: stepTie, in: -1}, true
	case flow.Recast:
		return step{kind: stepRecast, aux: op.C, in: -1}, true
	case flow.Assert:
		return step{kind: stepAssert, aux: op.C, in: -1}, true
	}
	return step{}, false
}

// begin gives an empty graph the nodes and steps of the links, by the same
// index.
func (g *graph) begin(m *memoryLinks) {
	m.update()
	g.links, g.shared, g.linked = m, slices.Clone(m.steps), m.upto
	g.steps = make([][]step, len(m.steps))
	for i, s := range m.steps {
		g.steps[i] = slices.Clip(s)
	}
	g.nodes, g.types = slices.Clone(m.nodes), slices.Clone(m.types)
	g.events = make([][]event, len(m.nodes))
}

// own returns the steps of a node that are not shared with other graphs.
func (g *graph) own(i int32) []step {
	if int(i) < len(g.shared) {
		return g.steps[i][len(g.shared[i]):]
	}
	return g.steps[i]
}
