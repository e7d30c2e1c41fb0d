package proof

import "github.com/go-vimage/vimage/analyzers/flow"

// A frontier holds the nodes that a trace has yet to visit. Those of the lowest
// level are visited first, and within a level those that came first.
type frontier struct {
	levels [maxLevel + 1][]int32
	next   [maxLevel + 1]int
	left   int
}

// maxLevel is the highest level of a frontier.
const maxLevel = 15

func (f *frontier) push(i int32, level uint8) {
	f.levels[level] = append(f.levels[level], i)
	f.left++
}

// pop takes a node; there must be one.
func (f *frontier) pop() int32 {
	f.left--
	level := 0
	for f.next[level] == len(f.levels[level]) {
		level++
	}
	nodes, n := f.levels[level], f.next[level]
	i := nodes[n]
	n++
	if n == len(nodes) || n > 1<<16 && n > len(nodes)/2 {
		f.levels[level], n = append(nodes[:0], nodes[n:]...), 0
	}
	f.next[level] = n
	return i
}

// clear takes all nodes out.
func (f *frontier) clear() {
	for level := range f.levels {
		f.levels[level], f.next[level] = f.levels[level][:0], 0
	}
	f.left = 0
}

// weight says how rough an approximation a step is: 0 for none. A step is one if
// the memory that it reaches, or the function that it calls, is known by its
// type alone.
func (g *graph) weight(s *step) uint8 {
	if g.r.p.Anywhere(g.nodes[s.to]) || g.nodes[s.to] == g.bound {
		return 3
	}
	switch s.kind {
	case stepIn, stepOut:
		return 4
	case stepTie, stepRecast, stepRetype, stepLike:
		return 3
	case stepRead, stepCapture:
		return 1
	case stepKeep:
		if g.index[g.nodes[s.to]] == s.to { // else it is the memory of few functions, see kin
			return 1
		}
		return 0
	}
	if s.in < 0 { // by reflection, or an importer
		return 4
	}
	return 0
}

// reach notes that step number k from node i leads somewhere. Nodes to which few
// approximations lead are visited first, so that what is found first can be
// explained best.
func (t *trace) reach(i, k int32, s *step) (weight uint8) {
	weight = t.g.weight(s)
	switch {
	case s.in >= 0 && t.avoid(s.in):
		weight += 4
	case (s.kind == stepReceive || s.kind == stepAssert) && t.home[flow.TypeID(s.aux)] == 0: // by conversions alone
		weight += 2
	}
	level := min(t.level[i]+weight, maxLevel)
	switch from := &t.from[s.to]; {
	case from.node == nowhere:
		*from, t.level[s.to] = origin{i, k}, level
	case from.node >= 0 && level < t.level[s.to] && t.queued[s.to]: // not visited yet
		*from, t.level[s.to] = origin{i, k}, level
		t.front.push(s.to, level)
	}
	return weight
}
