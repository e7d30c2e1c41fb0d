package proof

import (
	"math/bits"
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

// nearlyAll is the number of types from which on what may be of one of them may as well be of any: to note each takes seconds
// for each variable, and only large programs have so many that hang together.
const nearlyAll = 20000

// recastAll notes that references to variables lie in values of many types, and were converted to them. Most are known
// already to have all.
func (t *trace) recastAll(set typeSet, refs mask) {
	if set.Len() > t.g.most {
		t.unbind(refs)
		return
	}
	for k, w := range set {
		if k < len(t.whole) {
			w &^= t.whole[k]
		}
		for ; w != 0; w &= w - 1 {
			typ := flow.TypeID(k*64 + bits.TrailingZeros64(w))
			t.carry(typ, refs)
			t.list(typ, refs)
			if t.carriers.of(typ)&t.lists.of(typ)&t.all == t.all {
				t.whole.Add(typ)
			}
		}
	}
}

// wanted are types of which something may have to be, interfaces for the most part, and which of them a type may stand
// for. That is the same for all traces in a graph, and there are many pairs.
type wanted struct {
	list []flow.TypeID
	has  map[flow.TypeID]bool
	lets map[flow.TypeID]*letting
}

// A letting lists, sorted, which of the first upto wanted types let one pass.
type letting struct {
	upto int
	to   []flow.TypeID
}

func newWanted() *wanted {
	return &wanted{has: map[flow.TypeID]bool{}, lets: map[flow.TypeID]*letting{}}
}

func (w *wanted) add(to flow.TypeID) {
	if !w.has[to] {
		w.has[to] = true
		w.list = append(w.list, to)
	}
}

// letting lists which wanted types let one pass; lets decides about those that are new.
func (w *wanted) letting(typ flow.TypeID, lets func(to, typ flow.TypeID) bool) []flow.TypeID {
	l := w.lets[typ]
	if l == nil {
		l = new(letting)
		w.lets[typ] = l
	}
	for ; l.upto < len(w.list); l.upto++ {
		if to := w.list[l.upto]; lets(to, typ) {
			i, _ := slices.BinarySearch(l.to, to)
			l.to = slices.Insert(l.to, i, to)
		}
	}
	return l.to
}
