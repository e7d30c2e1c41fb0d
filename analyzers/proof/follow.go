package proof

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// follow lets an edge do its work on what its node has come to hold.
func (r *reach) follow(e edge, set *heldSet) {
	switch e.kind {
	case edgeCopy:
		r.addAll(e.dst, set)
	case edgeAssert:
		passed := r.sift(set, flow.TypeID(e.aux))
		r.addAll(e.dst, &passed)
		if r.importer != nil && set.has(r.number(foreign)) {
			r.p.ExposeOutside(r.p.TypeOf(flow.TypeID(e.aux))) // an importer has filled what it hands over
			r.links()
		}
	case edgeInvoke:
		// Of the many things that an interface may hold, most have been seen not to have its methods.
		passed := r.sift(set, r.sites[e.aux].call.Iface)
		r.each(e, &passed)
	case edgeDerive:
		if set.words != nil { // the parts of many types: that may as well be anything
			r.add(e.dst, anyType)
			r.add(e.dst, existing)
			return
		}
		r.each(e, set)
	case edgeSeen, edgeSeenMoved, edgeSeenThere:
		r.sights = append(r.sights, sight{e, set.clone()})
	default:
		r.each(e, set)
	}
}

// A sight is an address that is seen as a type, and what is new of what it may be.
type sight struct {
	edge edge
	set  heldSet
}

// look does what follows from sights. They wait until nothing else is left to
// do, so that it is known of how many types an address may be. Those of few
// come first: they must not be seen alone because others are of many.
func (r *reach) look() {
	list := r.sights
	r.sights = nil
	counts := map[flow.Node]int{}
	for _, s := range list {
		if _, ok := counts[s.edge.dst]; !ok {
			counts[s.edge.dst] = r.countTypes(s.edge.dst)
		}
	}
	slices.SortStableFunc(list, func(a, b sight) int { return cmp.Compare(counts[a.edge.dst], counts[b.edge.dst]) })
	for i := range list {
		s := &list[i]
		r.many = counts[s.edge.dst] > manySeen || r.p.Views() > manyViews
		r.each(s.edge, &s.set)
	}
}

// manySeen is the number of types from which on code that sees an address as a
// type is taken to have looked first whether it is one:
//
//	case reflect.String:
//		return *(*string)(v.ptr)
//
// Encoders do so with all types that a program encodes. Each of these types,
// seen as each of the others, would make all memory one.
const manySeen = 200

// manyViews is the number of ways in which memory is seen as memory of another
// type from which on the same holds of every address that is not cast where it
// is taken.
const manyViews = 20_000

// countTypes returns the number of types that the address in a node may be of.
func (r *reach) countTypes(n flow.Node) int {
	s := r.nodes.peek(n)
	if s == nil {
		return 0
	}
	moved, other := 0, 0
	s.holds.each(func(i int32) {
		switch t := r.things[i]; {
		case t.isShifted():
			moved++
		case t.isType():
			other++
		}
	})
	return max(moved, other)
}

// each lets an edge do its work on one thing after the other.
func (r *reach) each(e edge, set *heldSet) {
	var list []int32 // the set may grow meanwhile
	if n := len(r.spare); n > 0 {
		list, r.spare = r.spare[n-1][:0], r.spare[:n-1]
	}
	set.each(func(i int32) { list = append(list, i) })
	for _, i := range list {
		r.followOne(e, r.things[i])
	}
	r.spare = append(r.spare, list)
}

func (r *reach) followOne(e edge, t held) {
	switch e.kind {
	case edgeMake:
		if _, ok := r.p.TypeOf(flow.TypeID(e.aux)).Underlying().(*types.Signature); ok && !t.isType() {
			r.add(e.dst, t)
		} else if isReflected(r.p.TypeOf(flow.TypeID(e.aux))) {
			r.add(e.dst, t)
		}
	case edgeInvoke:
		switch {
		case t == anyType:
			r.callAny(r.sites[e.aux])
		case t == foreign:
			r.importer.answer(r, e.aux)
		case t.isType():
			r.dispatch(e.aux, t.typ())
		}
	case edgeCall:
		switch {
		case t == anyType:
			r.callAnyFunc(e.aux)
		case t == foreign:
			r.importer.answer(r, e.aux)
		case t == bound:
			r.callMade(r.sites[e.aux])
		case t.isFunc():
			r.connect(e.aux, r.p.Funcs[t.function()])
		}
	case edgeExpose:
		switch {
		case t == anyType:
			r.everyMade(&r.anyExposed, func(u flow.TypeID) { r.p.Expose(r.p.TypeOf(u)) })
			r.links()
		case t.isType():
			r.p.Expose(r.p.TypeOf(t.typ()))
			r.links()
		}
	case edgeDerive:
		if t.isShifted() {
			break
		}
		if !t.isType() && !t.isFunc() {
			r.add(e.dst, t)
			switch t {
			case anyType:
				r.add(e.dst, existing) // which some memory behind it may hold
			case foreign:
				r.edge(r.importer.has, edge{edgeCopy, e.dst, 0})
			}
		} else if t.isType() {
			r.make(t.typ())
			for _, u := range r.partsOf(t.typ()) {
				r.add(e.dst, heldType(u))
			}
			for _, n := range r.p.Behind(r.p.TypeOf(t.typ())) {
				r.edge(n, edge{edgeCopy, e.dst, 0})
			}
		}
	case edgePromote:
		if t.isType() {
			r.p.Embedded(t.typ(), func(u flow.TypeID, n flow.Node) {
				r.make(u)
				r.add(e.dst, heldType(u))
				if n != 0 {
					r.edge(n, edge{edgeCopy, e.dst, 0})
				}
			})
		}
	case edgeTypes:
		if t != existing {
			r.add(e.dst, t)
		}
	case edgePointed:
		switch {
		case t == existing, t.isShifted():
		case t == foreign:
			r.add(e.dst, t)
		case t == anyType || t.isType() && isPointer(r.p.TypeOf(t.typ())):
			r.add(e.dst, anyType) // a loop would make pointers to pointers without end
			if t == anyType {
				r.everyMade(&r.anyPointed, r.point)
			}
		case t.isType():
			u := r.p.PointerTo(t.typ())
			r.make(u)
			r.add(e.dst, heldType(u))
		}
	case edgeHand:
		switch {
		case t == anyType || t == foreign:
			r.p.HandAll(e.dst)
			r.links()
		case t.isType() && !r.handed[handKey{e.dst, t.typ()}]:
			r.handed[handKey{e.dst, t.typ()}] = true
			r.p.HandOver(e.dst, t.typ(), e.aux != 0)
			r.links()
		}
	case edgeEmbed:
		if t.isType() {
			r.dispatch(e.aux, t.typ())
		}
	case edgeSet:
		if t == foreign {
			r.edge(e.dst, edge{edgeCopy, r.importer.has, 0})
		}
	case edgeImport:
		switch {
		case t == anyType:
			r.everyMade(&r.anyImport, func(u flow.TypeID) { r.importer.get(r, r.p.TypeOf(u)) })
		case t.isType():
			r.importer.get(r, r.p.TypeOf(t.typ()))
		}
	case edgeBound:
		if t == existing || t.isShifted() {
			break
		}
		r.add(e.dst, bound)
		if t.isType() && !r.p.IsInterface(t.typ()) {
			set := r.p.Methods(t.typ())
			for i := range set.Len() {
				if m, ok := set.At(i).Obj().(*types.Func); ok && m.Exported() {
					sig := m.Signature()
					r.add(e.dst, heldType(r.p.Type(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))))
				}
			}
		}
	case edgeMove:
		if t == anyType || t.isType() {
			r.add(e.dst, shift(t))
		}
	case edgeSeen, edgeSeenMoved, edgeSeenThere:
		moved := e.kind == edgeSeenMoved || t.isShifted()
		switch t := t.unshifted(); {
		case t == anyType:
			if moved {
				r.seenAnywhere(flow.TypeID(e.aux))
			}
		case t.isFunc():
			r.p.SeenCaptured(r.p.Funcs[t.function()], flow.TypeID(e.aux))
			r.links()
		case t.isType():
			r.seen(t.typ(), flow.TypeID(e.aux), e.kind, moved)
		}
	case edgeSeenBy:
		if t.isType() {
			r.p.SeenAs(flow.TypeID(e.aux), t.typ(), false)
			r.links()
			if e.aux == 0 {
				r.edge(e.dst, edge{edgeSeenThere, e.dst, int32(t.typ())})
			}
		}
	case edgeConverts:
		switch {
		case t == anyType:
			r.everyMade(&r.anyConverts, func(u flow.TypeID) { r.p.Converts(r.p.TypeOf(u)) })
			r.links()
		case t.isType():
			r.p.Converts(r.p.TypeOf(t.typ()))
			r.links()
		}
	case edgeMethods:
		switch {
		case t == anyType:
			r.everyMade(&r.anyMeth, r.exported)
		case t.isType():
			r.exported(t.typ())
		}
	}
}

// A handKey is a type of values behind which a node gets what can be reached.
type handKey struct {
	to flow.Node
	t  flow.TypeID
}

// seen lets memory be seen as another type by an address that may be of type t:
// a pointer, the data of a slice, or, in an interface or out of reflection, the
// place of a value of the type itself.
func (r *reach) seen(t, as flow.TypeID, by edgeKind, moved bool) {
	see := r.p.SeenAs
	if r.many {
		see = func(t, as flow.TypeID, moved bool) {
			if by == edgeSeen {
				r.p.SeenChecked(t, as)
			}
			r.p.SeenAlone(t, as, moved)
		}
	}
	switch u := r.p.TypeOf(t).Underlying().(type) {
	case *types.Pointer:
		t = r.p.Type(u.Elem())
	case *types.Slice:
		see(r.p.Type(u.Elem()), as, moved)
	case *types.Basic:
		switch u.Kind() {
		case types.UnsafePointer, types.Uintptr:
			from := edge{edgeSeenThere, r.p.Loose, int32(as)}
			if moved {
				from.kind = edgeSeenMoved
			}
			if !r.loose[from] {
				r.loose[from] = true
				r.edge(r.p.Loose, from)
			}
		}
	}
	see(t, as, moved)
	r.links()
}

// seenAnywhere lets pointers to a type lead to all parts of that type in values
// of all types: an address that may be of any type was moved, and is seen as
// such a pointer.
func (r *reach) seenAnywhere(as flow.TypeID) {
	if r.anySeen[as] {
		return
	}
	r.anySeen[as] = true
	r.p.SeenAnywhere(as)
	done := false
	r.everyMade(&done, func(t flow.TypeID) { r.p.PointInto(t, as) })
	r.links()
}

// everyMade calls f, the first time, with all types of values in interfaces; done remembers that, and has make see to those that
// come later.
func (r *reach) everyMade(done *bool, f func(flow.TypeID)) {
	if *done {
		return
	}
	*done = true
	r.meets = append(r.meets, f)
	stock := r.stock // what comes meanwhile is met by others
	for _, t := range slices.Clip(r.madeList) {
		f(t)
	}
	if stock != nil {
		for _, t := range stock.madeList {
			if !r.made[t] {
				f(t)
			}
		}
	}
}

// meet does with a type what the first so many have asked for that is to be done with all.
func (r *reach) meet(t flow.TypeID, count int) {
	for i := range count {
		r.meets[i](t)
		r.links()
	}
}

// meetIface has the calls on values of any type that go by an interface call the methods of a type.
func (r *reach) meetIface(t, iface flow.TypeID) {
	if r.passes(heldType(t), iface) {
		for _, s := range r.anySites[iface] {
			r.dispatch(s, t)
		}
	}
}

// point makes pointers to values of a type, but not to pointers.
func (r *reach) point(t flow.TypeID) {
	if !isPointer(r.p.TypeOf(t)) {
		r.make(r.p.PointerTo(t))
	}
}

// make notes that values of the type are put into interfaces: reflection may take them apart.
func (r *reach) make(t flow.TypeID) {
	if r.isMade(t) {
		return
	}
	r.made[t] = true
	r.madeList = append(r.madeList, t)
	r.covered.Add(r.number(heldType(t)))
	for i := 0; i < len(r.anyIfaces); i++ {
		r.meetIface(t, r.anyIfaces[i])
	}
	r.meet(t, len(r.meets))
	if sig, ok := r.p.TypeOf(t).Underlying().(*types.Signature); ok {
		if typ := r.p.Type(sig); !r.inInterfaces(typ) {
			r.madeFuncs[typ] = true
			r.eachTaken(typ, r.callable)
		}
	}
	for _, u := range r.partsOf(t) {
		r.make(u)
	}
}

// makeAll is make for types of which reflection may make values.
func (r *reach) makeAll(list []types.Type) {
	for _, t := range list {
		r.make(r.p.Type(t))
	}
}

// signature lists the types of a function's parameters and results, none of another type.
func signature(t types.Type) []types.Type {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	out := paramTypes(sig)
	for v := range sig.Results().Variables() {
		out = append(out, v.Type())
	}
	return out
}
