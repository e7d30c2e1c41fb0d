package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// Of memory that is tied together in a circle (what is cast from one type to another, and back) all pieces hold the same
// as soon as one of them holds something. In a large program thousands of pieces are tied each to each. tied finds such
// circles once, so that a reach gives one state to each, and does not walk a million ties to find that out again.
type tied struct {
	p       *flow.Program
	upto    int                       // the links looked at
	first   []flow.Node               // by node: the one that stands for its circle, or 0
	circles map[flow.Node][]flow.Node // by that one
	links   map[flow.Node][]flow.Op   // what leads out of a circle, or of a node in none; none twice
	known   map[flow.Op]bool          // these
}

func newTied(p *flow.Program) *tied {
	t := &tied{p: p, first: make([]flow.Node, p.Nodes()), circles: map[flow.Node][]flow.Node{}, links: map[flow.Node][]flow.Op{}, known: map[flow.Op]bool{}}
	index := map[flow.Node]int32{}
	var nodes []flow.Node
	at := func(n flow.Node) int32 {
		i, ok := index[n]
		if !ok {
			i = int32(len(nodes))
			index[n] = i
			nodes = append(nodes, n)
		}
		return i
	}
	for _, op := range p.Links() {
		at(op.A)
		at(op.B)
	}
	next := func(v int32, i int) (int32, bool) {
		links := p.LinksFrom(nodes[v])
		if i >= len(links) {
			return 0, false
		}
		if op := p.Links()[links[i]]; op.Kind == flow.Copy || op.Kind == flow.Recast {
			return index[op.A], true
		}
		return -1, true
	}
	strong(len(nodes), next, func(members []int32) {
		if len(members) == 1 {
			return
		}
		circle := make([]flow.Node, len(members))
		for i, v := range members {
			circle[i] = nodes[v]
		}
		slices.Sort(circle)
		if slices.Contains(circle, p.Reflected) { // which a gate knows by its own name
			return
		}
		for _, n := range circle {
			t.first[n] = circle[0]
		}
		t.circles[circle[0]] = circle
	})
	return t
}

// of returns the node that stands for a node.
func (t *tied) of(n flow.Node) flow.Node {
	if int(n) < len(t.first) && t.first[n] != 0 {
		return t.first[n]
	}
	return n
}

// all lists the nodes for which one stands.
func (t *tied) all(n flow.Node) []flow.Node {
	if list := t.circles[n]; list != nil {
		return list
	}
	return []flow.Node{n}
}

// update takes up new links, and calls f with those that lead from one circle to another.
func (t *tied) update(f func(flow.Op)) {
	for ; t.upto < len(t.p.Links()); t.upto++ {
		op := t.p.Links()[t.upto]
		to := flow.Op{Kind: op.Kind, A: t.of(op.A), B: t.of(op.B), C: op.C}
		if op.Kind == flow.Recast { // in a reach, that is a copy
			to.C = 0
		}
		if to.A == to.B && to.Kind != flow.Expose || t.known[to] {
			continue
		}
		t.known[to] = true
		t.links[flow.Source(to)] = append(t.links[flow.Source(to)], to)
		f(to)
	}
}
