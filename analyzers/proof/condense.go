package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A condensed is the calls of a finished reach, functions that call each other made one: what is asked of all that a
// function calls is worked out once, and not by a walk through most of the program for each function.
type condensed struct {
	of    []int32             // a function's component, by ID
	next  [][]int32           // the components that one calls
	size  []int32             // the functions in it
	marks []bitset.Set[int32] // the marked functions reached from it
}

// A stage says how far a reach had come: with what initialisation alone reaches, nothing else can be called before main.
type stage struct {
	funcs, unasked int         // how many there were
	sites          []siteStage // by site
}

// A siteStage says how many functions a site called, and its hub.
type siteStage struct{ funcs, hub int32 }

// stage returns how far the reach has come.
func (r *reach) stage() *stage {
	st := &stage{funcs: len(r.order), unasked: len(r.unasked)}
	for _, s := range r.sites {
		st.sites = append(st.sites, siteStage{int32(len(s.list)), s.hub})
	}
	return st
}

// condense finds the components of a reach's calls at some stage, and for each which marked functions can be reached from
// it. A hub is a node of its own: what it calls is not listed again for each call of the method. So is reflection.
func condense(r *reach, at *stage, marked []flow.FuncID) *condensed {
	funcs := len(r.p.Funcs)
	reflection := int32(funcs + len(at.sites))
	succ := make([][]int32, reflection+1)
	for _, f := range r.unasked[:at.unasked] {
		succ[reflection] = append(succ[reflection], int32(f))
	}
	sites := func(v int32, list []int32) {
		seen := map[int32]bool{}
		add := func(w int32) {
			if !seen[w] {
				seen[w] = true
				succ[v] = append(succ[v], w)
			}
		}
		for _, s := range list {
			if int(s) >= len(at.sites) {
				continue
			}
			for _, id := range r.sites[s].list[:at.sites[s].funcs] {
				add(int32(id))
			}
			if hub := at.sites[s].hub; hub != 0 {
				add(int32(funcs) + hub)
			}
		}
	}
	for f, list := range r.calls {
		sites(int32(f), list)
	}
	for _, f := range r.order[:at.funcs] {
		if slices.ContainsFunc(r.p.Funcs[f].Ops, func(op flow.Op) bool { return op.Kind == flow.Methods }) {
			succ[f] = append(succ[f], reflection)
		}
	}
	for i, s := range r.sites[:len(at.sites)] {
		if s.in < 0 {
			sites(int32(funcs+i), []int32{int32(i)})
		}
	}
	mark := map[int32]int32{}
	for i, f := range marked {
		mark[int32(f)] = int32(i)
	}
	c := &condensed{of: make([]int32, len(succ))}
	next := func(v int32, i int) (int32, bool) {
		if i >= len(succ[v]) {
			return 0, false
		}
		return succ[v][i], true
	}
	strong(len(succ), next, func(members []int32) {
		me := int32(len(c.size))
		var own bitset.Set[int32]
		size := int32(0)
		for _, v := range members {
			c.of[v] = me
			if int(v) < funcs {
				size++
			}
			if i, ok := mark[v]; ok {
				own.Add(i)
			}
		}
		var to []int32
		seen := map[int32]bool{me: true}
		for _, v := range members {
			for _, w := range succ[v] {
				if w := c.of[w]; !seen[w] {
					seen[w] = true
					to = append(to, w)
				}
			}
		}
		sets := []bitset.Set[int32]{own}
		for _, w := range to {
			sets = append(sets, c.marks[w])
		}
		c.size, c.next, c.marks = append(c.size, size), append(c.next, to), append(c.marks, unionOf(sets))
	})
	return c
}

// unionOf returns the union of some sets: one of them where that has all, as it often has.
func unionOf(sets []bitset.Set[int32]) bitset.Set[int32] {
	most := slices.MaxFunc(sets, func(a, b bitset.Set[int32]) int { return a.Len() - b.Len() })
	var all bitset.Set[int32]
	for _, s := range sets {
		switch {
		case len(s) == 0 || len(most) > 0 && &s[0] == &most[0]:
		case all != nil:
			all.Union(s)
		case !within(s, most):
			all = slices.Clone(most)
			all.Union(s)
		}
	}
	if all == nil {
		return most
	}
	return all
}

// within reports whether all of s is in o.
func within(s, o bitset.Set[int32]) bool {
	for i, w := range s {
		if i >= len(o) && w != 0 || i < len(o) && w&^o[i] != 0 {
			return false
		}
	}
	return true
}

// marked returns which of the marked functions are reached from a function, by their place in the list of these.
func (c *condensed) marked(f flow.FuncID) bitset.Set[int32] { return c.marks[c.of[f]] }

// more reports whether more than so many functions are reached from one, itself included.
func (c *condensed) more(f flow.FuncID, than int) bool {
	count := 0
	seen := map[int32]bool{c.of[f]: true}
	work := []int32{c.of[f]}
	for len(work) > 0 && count <= than {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		count += int(c.size[at])
		for _, w := range c.next[at] {
			if !seen[w] {
				seen[w] = true
				work = append(work, w)
			}
		}
	}
	return count > than
}
