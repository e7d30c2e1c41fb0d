package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A mask is a set of up to 64 variables that are traced together.
type mask = uint64

// A source is a variable to be traced: what leads to its memory, and the types that are found in that.
type source struct {
	global *flow.Global
	types  typeSet                 // the types of what is found in its memory
	funcs  bitset.Set[flow.FuncID] // the functions found there
	exact  bool                    // its slices have no room behind their length
	flat   bool                    // nothing can be written through what it holds
}

// Marks say what a node may lead to.
type marks struct {
	refs  mask // whose memory
	room  mask // the same, by slices that may have room behind their length
	boxed mask // the same, by the slice of a call's variadic arguments: that holds addresses of the memory
	deep  mask // the same, by such slices in such slices
	near  mask // the same, and not only because reflection read it in other memory
	read  mask // the same, and because reflection read it in other memory, or took it out of a larger value
	num   mask // the same, by a number, in an interface
	place mask // the same, and a value of package reflect does not only stand for what holds a reference to it
}

// leads returns the marks of what leads to some variables' memory.
func leads(to mask) marks { return marks{refs: to, near: to, place: to} }

func (m marks) without(dead mask) marks {
	return marks{m.refs &^ dead, m.room &^ dead, m.boxed &^ dead, m.deep &^ dead, m.near &^ dead, m.read &^ dead, m.num &^ dead, m.place &^ dead}
}

func (m marks) with(o marks) marks {
	return marks{m.refs | o.refs, m.room | o.room, m.boxed | o.boxed, m.deep | o.deep, m.near | o.near, m.read | o.read, m.num | o.num, m.place | o.place}
}

// cover reports whether m has all marks of o.
func (m *marks) cover(o *marks) bool {
	return o.refs&^m.refs|o.room&^m.room|o.boxed&^m.boxed|o.deep&^m.deep == 0 &&
		o.near&^m.near|o.read&^m.read|o.num&^m.num|o.place&^m.place == 0
}

// A trace follows references to the memory of some variables through a graph. All that can be reached from a
// variable counts as its memory.
type trace struct {
	g            *graph
	marks        []marks                 // by index of a node
	roomy        mask                    // variables all of whose slices may
	flat         mask                    // variables whose content leads nowhere
	home         map[flow.TypeID]mask    // by type: in whose memory there are values of it
	carriers     byType                  // the same, with what references to the memory were converted to
	lists        byType                  // by type: what was converted to it
	boxes        map[flow.TypeID]mask    // by type of pointers into boxes: what lies in there
	passing      map[flow.TypeID]mask    // cache of pass, for interfaces and parametric types
	wanted       *wanted                 // the types that were ever in there
	all          mask                    // all that were started
	whole        typeSet                 // types that carry all, and to which all was converted
	recast       byType                  // by type: what was carried to all that can be reached from values of it
	blocked      map[flow.TypeID][]int32 // nodes from which something was not let on to a type
	captors      map[flow.FuncID]mask    // functions that lie in the variables' memory
	front        frontier
	queued       []bool
	touched      []int32 // nodes with marks
	settable     mask    // variables of which reflection sets something where it comes upon it
	packed       mask    // variables of which something that reflection sets was put into an interface
	shown        mask    // variables of which reflection comes upon something in an interface
	replaced     hollows // variables upon whose hollow memory reflection comes, see replace.go
	packedHollow hollows // variables of which a reference to hollow memory was put into an interface
	wild         mask    // of any type
	vast         mask    // variables in whose memory there are values of nearly all types
	alike        mask    // of any type that their types convert to
	dead         mask    // not followed any more
	modest       bool    // reflection sets what is settable by the variable's own type, and reads no numbers, nor what it made

	done  func() bool                      // says when to stop, if not nil
	from  []origin                         // if not nil: how each node was reached first; done is asked at each then
	level []uint8                          // with from: of approximations on the way, as weight counts them
	avoid func(flow.FuncID) bool           // with from: functions in which steps count as approximations
	found func(n int32, e event, who mask) // called for what happens after initialisation
	early func(e event, who mask)          // called for what else happens, if not nil
}

// An origin is the step by which a node was reached first.
type origin struct {
	node int32
	step int32
}

// In place of a node: not reached, and where a variable starts.
const (
	nowhere = -1 - iota
	itself
)

func newTrace(g *graph) *trace {
	t := &trace{g: g, wanted: newWanted(), marks: make([]marks, len(g.nodes)), queued: make([]bool, len(g.nodes))}
	t.reset()
	return t
}

// reset makes t a new trace; it is much cheaper than that when little was reached.
func (t *trace) reset() {
	for _, i := range t.touched {
		t.marks[i], t.queued[i] = marks{}, false
		if t.from != nil {
			t.from[i].node = nowhere
		}
	}
	t.front.clear()
	clear(t.carriers)
	clear(t.lists)
	clear(t.recast)
	clear(t.whole)
	*t = trace{
		g: t.g, marks: t.marks, queued: t.queued, from: t.from, level: t.level, avoid: t.avoid, touched: t.touched[:0], front: t.front,
		home: map[flow.TypeID]mask{}, carriers: t.carriers, recast: t.recast, lists: t.lists, boxes: map[flow.TypeID]mask{}, passing: map[flow.TypeID]mask{}, wanted: t.wanted, whole: t.whole,
		blocked: map[flow.TypeID][]int32{}, captors: map[flow.FuncID]mask{},
	}
}

// start enters a variable under a bit.
func (t *trace) start(s source, bit mask) {
	if s.types.Len() > t.g.most {
		t.vast |= bit
		t.wild |= bit
		s.types = nil
	}
	s.types.Each(func(typ flow.TypeID) {
		t.carriers.add(typ, bit)
		if !t.g.r.p.IsInterface(typ) {
			t.home[typ] |= bit
		}
		for _, kind := range t.g.r.p.Kinds(typ) {
			t.carriers.add(kind, bit)
		}
	})
	s.funcs.Each(func(f flow.FuncID) { t.captors[f] |= bit })
	t.all |= bit
	if s.flat {
		t.flat |= bit
	}
	if t.g.sets(s.global) {
		t.settable |= bit
	}
	t.replaceable(s.global, bit)
	if !s.exact {
		t.roomy |= bit
	}
	if i, ok := t.g.peek(s.global.Addr); ok {
		t.startAt(i, bit)
	}
	if i, ok := t.g.peek(s.global.Content); ok && s.global.Content != 0 && !s.flat {
		t.startAt(i, bit)
	}
}

func (t *trace) startAt(i int32, bit mask) {
	t.hold(i, leads(bit))
	if t.from != nil {
		t.from[i].node, t.level[i] = itself, 0
	}
}

// hold adds to what a node may lead to.
func (t *trace) hold(i int32, m marks) bool {
	all := t.marks[i].with(m.without(t.dead))
	if all == t.marks[i] {
		return false
	}
	if t.marks[i] == (marks{}) {
		t.touched = append(t.touched, i)
	}
	t.marks[i] = all
	t.requeue(i)
	return true
}

// run follows all references to their end, or until done.
func (t *trace) run() {
	for t.front.left > 0 {
		i := t.front.pop()
		if !t.queued[i] { // it was visited at a lower level
			continue
		}
		t.queued[i] = false
		t.visit(i)
		if t.done != nil && t.done() {
			return
		}
	}
}

func (t *trace) visit(i int32) {
	m := t.marks[i].without(t.dead)
	if m.refs == 0 {
		return
	}
	t.happen(i, m)
	dead := t.dead
	for k := range t.g.steps[i] {
		if t.dead&^dead != 0 {
			m, dead = m.without(t.dead), t.dead
		}
		s := &t.g.steps[i][k]
		if t.from == nil && t.settled(s, &m) {
			continue
		}
		to := t.take(i, s, m)
		if t.from == nil || to == (marks{}) {
			t.hold(s.to, to)
			continue
		}
		if weight := t.reach(i, int32(k), s); !t.hold(s.to, to) || weight > 0 {
			continue
		}
		// Some nodes have hundreds of thousands of steps: where one leads to what was looked for, the others need not be taken.
		if t.happen(s.to, t.marks[s.to]); t.done != nil && t.done() {
			return
		}
	}
}

// settled reports whether a step that carries marks on as they are, or fewer of
// them, leads to a node that has them all. Most steps of a trace are of this
// kind: links between pieces of memory that hold the same.
func (t *trace) settled(s *step, m *marks) bool {
	switch s.kind {
	case stepCopy, stepTie, stepCall, stepKeep, stepOut:
	case stepReturn:
		if s.boxes {
			return false
		}
	case stepRecast:
		if m.refs&^t.wild&^t.recast.of(flow.TypeID(s.aux)) != 0 {
			return false
		}
	default:
		return false
	}
	return t.marks[s.to].cover(m)
}

// happen tells of what happens at a node.
func (t *trace) happen(i int32, m marks) {
	written := m.refs // and not a box in which their addresses lie
	if len(t.g.events[i]) > 0 {
		if typ := t.g.types[i]; typ != 0 {
			written = t.filter(i, m.refs, 0, typ)
		} else if typ := t.g.r.p.ListType(t.g.nodes[i]); typ != 0 {
			written = t.listed(i, m.refs, typ)
		}
	}
	for _, e := range t.g.events[i] {
		who := written &^ t.dead
		if e.reflects {
			who &= m.near | t.settable | t.replaced.of(e.replaces)
		}
		switch e.kind {
		case flow.Put:
			who &= m.place
		case flow.Append:
			who &= m.room | t.roomy
		case flow.Unknown:
			who |= (m.boxed | m.deep) &^ t.dead
		}
		switch {
		case who == 0:
		case e.after:
			t.found(i, e, who)
		case t.early != nil:
			t.early(e, who)
		}
	}
}

// take returns what a step from node i leads to.
func (t *trace) take(i int32, s *step, m marks) marks {
	switch s.kind {
	case stepContent:
		m = marks{refs: m.refs&^t.flat | m.boxed, boxed: m.deep, deep: m.deep, near: m.near, read: m.read, num: m.num & m.boxed, place: ^mask(0)}
	case stepBox:
		m.boxed, m.deep = m.boxed|m.refs, m.deep|m.boxed
		t.box(flow.TypeID(s.aux), m.refs)
	case stepRead:
		t.show(i, m.near)
		m.near, m.read, m.place = 0, m.refs, 0
		if t.modest && (s.aux != 0 || t.g.nodes[i] == t.g.r.p.Reflected) {
			return marks{}
		}
		if s.aux != 0 {
			m.num = m.refs
		}
	case stepPlace:
		m.place, m.read = m.refs, m.refs
	case stepPart:
		m.room = m.refs
	case stepAssert, stepReceive, stepIn:
		if t.g.r.p.IsNumber(flow.TypeID(s.aux)) {
			m.refs &= m.num | t.wild
			break
		}
		refs := t.filter(i, m.refs, m.boxed, flow.TypeID(s.aux))
		far := m.refs & m.read &^ refs         // reflection may have made the struct in which they lie
		if t.g.r.importer != nil || s.in < 0 { // or an importer
			far = m.refs &^ refs
		}
		if far != 0 {
			for _, part := range t.g.r.p.LeafTypes(flow.TypeID(s.aux)) {
				if part != flow.TypeID(s.aux) {
					refs |= t.filter(i, far, 0, part)
				}
			}
		}
		m.refs = refs
		m.near |= m.refs & (t.home[flow.TypeID(s.aux)] | t.vast)
	case stepMake:
		if t.g.r.p.IsNumber(flow.TypeID(s.aux)) {
			m.num = m.refs
		}
		t.carryIn(flow.TypeID(s.aux), m.refs)
		t.list(flow.TypeID(s.aux), m.refs&^m.boxed)
		t.pack(i, flow.TypeID(s.aux), m.near)
	case stepConvert:
		t.carry(flow.TypeID(s.aux), m.refs)
		t.list(flow.TypeID(s.aux), m.refs)
	case stepRetype:
		t.unbind(m.refs)
		m.near = m.refs // of another type, whatever its own shows to reflection
	case stepLike:
		t.liken(m.refs)
	case stepRecast:
		typ := flow.TypeID(s.aux)
		if refs := m.refs &^ t.wild &^ t.recast.of(typ); refs != 0 {
			t.recast.add(typ, refs)
			t.recastAll(t.g.contents.of(typ), refs)
		}
	case stepReturn:
		if s.boxes {
			for v := range t.g.r.p.Funcs[s.aux].SSA().Signature.Results().Variables() {
				if !types.IsInterface(v.Type()) {
					t.carryIn(t.g.r.p.Type(v.Type()), m.refs)
				}
			}
		}
	case stepCapture:
		m.refs &= t.captors[flow.FuncID(s.aux)] | t.wild
	}
	if typ := t.g.types[s.to]; typ != 0 {
		m.refs = t.filter(i, m.refs, m.boxed, typ)
	}
	m.room &= m.refs
	m.boxed &= m.refs
	m.deep &= m.refs
	m.near &= m.refs
	m.read &= m.refs
	m.num &= m.refs
	m.place &= m.refs
	return m
}

func (t *trace) requeue(i int32) {
	if !t.queued[i] {
		t.queued[i] = true
		if t.level != nil {
			t.front.push(i, t.level[i])
		} else {
			t.front.push(i, 0)
		}
	}
}

// box notes that references lie in the slice of a call's variadic arguments, of type t. That slice is not the variables'
// memory, so pointers into it are not of the types that are found there.
func (t *trace) box(typ flow.TypeID, refs mask) {
	p := t.g.r.p
	if !flow.HasRefs(p.TypeOf(typ)) && !p.IsNumber(typ) {
		return
	}
	if ptr := p.PointerTo(typ); t.boxes[ptr]|refs != t.boxes[ptr] {
		t.boxes[ptr] |= refs
		t.release(ptr)
	}
	switch u := p.TypeOf(typ).Underlying().(type) {
	case *types.Struct:
		for v := range u.Fields() {
			t.box(p.Type(v.Type()), refs)
		}
	case *types.Array:
		t.box(p.Type(u.Elem()), refs)
	}
}
