package proof

import (
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// What reflection comes upon it may also replace: put one struct in the place of another whose fields it cannot set, or
// receive from a channel. Decoders do not, so a write counts for such memory only where it is not seen to be of another
// kind (see flow.Replace), and, where it is known of what types the Values are, of those types:
//
//	type stamp struct{ n string }
//	type conf struct{ At *stamp }
//	dst.Field(0).Elem().Set(src.Field(0).Elem()) // writes what At leads to

// A replacing says what an event of package reflect may replace.
type replacing struct {
	all   bool
	types typeSet // keys, see hollow
}

// hollow returns a key for the memory behind a reference of type t if reflection does not set it part by part, else 0: for a pointer to
// a struct or a function the underlying type of that, since values of all types that have it can be assigned; for
// channels one for all.
func (g *graph) hollow(t types.Type) flow.TypeID {
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return g.r.p.Channelled
	case *types.Pointer:
		switch u := u.Elem().Underlying().(type) {
		case *types.Struct:
			if !settable(u) {
				return g.r.p.Type(u)
			}
		case *types.Signature:
			return g.r.p.Type(u)
		}
	}
	return 0
}

// replaces returns what a write of the Value at node n, of that at node by, may replace.
func (g *graph) replaces(n, by flow.Node) *replacing {
	out := g.valued(n)
	if by == 0 {
		return &out
	}
	from := g.valued(by)
	switch {
	case out.all:
		return &from
	case !from.all:
		for i := range out.types {
			if i < len(from.types) {
				out.types[i] &= from.types[i]
			} else {
				out.types[i] = 0
			}
		}
	}
	return &out
}

// channels returns what is written that uses a channel.
func (g *graph) channels() *replacing {
	r := new(replacing)
	r.types.Add(g.r.p.Channelled)
	return r
}

// valued returns the underlying types of what a Value at a node may stand for.
func (g *graph) valued(n flow.Node) (out replacing) {
	if g.r.p.Open != nil || g.r.importer != nil && g.r.holds(n, foreign) {
		return replacing{all: true}
	}
	list, all := g.r.types(n)
	if all {
		return replacing{all: true}
	}
	for _, t := range list {
		switch u := g.r.p.TypeOf(t).Underlying().(type) {
		case *types.Struct, *types.Signature:
			out.types.Add(g.r.p.Type(u))
		}
	}
	return out
}

// hollows are variables by the key of memory of theirs that reflection may replace.
type hollows struct {
	all   mask
	byKey map[flow.TypeID]mask
}

func (h *hollows) add(key flow.TypeID, who mask) bool {
	if who&^h.byKey[key] == 0 {
		return false
	}
	if h.byKey == nil {
		h.byKey = map[flow.TypeID]mask{}
	}
	h.all |= who
	h.byKey[key] |= who
	return true
}

// of returns the variables of which an event may replace something.
func (h *hollows) of(r *replacing) (who mask) {
	switch {
	case r == nil:
		return 0
	case r.all:
		return h.all
	}
	r.types.Each(func(key flow.TypeID) { who |= h.byKey[key] })
	return who
}

// replace notes that reflection comes upon references to variables' memory that it may replace.
func (t *trace) replace(key flow.TypeID, who mask) {
	if t.modest || !t.replaced.add(key, who) {
		return
	}
	for _, i := range t.g.replacers {
		if t.marks[i].refs&who != 0 {
			t.requeue(i)
		}
	}
}

// replaceable notes that a variable's own value is a reference to such memory, or may hold one.
func (t *trace) replaceable(v *flow.Global, bit mask) {
	typ := v.Obj.Type().(*types.Pointer).Elem()
	if !types.IsInterface(typ) {
		if key := t.g.hollow(typ); key != 0 {
			t.replaced.add(key, bit)
		}
		return
	}
	for _, held := range t.g.contents.held(v.Content, nil) {
		if held == anything {
			t.replaced.all |= bit
		} else if held >= 0 {
			if key := t.g.hollow(t.g.r.p.TypeOf(flow.TypeID(held))); key != 0 {
				t.replaced.add(key, bit)
			}
		}
	}
}

// showHollow is show for what reflection may replace.
func (t *trace) showHollow(i int32, typ types.Type, who mask) {
	if key := t.g.hollow(typ); key != 0 {
		t.replace(key, t.filter(i, who, 0, t.g.r.p.Type(typ)))
	}
}

// packHollow is pack for it.
func (t *trace) packHollow(i int32, part flow.TypeID, who mask) {
	key := t.g.hollow(t.g.r.p.TypeOf(part))
	if key == 0 || who&^t.packedHollow.byKey[key] == 0 {
		return
	}
	t.packedHollow.add(key, t.filter(i, who, 0, part))
	t.replace(key, t.packedHollow.byKey[key]&t.shown)
}

// showPacked replaces what was packed once more is shown.
func (t *trace) showPacked() {
	var keys []flow.TypeID
	for key := range t.packedHollow.byKey {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		t.replace(key, t.packedHollow.byKey[key]&t.shown)
	}
}
