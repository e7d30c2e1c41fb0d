package proof

import (
	"cmp"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// byType are masks by type: a table, since a trace asks for them all the time.
type byType []mask

func (b byType) of(t flow.TypeID) mask {
	if int(t) < len(b) {
		return b[t]
	}
	return 0
}

func (b *byType) add(t flow.TypeID, m mask) {
	if int(t) >= len(*b) {
		*b = append(*b, make([]mask, int(t)+1-len(*b))...)
	}
	(*b)[t] |= m
}

// passing are the variables that pass where some types are wanted.
type passing struct {
	at   map[flow.TypeID]*passed
	list []*passed // the same, by type
}

// A passed is what passes where a value of a type is wanted.
type passed struct {
	to  flow.TypeID
	who mask
}

func (p *passing) add(to flow.TypeID, who mask) {
	e := &passed{to, who}
	p.at[to] = e
	i, _ := slices.BinarySearchFunc(p.list, to, func(e *passed, to flow.TypeID) int { return cmp.Compare(e.to, to) })
	p.list = slices.Insert(p.list, i, e)
}
