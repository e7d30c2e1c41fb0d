package proof

import (
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A stock is what a whole program puts into interfaces and uses as functions, for the reaches of single units in which
// values of any type turn up that others made: all share it, and none makes tens of thousands of types anew. But for
// what it works out when it is first asked, it never changes.
type stock struct {
	p         *flow.Program
	made      typeSet
	madeList  []flow.TypeID
	taken     bitset.Set[flow.FuncID]
	takenIn   []flow.FuncID
	takenOf   map[flow.TypeID][]flow.FuncID
	madeFuncs map[flow.TypeID]bool
	covered   bitset.Set[int32]
	impls     map[flow.TypeID][]flow.TypeID
	byMethod  byMethod
	methods   map[stockCall][]*flow.Func
}

type stockCall struct {
	hubKey
	said bool
}

// newStock returns what some set of things comes to. No reach that follows nothing makes anything else of it.
func newStock(p *flow.Program, n *numbers, set *heldSet) *stock {
	r := newReach(p, n)
	set.each(func(i int32) {
		if t := r.things[i]; t.isType() {
			r.make(t.typ())
		} else if t.isFunc() {
			r.take(t.function())
		}
	})
	k := &stock{
		p: p, madeList: r.madeList, takenIn: r.takenIn, takenOf: r.takenOf, madeFuncs: r.madeFuncs, covered: r.covered,
		impls: map[flow.TypeID][]flow.TypeID{}, methods: map[stockCall][]*flow.Func{},
	}
	for _, t := range k.madeList {
		k.made.Add(t)
	}
	for _, f := range k.takenIn {
		k.taken.Add(f)
	}
	return k
}

// implementers lists the types that have an interface's methods.
func (k *stock) implementers(iface flow.TypeID) []flow.TypeID {
	list, ok := k.impls[iface]
	if !ok {
		for _, t := range k.byMethod.having(k.p, iface, k.madeList) {
			if !k.p.IsInterface(t) && k.p.Implements(t, iface) {
				list = append(list, t)
			}
		}
		k.impls[iface] = list
	}
	return list
}

// callees lists what a call on values of any of the types calls.
func (k *stock) callees(c *flow.Call) []*flow.Func {
	key := stockCall{hubKey{c.Iface, c.Method.Id()}, c.Said}
	list, ok := k.methods[key]
	if !ok {
		for _, t := range k.implementers(c.Iface) {
			if m := calledBy(k.p, c, t); m != nil {
				list = append(list, m)
			}
		}
		k.methods[key] = list
	}
	return list
}

// adopt has anyType stand for what the stock has, besides what the reach itself makes. All that is done with a type that is
// made, or a function that is taken, is done with these as far as somebody has asked for it; who asks later sees to
// them himself.
func (r *reach) adopt(k *stock) {
	if r.stock != nil {
		return
	}
	ifaces, funcs, meets, taken := len(r.anyIfaces), len(r.anyFuncs), len(r.meets), len(r.takenIn)
	r.stock = k
	r.covered.Union(k.covered)
	for _, iface := range r.anyIfaces[:ifaces] {
		if r.p.Parametric(iface) || isReflected(r.p.TypeOf(iface)) { // not only implementers go by these
			for _, t := range k.madeList {
				r.meetIface(t, iface)
			}
			continue
		}
		for _, s := range r.anySites[iface] {
			r.dispatchStock(s)
		}
	}
	if meets > 0 {
		for _, t := range k.madeList {
			if !r.made[t] {
				r.meet(t, meets)
			}
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(r.madeFuncs)) {
		for _, f := range k.takenOf[typ] {
			r.callable(f)
		}
	}
	for _, f := range r.takenIn[:taken] {
		if k.madeFuncs[r.funcType(f)] {
			r.callable(f)
		}
	}
	for _, id := range r.anyFuncs[:funcs] {
		r.callTaken(id, k.takenIn, k.takenOf)
	}
}

// dispatchStock has a site call what the stock's types have for its method.
func (r *reach) dispatchStock(id int32) {
	if r.stock != nil {
		for _, m := range r.stock.callees(r.sites[id].call) {
			r.connect(id, m)
		}
	}
}

func (r *reach) isMade(t flow.TypeID) bool {
	return r.made[t] || r.stock != nil && r.stock.made.Has(t)
}

func (r *reach) isTaken(f flow.FuncID) bool {
	return r.taken[f] || r.stock != nil && r.stock.taken.Has(f)
}

// inInterfaces reports whether functions of a type are put into interfaces.
func (r *reach) inInterfaces(t flow.TypeID) bool {
	return r.madeFuncs[t] || r.stock != nil && r.stock.madeFuncs[t]
}

// eachTaken calls f with the functions of a type that are used as values.
func (r *reach) eachTaken(t flow.TypeID, f func(flow.FuncID)) {
	for i := 0; i < len(r.takenOf[t]); i++ { // more may come meanwhile
		f(r.takenOf[t][i])
	}
	if r.stock != nil {
		for _, id := range r.stock.takenOf[t] {
			f(id)
		}
	}
}

// unshare ends the sharing, for one who wants to see all that is made in one list.
func (r *reach) unshare() {
	if r.stock == nil {
		return
	}
	has := bitset.Set[flow.TypeID]{}
	for _, t := range r.madeList {
		has.Add(t)
	}
	for _, t := range r.stock.madeList {
		if !has.Has(t) {
			r.madeList = append(r.madeList, t)
		}
	}
	r.stock = nil
}
