package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A mask is a set of up to 64 variables that are traced together.
type mask = uint64

// A source is a variable to be traced: what leads to its memory, and the types that are found in that.
type source struct {
	global *flow.Global
	types  typeSet // the types of what is found in its memory
	funcs  typeSet // the functions found there
	exact  bool    // its slices have no room behind their length
	flat   bool    // nothing can be written through what it holds
}

// A trace follows references to the memory of some variables through a graph. All that can be reached from a
// variable counts as its memory.
type trace struct {
	g        *graph
	refs     []mask // by index of a node: whose memory it may lead to
	room     []mask // the same, by slices that may have room behind their length
	roomy    mask   // variables all of whose slices may
	flat     mask   // variables whose content leads nowhere
	carriers map[flow.TypeID]mask
	passing  map[flow.TypeID]mask    // cache of pass, for interfaces
	blocked  map[flow.TypeID][]int32 // nodes from which something was not let on to a type
	captors  map[flow.FuncID]mask    // functions that lie in the variables' memory
	queue    []int32
	queued   []bool
	wild     mask // of any type
	dead     mask // not followed any more

	from  []origin // if not nil: how each node was reached first
	found func(n int32, e event, who mask)
}

type origin struct {
	node int32
	step int32
}

func newTrace(g *graph) *trace {
	return &trace{
		g: g, refs: make([]mask, len(g.nodes)), room: make([]mask, len(g.nodes)), queued: make([]bool, len(g.nodes)),
		carriers: map[flow.TypeID]mask{}, passing: map[flow.TypeID]mask{},
		blocked: map[flow.TypeID][]int32{}, captors: map[flow.FuncID]mask{},
	}
}

// start enters a variable under a bit.
func (t *trace) start(s source, bit mask) {
	s.types.each(func(typ flow.TypeID) { t.carriers[typ] |= bit })
	s.funcs.each(func(f flow.TypeID) { t.captors[flow.FuncID(f)] |= bit })
	if s.flat {
		t.flat |= bit
	}
	if !s.exact {
		t.roomy |= bit
	}
	if i, ok := t.g.index[s.global.Addr]; ok {
		t.hold(i, bit, 0)
	}
	if i, ok := t.g.index[s.global.Content]; ok && s.global.Content != 0 && !s.flat {
		t.hold(i, bit, 0)
	}
}

// hold adds to what a node may lead to.
func (t *trace) hold(i int32, refs, room mask) bool {
	refs &^= t.dead
	room &^= t.dead
	if t.refs[i]|refs == t.refs[i] && t.room[i]|room == t.room[i] {
		return false
	}
	t.refs[i] |= refs
	t.room[i] |= room
	if !t.queued[i] {
		t.queued[i] = true
		t.queue = append(t.queue, i)
	}
	return true
}

// run follows all references to their end, or until done.
func (t *trace) run(done func() bool) {
	for next := 0; next < len(t.queue); next++ {
		i := t.queue[next]
		t.queued[i] = false
		if next > 1<<16 && next > len(t.queue)/2 {
			t.queue = append(t.queue[:0], t.queue[next+1:]...)
			next = -1
		}
		t.visit(i)
		if done != nil && done() {
			return
		}
	}
	t.queue = t.queue[:0]
}

func (t *trace) visit(i int32) {
	refs, room := t.refs[i]&^t.dead, t.room[i]&^t.dead
	if refs|room == 0 {
		return
	}
	for _, e := range t.g.events[i] {
		who := refs
		if e.kind == flow.Append {
			who = room | refs&t.roomy
		}
		if who &^= t.dead; who != 0 {
			t.found(i, e, who)
		}
	}
	for k := range t.g.steps[i] {
		s := &t.g.steps[i][k]
		refs, room := refs, room
		switch s.kind {
		case stepContent:
			refs, room = refs&^t.flat, 0
		case stepPart:
			room = refs
		case stepAssert, stepReceive:
			refs = t.filter(i, refs, flow.TypeID(s.aux))
		case stepMake, stepConvert:
			t.carry(flow.TypeID(s.aux), refs)
		case stepRecast:
			t.g.contents.of(flow.TypeID(s.aux)).each(func(c flow.TypeID) { t.carry(c, refs) })
		case stepCapture:
			refs &= t.captors[flow.FuncID(s.aux)] | t.wild
		}
		if typ := t.g.types[s.to]; typ != 0 {
			refs = t.filter(i, refs, typ)
		}
		if t.hold(s.to, refs, room&refs) && t.from != nil && t.from[s.to].node < 0 {
			t.from[s.to] = origin{i, int32(k)}
		}
	}
}

// filter keeps back those references at node i that cannot be of a type.
func (t *trace) filter(i int32, refs mask, typ flow.TypeID) mask {
	pass := t.pass(typ) | t.wild
	if refs&^pass != 0 {
		t.blocked[typ] = append(t.blocked[typ], i)
	}
	return refs & pass
}

// pass returns the variables in whose memory there are values of a type.
func (t *trace) pass(typ flow.TypeID) mask {
	iface, ok := t.g.r.p.TypeOf(typ).Underlying().(*types.Interface)
	if !ok {
		return t.carriers[typ]
	}
	if iface.NumMethods() == 0 {
		return ^mask(0)
	}
	m, ok := t.passing[typ]
	if !ok {
		for _, c := range t.g.implementers(typ) {
			m |= t.carriers[c]
		}
		t.passing[typ] = m
	}
	return m
}

// carry notes that references to variables lie in values of a type. What was kept back because of that is looked at
// again.
func (t *trace) carry(typ flow.TypeID, refs mask) {
	if old := t.carriers[typ]; typ == 0 || old|refs == old {
		return
	}
	t.carriers[typ] |= refs
	t.release(typ)
	if ptr, ok := t.g.r.p.TypeOf(typ).Underlying().(*types.Pointer); ok {
		t.carry(t.g.r.p.Type(ptr.Elem()), refs)
	}
	for iface, m := range t.passing {
		if m|refs != m && t.g.r.p.Implements(typ, iface) {
			t.passing[iface] = m | refs
			t.release(iface)
		}
	}
}

func (t *trace) release(typ flow.TypeID) {
	for _, i := range t.blocked[typ] {
		if !t.queued[i] {
			t.queued[i] = true
			t.queue = append(t.queue, i)
		}
	}
	delete(t.blocked, typ)
}
