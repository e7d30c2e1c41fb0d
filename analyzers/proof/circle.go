package proof

// firstCircles is the number of edges from which on it pays to look for circles.
const firstCircles = 50_000

// circles makes one state of the states of nodes that copy from each other in a circle: in the end they hold the same.
// A large program has circles of many thousands of nodes, with nearly everything in each. This is the cycle
// elimination of inclusion-based points-to analysis (Faehndrich, Foster, Su, Aiken 1998), done whenever the edges have become
// half as many again.
func (r *reach) circles() {
	for _, c := range r.copying() {
		r.join(c)
	}
	r.nextCircles = max(firstCircles, r.edges+r.edges/2)
}

// copying lists the strongly connected components of more than one state, by the edges that copy.
func (r *reach) copying() [][]*state {
	list := r.nodes.list
	next := func(v int32, i int) (int32, bool) {
		if list[v] == nil || i >= len(list[v].succ) {
			return 0, false
		}
		e := list[v].succ[i]
		if e.kind != edgeCopy {
			return -1, true
		}
		to := r.nodes.peek(e.dst)
		if to == nil {
			return -1, true
		}
		return to.number, true
	}
	var out [][]*state
	strong(len(list), next, func(members []int32) {
		if len(members) == 1 {
			return
		}
		circle := make([]*state, len(members))
		for i, v := range members {
			circle[i] = list[v]
		}
		out = append(out, circle)
	})
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
	r.joins++
	for _, s := range circle {
		s.member = r.joins
	}
	known := map[edge]bool{} // those that do not copy
	var succ []edge
	for i := range edges {
		kept := edges[i][:0]
		for _, e := range edges[i] {
			var to *state
			if e.kind == edgeCopy {
				to = r.nodes.peek(e.dst)
			}
			if to != nil && to.member == r.joins {
				continue
			}
			kept = append(kept, e)
			switch {
			case to != nil && to.source == r.joins:
			case to != nil:
				to.source = r.joins
				succ = append(succ, e)
			case !known[e]:
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
