package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// byMethod are the types of a list by their methods' names. Few have the rarest of an interface's methods, and those
// alone need be asked whether they have all: a large program has thousands of interfaces and tens of thousands of types.
type byMethod struct {
	upto  int // of the list
	types map[string][]flow.TypeID
}

// having lists those of some types, interfaces left out, that may have an interface's methods, in the list's order. The
// list may have grown since the last time.
func (b *byMethod) having(p *flow.Program, iface flow.TypeID, list []flow.TypeID) []flow.TypeID {
	if b.types == nil {
		b.types = map[string][]flow.TypeID{}
	}
	for ; b.upto < len(list); b.upto++ {
		t := list[b.upto]
		if p.IsInterface(t) {
			continue
		}
		set := p.Methods(t)
		for i := range set.Len() {
			id := set.At(i).Obj().Id()
			b.types[id] = append(b.types[id], t)
		}
	}
	u := p.TypeOf(iface).Underlying().(*types.Interface)
	if u.NumMethods() == 0 {
		return list
	}
	out := b.types[u.Method(0).Id()]
	for m := range u.Methods() {
		if l := b.types[m.Id()]; len(l) < len(out) {
			out = l
		}
	}
	return out
}
