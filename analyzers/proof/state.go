package proof

import (
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A state is what a reach knows of one node.
type state struct {
	list []held        // what it holds, in the order of arrival
	set  map[held]bool // the same, when there are many
	succ []edge

	linked bool // succ has what ties this memory to other
}

const smallSet = 12

// add reports whether t is new.
func (s *state) add(t held) bool {
	if s.set != nil {
		if s.set[t] {
			return false
		}
		s.set[t] = true
	} else {
		if slices.Contains(s.list, t) {
			return false
		}
		if len(s.list) == smallSet {
			s.set = make(map[held]bool, 4*smallSet)
			for _, x := range s.list {
				s.set[x] = true
			}
			s.set[t] = true
		}
	}
	s.list = append(s.list, t)
	return true
}

const pageBits = 7

// pages holds the state of nodes, of which a small reach touches few.
type pages []*[1 << pageBits]state

func (p *pages) at(n flow.Node) *state {
	i := int(n >> pageBits)
	for i >= len(*p) {
		*p = append(*p, make([]*[1 << pageBits]state, max(64, i/4))...)
	}
	if (*p)[i] == nil {
		(*p)[i] = new([1 << pageBits]state)
	}
	return &(*p)[i][n&(1<<pageBits-1)]
}

// peek is at for a node that may have none; it changes nothing.
func (p pages) peek(n flow.Node) *state {
	if i := int(n >> pageBits); i < len(p) && p[i] != nil {
		return &p[i][n&(1<<pageBits-1)]
	}
	return nil
}
