package proof

import (
	"hash/maphash"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A state is what a reach knows of one node, or of several that copy from each other in a circle.
type state struct {
	holds   heldSet
	pending heldSet // what of it has not been followed yet
	succ    []edge

	nodes  []flow.Node // whose state this is
	number int32       // among the states of its reach
	member int32       // the circle that is, or was, made one state with it; 0 for none
	source int32       // the last circle from which an edge that copies was seen to lead here
	linked bool        // succ has what ties this memory to other
	queued bool
}

const pageBits = 8

// manyStates is the number of nodes from which on a table takes the place of a map.
const manyStates = 2000

// states holds the state of nodes. Of the nodes that a program has, a small reach touches few, a large one nearly all.
type states struct {
	few   map[flow.Node]*state
	pages []*[1 << pageBits]*state // instead, when there are many
	slab  []state                  // room for the next ones
	list  []*state                 // all, by number; nil where one has become part of another
	tied  *tied                    // if not nil: the nodes of which only one has a state
}

func (t *states) at(n flow.Node) *state {
	if s := t.peek(n); s != nil {
		return s
	}
	if t.tied != nil {
		n = t.tied.of(n)
	}
	if len(t.slab) == 0 {
		t.slab = make([]state, min(256, 8+len(t.list)/4))
	}
	s := &t.slab[0]
	t.slab = t.slab[1:]
	s.nodes, s.number = []flow.Node{n}, int32(len(t.list))
	t.list = append(t.list, s)
	t.set(n, s)
	return s
}

// peek is at for a node that may have no state; it changes nothing.
func (t *states) peek(n flow.Node) *state {
	if t.tied != nil {
		n = t.tied.of(n)
	}
	if t.pages == nil {
		return t.few[n]
	}
	if i := int(n >> pageBits); i < len(t.pages) && t.pages[i] != nil {
		return t.pages[i][n&(1<<pageBits-1)]
	}
	return nil
}

func (t *states) set(n flow.Node, s *state) {
	if t.pages == nil {
		if len(t.few) < manyStates {
			if t.few == nil {
				t.few = map[flow.Node]*state{}
			}
			t.few[n] = s
			return
		}
		t.pages = make([]*[1 << pageBits]*state, 64)
		for m, s := range t.few {
			t.set(m, s)
		}
		t.few = nil
	}
	i := int(n >> pageBits)
	for i >= len(t.pages) {
		t.pages = append(t.pages, make([]*[1 << pageBits]*state, max(64, i/4))...)
	}
	if t.pages[i] == nil {
		t.pages[i] = new([1 << pageBits]*state)
	}
	t.pages[i][n&(1<<pageBits-1)] = s
}

// A memory is what the memory that all functions see held at one time.
type memory struct {
	holds map[flow.Node]heldSet
	any   heldSet // what anyType stood for
	stock *stock  // the same, once somebody has asked
}

// captured returns what functions that are used as values have captured.
func (r *reach) captured() map[flow.Node]bool {
	out := map[flow.Node]bool{}
	for _, id := range r.takenIn {
		for _, n := range r.p.Funcs[id].Closure() {
			out[n] = true
		}
	}
	return out
}

// memory returns what is held now.
func (r *reach) memory() *memory {
	m := &memory{holds: map[flow.Node]heldSet{}, any: heldSet{words: slices.Clone(r.covered)}}
	captured := r.captured()
	for _, s := range r.nodes.list {
		if s == nil || s.holds.empty() {
			continue
		}
		s.holds.shared = true
		copied := heldSet{small: slices.Clone(s.holds.small), words: s.holds.words, shared: true}
		for _, n := range s.nodes {
			if r.p.Common(n) || captured[n] {
				m.holds[n] = copied
			}
		}
	}
	return m
}

// recall adds what a node held.
func (r *reach) recall(n flow.Node, m *memory) {
	held, ok := m.holds[n]
	if !ok {
		return
	}
	if held.has(anyIndex) && r.stock == nil { // what the whole program makes, and not this reach alone
		if m.stock == nil {
			m.stock = newStock(r.p, r.numbers, &m.any)
		}
		r.adopt(m.stock)
	}
	r.addAll(n, &held)
}

// rest gives up what a reach needs to go on, and keeps one copy of equal sets:
// in a large program, tens of thousands of nodes hold the same as others.
func (r *reach) rest() {
	known := map[uint64][]bitset.Set[int32]{}
	seed := maphash.MakeSeed()
	for _, s := range r.nodes.list {
		if s == nil {
			continue
		}
		s.succ, s.pending = nil, heldSet{}
		if s.holds.words == nil {
			continue
		}
		var h maphash.Hash
		h.SetSeed(seed)
		for _, w := range s.holds.words {
			maphash.WriteComparable(&h, w)
		}
		key := h.Sum64()
		i := slices.IndexFunc(known[key], func(o bitset.Set[int32]) bool { return slices.Equal(o, s.holds.words) })
		if i < 0 {
			i = len(known[key])
			known[key] = append(known[key], slices.Clip(s.holds.words))
		}
		s.holds.words, s.holds.shared = known[key][i], true
	}
	r.queue, r.spare, r.nodes.slab, r.handed, r.loose, r.anySeen = nil, nil, nil, nil, nil, nil
}

// settle keeps of a reach what a graph of it needs.
func (r *reach) settle() {
	asked := states{tied: r.nodes.tied}
	for _, id := range r.order {
		for _, op := range r.p.Funcs[id].Ops {
			switch op.Kind {
			case flow.Derive, flow.Promote, flow.Reach, flow.Methods, flow.Replace, flow.Set:
				asked.share(op.A, &r.nodes)
				asked.share(op.B, &r.nodes)
			}
		}
	}
	r.nodes = asked
	for _, s := range r.sites {
		s.callee = nil
	}
	r.queue, r.spare, r.seed, r.stop, r.seeds = nil, nil, nil, nil, nil
	r.opened, r.ties, r.handed, r.loose, r.anySeen = nil, nil, nil, nil, nil
	r.active, r.impls, r.hubs, r.made, r.covered, r.taken, r.takenOf, r.madeFuncs, r.anySites, r.meets = nil, nil, nil, nil, nil, nil, nil, nil, nil, nil
}

// share gives a node the state that it has in o, if it has one, without its
// edges.
func (t *states) share(n flow.Node, o *states) {
	s := o.peek(n)
	if n == 0 || s == nil || t.peek(n) != nil {
		return
	}
	if t.tied != nil {
		n = t.tied.of(n)
	}
	t.set(n, &state{holds: s.holds})
}
