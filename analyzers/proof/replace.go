package proof

import (
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// Reflection that comes upon a pointer can replace the struct behind it even if
// it can set none of its fields:
//
//	type stamp struct{ n string }
//	type conf struct{ At *stamp }
//	dst.Field(0).Elem().Set(src.Field(0).Elem()) // writes what At points to
//
// Decoders do not, so memory of that kind is called hollow here and has a rule
// of its own: it is written by the calls that flow.Replace marks, where both
// Values may have its type. Channels are hollow too: only what sends, receives
// or closes changes them.

// A replacing says which hollow memory an event of package reflect may write.
type replacing struct {
	all   bool
	types typeSet // keys, see hollow
}

// hollow returns the key of the memory behind references of type t if that is
// hollow, else 0. For pointers to a struct or a function it is the underlying
// type of that: values of all types that have it may be assignable. All
// channels have one key.
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

// replaces returns what a call may write that assigns the Value at node by, if
// that is not 0, to the one at node n.
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

// channels returns what a call writes that uses a channel.
func (g *graph) channels() *replacing {
	r := new(replacing)
	r.types.Add(g.r.p.Channelled)
	return r
}

// valued returns the underlying types of the structs and functions that a Value
// at a node may be.
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

// hollows are sets of variables by the keys of hollow memory of theirs.
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

// of returns the variables whose hollow memory an event may write.
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

// replace notes that reflection comes upon references to hollow memory of
// variables.
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

// replaceable notes that a variable's own value is, or may hold, a reference to
// hollow memory.
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

// showHollow is show for hollow memory.
func (t *trace) showHollow(i int32, typ types.Type, who mask) {
	if key := t.g.hollow(typ); key != 0 {
		t.replace(key, t.filter(i, who, 0, t.g.r.p.Type(typ)))
	}
}

// packHollow is pack for hollow memory.
func (t *trace) packHollow(i int32, part flow.TypeID, who mask) {
	key := t.g.hollow(t.g.r.p.TypeOf(part))
	if key == 0 || who&^t.packedHollow.byKey[key] == 0 {
		return
	}
	t.packedHollow.add(key, t.filter(i, who, 0, part))
	t.replace(key, t.packedHollow.byKey[key]&t.shown)
}

// showPacked repeats what packHollow does, once more variables are shown.
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
