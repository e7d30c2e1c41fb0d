package proof

// firstCircles is the number of edges from which on it pays to look for circles.
const firstCircles = 50_000

// circles makes one state of the states of nodes that copy from each other in a circle: in the end they hold the same.
// A large program has circles of many thousands of nodes, with nearly everything in each. This is the cycle
// elimination of inclusion-based points-to analysis (Faehndrich, Foster, Su, Aiken 1998), done whenever the edges have become
// half as many again.
func (r *reach) circles() {
	for _, c := range r.strong() {
		r.join(c)
	}
	r.nextCircles = max(firstCircles, r.edges+r.edges/2)
}

// strong lists the strongly connected components of more than one state, by the edges that copy (Tarjan 1972, without recursion).
func (r *reach) strong() [][]*state {
	type frame struct {
		s    *state
		next int
	}
	var (
		list   = r.nodes.list
		index  = make([]int32, len(list)) // 0: not seen
		low    = make([]int32, len(list))
		on     = make([]bool, len(list))
		count  int32
		stack  []*state
		frames []frame
		out    [][]*state
	)
	enter := func(s *state) {
		count++
		index[s.number], low[s.number] = count, count
		on[s.number] = true
		stack = append(stack, s)
		frames = append(frames, frame{s, 0})
	}
	for _, root := range list {
		if root == nil || index[root.number] != 0 {
			continue
		}
		enter(root)
	walk:
		for len(frames) > 0 {
			f := &frames[len(frames)-1]
			me := f.s.number
			for f.next < len(f.s.succ) {
				e := f.s.succ[f.next]
				f.next++
				if e.kind != edgeCopy {
					continue
				}
				to := r.nodes.peek(e.dst)
				if to == nil {
					continue
				}
				if index[to.number] == 0 {
					enter(to)
					continue walk
				}
				if on[to.number] {
					low[me] = min(low[me], index[to.number])
				}
			}
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				up := frames[len(frames)-1].s.number
				low[up] = min(low[up], low[me])
			}
			if low[me] != index[me] {
				continue
			}
			for k := len(stack) - 1; ; k-- {
				on[stack[k].number] = false
				if stack[k].number == me {
					if len(stack)-k > 1 {
						out = append(out, append([]*state(nil), stack[k:]...))
					}
					stack = stack[:k]
					break
				}
			}
		}
	}
	return out
}

// join makes one state of those of a circle.
func (r *reach) join(circle []*state) {
	for _, s := range circle {
		for _, n := range s.nodes {
			r.at(n) // what is tied to one is tied to all
		}
	}
	one := circle[0]
	var all heldSet
	var unused heldSet
	for _, s := range circle {
		all.addAll(&s.holds, &unused, nil)
	}
	// What each has to follow yet: all but what it has followed.
	rest := make([]heldSet, len(circle))
	edges := make([][]edge, len(circle))
	for i, s := range circle {
		followed := s.holds.without(&s.pending)
		rest[i] = all.without(&followed)
		edges[i] = s.succ
	}
	member := make(map[*state]bool, len(circle))
	for _, s := range circle {
		member[s] = true
	}
	known := map[edge]bool{}
	var succ []edge
	for i := range edges {
		kept := edges[i][:0]
		for _, e := range edges[i] {
			if e.kind == edgeCopy && member[r.nodes.peek(e.dst)] {
				continue
			}
			kept = append(kept, e)
			if !known[e] {
				known[e] = true
				succ = append(succ, e)
			}
		}
		edges[i] = kept
	}
	for _, s := range circle[1:] {
		one.nodes = append(one.nodes, s.nodes...)
		for _, n := range s.nodes {
			r.nodes.set(n, one)
		}
		r.nodes.list[s.number] = nil
		*s = state{number: s.number}
	}
	one.holds, one.pending, one.succ = all, heldSet{}, succ
	for i, list := range edges {
		if rest[i].empty() {
			continue
		}
		for _, e := range list {
			r.follow(e, &rest[i])
		}
	}
}
