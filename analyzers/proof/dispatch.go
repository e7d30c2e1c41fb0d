package proof

import (
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// callAny has a site call a method on values of any type. All such sites share one, or there would be as many edges as
// sites times implementers.
func (r *reach) callAny(s *site) {
	if s.hub != 0 {
		return
	}
	k := hubKey{s.call.Iface, s.call.Method.Id()}
	id, ok := r.hubs[k]
	if !ok {
		c := &flow.Call{Pos: s.call.Pos, Static: -1, Method: s.call.Method, Iface: s.call.Iface, Said: s.call.Said, Target: r.p.NewNode()}
		for range s.call.Method.Signature().Params().Len() {
			c.Args = append(c.Args, r.p.NewNode())
		}
		for range s.call.Method.Signature().Results().Len() {
			c.Results = append(c.Results, r.p.NewNode())
		}
		id = int32(len(r.sites))
		r.sites = append(r.sites, &site{call: c, in: -1, first: s.in})
		r.hubs[k] = id
		if r.anySites[c.Iface] == nil {
			r.anyIfaces = append(r.anyIfaces, c.Iface)
		}
		r.anySites[c.Iface] = append(r.anySites[c.Iface], id)
		for _, t := range r.implementers(c.Iface) {
			r.dispatch(id, t)
		}
		r.dispatchStock(id)
	}
	s.hub = id
	hub := r.sites[id].call
	r.edge(s.call.Target, edge{edgeCopy, hub.Target, 0})
	for i, a := range s.call.Args {
		if i < len(hub.Args) {
			r.edge(a, edge{edgeCopy, hub.Args[i], 0})
		}
	}
	for i, n := range s.call.Results {
		if i < len(hub.Results) && n != 0 {
			r.edge(hub.Results[i], edge{edgeCopy, n, 0})
		}
	}
}

// callMade has a site call functions that reflection made.
func (r *reach) callMade(s *site) {
	s.made = true
	for _, a := range s.call.Args {
		r.edge(a, edge{edgeCopy, r.p.Given, 0})
	}
	for _, n := range s.call.Results {
		if n != 0 {
			r.edge(r.p.Returned, edge{edgeCopy, n, 0})
		}
	}
}

type hubKey struct {
	iface  flow.TypeID
	method string
}

// add notes that a site calls a function, and reports whether that is new.
func (s *site) add(f flow.FuncID) bool {
	switch {
	case s.callee != nil:
		if s.callee[f] {
			return false
		}
		s.callee[f] = true
	case slices.Contains(s.list, f):
		return false
	case len(s.list) == manyCallees:
		s.callee = map[flow.FuncID]bool{f: true}
		for _, g := range s.list {
			s.callee[g] = true
		}
	}
	s.list = append(s.list, f)
	return true
}

// manyCallees is the number of functions called from which on a site keeps a map of them.
const manyCallees = 16

// implementers lists the types that the reach itself has made so far that have an interface's methods.
func (r *reach) implementers(iface flow.TypeID) []flow.TypeID {
	l := r.impls[iface]
	if l == nil {
		l = new(implList)
		r.impls[iface] = l
	}
	for ; l.upto < len(r.madeList); l.upto++ {
		if t := r.madeList[l.upto]; !r.p.IsInterface(t) && r.p.Implements(t, iface) {
			l.types = append(l.types, t)
		}
	}
	return l.types
}

// An implList lists the implementers of an interface among the first upto types.
type implList struct {
	upto  int
	types []flow.TypeID
}

func (r *reach) dispatch(id int32, t flow.TypeID) {
	if m := calledBy(r.p, r.sites[id].call, t); m != nil {
		r.connect(id, m)
	}
}

// calledBy returns what a call of an interface's method calls if the interface holds a value of type t, or nil.
func calledBy(p *flow.Program, c *flow.Call, t flow.TypeID) *flow.Func {
	if p.IsInterface(t) || c.Said && !p.Implements(t, c.Iface) { // a reflect.Type's types are those that it may describe
		return nil
	}
	if m := p.Method(t, c.Method); m != nil && !(c.Said && m.Word != nil) {
		return m
	}
	return nil
}

// take notes that a function is used as a value.
func (r *reach) take(f flow.FuncID) {
	if r.isTaken(f) {
		return
	}
	r.taken[f] = true
	r.takenIn = append(r.takenIn, f)
	typ := r.funcType(f)
	r.takenOf[typ] = append(r.takenOf[typ], f)
	if r.inInterfaces(typ) {
		r.callable(f)
	}
}

func (r *reach) funcType(f flow.FuncID) flow.TypeID { return r.p.Type(r.p.Funcs[f].SSA().Signature) }

// callable notes that a function, whose type's values are put into interfaces, comes out where anything may.
func (r *reach) callable(f flow.FuncID) {
	r.covered.Add(r.number(heldFunc(f)))
	for i := 0; i < len(r.anyFuncs); i++ {
		r.connectIfTyped(r.anyFuncs[i], f)
	}
}

// callAnyFunc has a site call functions of any make.
func (r *reach) callAnyFunc(id int32) {
	r.anyFuncs = append(r.anyFuncs, id)
	r.callMade(r.sites[id])
	r.callTaken(id, r.takenIn, r.takenOf)
	if r.stock != nil {
		r.callTaken(id, r.stock.takenIn, r.stock.takenOf)
	}
}

// callTaken has a site call those of some functions that come out of interfaces, if they have the wanted type.
func (r *reach) callTaken(id int32, list []flow.FuncID, byType map[flow.TypeID][]flow.FuncID) {
	if sig := r.sites[id].call.Sig; sig != 0 && !r.p.Parametric(sig) {
		list = byType[sig]
	}
	for _, f := range list {
		if r.inInterfaces(r.funcType(f)) {
			r.connectIfTyped(id, f)
		}
	}
}

// connectIfTyped connects a call of any function with one that comes out of an interface, if it has the wanted type.
func (r *reach) connectIfTyped(id int32, f flow.FuncID) {
	if sig := r.sites[id].call.Sig; sig == 0 || r.p.Parametric(sig) || sig == r.funcType(f) {
		r.connect(id, r.p.Funcs[f])
	}
}

func (r *reach) connect(id int32, f *flow.Func) {
	s := r.sites[id]
	if s.call.Static < 0 && r.late != nil && r.late(f.ID) || !s.add(f.ID) {
		return
	}
	if !r.active[f.ID] {
		r.caller[f.ID] = id
	}
	r.activate(f)
	params := f.Params
	if s.call.Method != nil && len(params) > 0 {
		r.receive(s.call.Target, f)
		params = params[1:]
	}
	for i, a := range s.call.Args {
		if i < len(params) && params[i] != 0 {
			r.edge(a, edge{edgeCopy, params[i], 0})
		}
	}
	for i, n := range s.call.Results {
		if i < len(f.Results) && n != 0 {
			r.edge(f.Results[i], edge{edgeCopy, n, 0})
		}
	}
}

// receive gives a method its receiver out of an interface.
func (r *reach) receive(from flow.Node, f *flow.Func) {
	if holdsItself(f) {
		r.edge(from, edge{edgeAssert, f.Params[0], int32(r.p.Type(f.SSA().Signature.Recv().Type()))})
	}
}

// holdsItself reports whether what calls in a method depend on is in its receiver: a function, or a value of package
// reflect. What other receivers have is found in the memory of their types.
func holdsItself(f *flow.Func) bool {
	recv := f.SSA().Signature.Recv()
	if recv == nil {
		return false
	}
	_, ok := recv.Type().Underlying().(*types.Signature)
	return ok || isReflected(recv.Type())
}

// exported calls all exported methods of a type, as reflection may.
func (r *reach) exported(t flow.TypeID) {
	if iface, ok := r.p.TypeOf(t).Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			r.makeAll(signature(m.Type()))
		}
		return
	}
	set := r.p.Methods(t)
	for i := range set.Len() {
		m, ok := set.At(i).Obj().(*types.Func)
		if !ok || !m.Exported() {
			continue
		}
		if f := r.p.Method(t, m); f != nil && (r.late == nil || !r.late(f.ID)) {
			r.unasked = append(r.unasked, f.ID)
			r.activate(f)
			r.makeAll(signature(m.Type()))
			if len(f.Params) > 0 && holdsItself(f) {
				r.add(f.Params[0], anyType)
			}
			for i, n := range f.Params {
				if i > 0 && n != 0 {
					r.edge(r.p.Asked, edge{edgeCopy, n, 0})
				}
			}
			for _, n := range f.Results {
				r.edge(n, edge{edgeCopy, r.p.Answered, 0})
			}
		}
	}
}
