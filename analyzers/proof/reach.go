package proof

import (
	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
	"golang.org/x/tools/go/ssa"
)

const (
	// anyType stands for a value of any type that the program has.
	anyType held = -1
	// foreign stands for a value of an importer's own type, or a function of its own.
	foreign held = -2
	// existing says that what reflection finds in a value may have been there before, and not in new memory.
	existing held = -3
	// bound stands for a method as a function, made by reflection.
	bound held = -4
	// firstShifted is the address of a value of any type, which was moved.
	firstShifted held = -5
)

type edgeKind uint8

const (
	edgeCopy   edgeKind = iota
	edgeAssert          // as far as it is of type aux
	edgeMake            // functions alone
	edgeInvoke          // aux is a call whose interface this is
	edgeCall            // aux is a call whose function this is
	edgeExpose
	edgeMethods
	edgeDerive
	edgePromote
	edgePointed
	edgeHand
	edgeTypes
	edgeBound
	edgeMove
	edgeSeen      // what dst, the node itself, leads to is seen as type aux
	edgeSeenMoved // the same, but its address was moved
	edgeSeenThere // as edgeSeen, what is stored in memory or put into interfaces leads to
	edgeSeenBy    // memory of type aux, or what dst leads to, is seen as the type
	edgeConverts
	edgeImport // an importer can look into it
	edgeEmbed  // its method, aux is a call of that, may be promoted to an importer's type
	edgeSet    // what dst holds is put into it, which may be an importer's
)

type edge struct {
	kind edgeKind
	dst  flow.Node
	aux  int32
}

// A site is a call in the state of one reach.
type site struct {
	call   *flow.Call
	in     flow.FuncID
	callee map[flow.FuncID]bool // those in list, when they are many
	list   []flow.FuncID        // the functions called, in the order in which they were found
	open   bool                 // an importer's function or method may be called
	made   bool                 // it may call functions that reflection made
	first  flow.FuncID          // for such a hub: where one of the calls is
	hub    int32                // if not 0: the site that stands for all calls of the method on values of any type
}

// A reach is what can be executed from some functions on: which functions, and whom their calls reach. It follows the
// types that interfaces hold and the functions that variables hold through the whole of that, and nothing else, so
// a call reaches what a value that flows there has for a method (x/tools' vta is the model; here the functions are
// found while the types flow).
type reach struct {
	p     *flow.Program
	nodes states
	sites []*site
	calls map[flow.FuncID][]int32 // a function's sites, in the order of its Calls

	active      map[flow.FuncID]bool
	caller      map[flow.FuncID]int32 // the site from which a function was found
	order       []flow.FuncID         // the active ones, in the order in which they were found
	roots       []flow.FuncID         // those that are executed by somebody who is not followed
	read        int                   // how many of them have been read
	linked      int
	queue       []*state  // those with something pending
	spare       [][]int32 // lists that each made, to be used again
	joins       int32     // how many circles have become one state
	edges       int
	nextCircles int // the number of edges at which to look for circles

	*numbers
	impls map[flow.TypeID]*implList
	hubs  map[hubKey]int32

	covered     bitset.Set[int32]    // what anyType stands for, so that it need not be held besides
	made        map[flow.TypeID]bool // types of values in interfaces, and what these consist of
	madeList    []flow.TypeID
	taken       map[flow.FuncID]bool // functions used as values
	takenIn     []flow.FuncID
	takenOf     map[flow.TypeID][]flow.FuncID // the same, by type
	madeFuncs   map[flow.TypeID]bool          // types of functions that are put into interfaces
	anyIfaces   []flow.TypeID                 // the interfaces of anySites, in the order in which they came
	anySites    map[flow.TypeID][]int32       // calls on values of any type, by interface
	anyFuncs    []int32                       // calls of functions of any make
	anyMeth     bool
	anyExposed  bool
	anyPointed  bool
	anyConverts bool
	anyImport   bool
	meets       []func(flow.TypeID) // what these have asked for that is to be done with all types made
	unasked     []flow.FuncID       // called by reflection

	stock    *stock               // what anyType stands for besides; nil before a value of any type is seen
	importer *importer            // of a program's libraries, or nil
	seeds    *memory              // if not nil: what memory holds from elsewhere
	sights   []sight              // to be followed last
	many     bool                 // the address that is being seen as a type may be of very many, see manySeen
	anySeen  map[flow.TypeID]bool // types as which moved addresses of unknown memory are seen
	loose    map[edge]bool        // how addresses are seen that were put into interfaces without a type
	handed   map[handKey]bool     // what has been handed over
	gate     *gate                // if not nil: what holds back what reflection stores
	opened   map[flow.Node]bool   // the memory for which it has been opened
	ties     []flow.Op            // and what leads there
	// late, if not nil, reports whether a function belongs to a package that is not initialised yet. Nothing can call such
	// a function by a value: no code of the package has run that could have passed one on.
	late func(flow.FuncID) bool
	// stop, if not nil, ends the work when it has been asked about a function and says so.
	stop func(*flow.Func) bool
	// only, if not nil, keeps other functions, literals apart, from being read.
	only map[*ssa.Function]bool
	// seed, if not nil, is asked for what variables hold from elsewhere when the first function mentions them.
	seed func(r *reach, g *flow.Global)
}

func newReach(p *flow.Program, n *numbers) *reach {
	return &reach{
		p: p, numbers: n, linked: len(p.Links()), nextCircles: firstCircles, calls: map[flow.FuncID][]int32{}, active: map[flow.FuncID]bool{}, caller: map[flow.FuncID]int32{},
		impls: map[flow.TypeID]*implList{}, hubs: map[hubKey]int32{}, sites: []*site{{call: new(flow.Call), in: -1, first: -1}}, anySites: map[flow.TypeID][]int32{},
		handed: map[handKey]bool{}, loose: map[edge]bool{}, anySeen: map[flow.TypeID]bool{},
		made: map[flow.TypeID]bool{}, taken: map[flow.FuncID]bool{}, takenOf: map[flow.TypeID][]flow.FuncID{}, madeFuncs: map[flow.TypeID]bool{},
	}
}

// at returns the state of a node, with what ties it to others.
func (r *reach) at(n flow.Node) *state {
	s := r.nodes.at(n)
	if !s.linked {
		s.linked = true
		if r.gate != nil && n == r.p.Reflected {
			r.unlock()
			return s
		}
		if r.gate == nil {
			for _, i := range r.p.LinksFrom(n) {
				r.tie(r.p.Links()[i])
			}
			return s
		}
		for _, op := range r.gate.links[r.gate.of(n)] {
			r.tie(op)
		}
	}
	return s
}

func (r *reach) add(n flow.Node, t held) {
	if n == 0 {
		return
	}
	r.addAll(n, &heldSet{small: []int32{r.number(t)}})
}

func (r *reach) addAll(n flow.Node, set *heldSet) {
	if n == 0 || set.empty() {
		return
	}
	s := r.at(n)
	was := s.holds.has(anyIndex)
	var skip bitset.Set[int32]
	if was {
		skip = r.covered
	}
	if s.holds.addAll(set, &s.pending, skip) {
		r.enqueue(s)
	}
	if !was && s.holds.has(anyIndex) {
		s.holds.drop(r.covered)
		s.pending.drop(r.covered)
	}
}

func (r *reach) enqueue(s *state) {
	if !s.queued {
		s.queued = true
		r.queue = append(r.queue, s)
	}
}

func (r *reach) edge(from flow.Node, e edge) {
	if from == 0 {
		return
	}
	if r.gate != nil {
		if n := r.gate.of(from); r.gate.has.Has(n) {
			r.asked(n)
		}
	}
	r.lead(from, e)
}

// lead is edge for memory that is tied to other memory.
func (r *reach) lead(from flow.Node, e edge) {
	s := r.nodes.at(from)
	if e.kind == edgeCopy && r.nodes.peek(e.dst) == s {
		return
	}
	s.succ = append(s.succ, e)
	r.edges++
	if len(s.succ) == 1 && r.seeds != nil {
		r.seedAt(s)
	}
	if !s.holds.empty() {
		r.follow(e, &s.holds)
	}
}

// begin has a function executed by somebody who is not followed.
func (r *reach) begin(f *flow.Func) {
	r.roots = append(r.roots, f.ID)
	r.activate(f)
}

// activate has a function executed.
func (r *reach) activate(f *flow.Func) {
	if r.only != nil && f.SSA().Parent() == nil && f.SSA().Synthetic == "" && !r.only[f.SSA()] {
		return
	}
	if !r.active[f.ID] {
		r.active[f.ID] = true
		r.order = append(r.order, f.ID)
	}
}

// run follows everything to the end.
func (r *reach) run() {
	for r.read < len(r.order) || len(r.queue) > 0 || len(r.sights) > 0 {
		if r.read == len(r.order) && len(r.queue) == 0 {
			r.look()
		}
		for r.read < len(r.order) {
			f := r.p.Body(r.p.Funcs[r.order[r.read]])
			r.enter(f)
			if r.stop != nil && r.stop(f) {
				return
			}
		}
		// What comes in the meantime waits for the next round: the longer it waits, the more is followed at once.
		if r.edges > r.nextCircles {
			r.circles()
		}
		round := r.queue
		r.queue = nil
		for _, s := range round {
			s.queued = false
			set := s.pending
			s.pending = heldSet{}
			for i := 0; i < len(s.succ); i++ {
				r.follow(s.succ[i], &set)
			}
		}
	}
}

// enter takes up the next function.
func (r *reach) enter(f *flow.Func) {
	r.read++
	r.links()
	for i := range f.Calls {
		r.calls[f.ID] = append(r.calls[f.ID], int32(len(r.sites)))
		r.sites = append(r.sites, &site{call: &f.Calls[i], in: f.ID})
	}
	if r.seed != nil {
		for _, m := range f.Mentions {
			r.seed(r, m.Global)
		}
	}
	for _, op := range f.Ops {
		r.op(f, op)
	}
}

// links takes up what new function bodies have tied together.
func (r *reach) links() {
	r.p.Alike()
	for r.linked < len(r.p.Links()) { // more may come meanwhile
		op := r.p.Links()[r.linked]
		r.linked++
		r.newTie(op)
	}
}

func (r *reach) op(f *flow.Func, op flow.Op) {
	switch op.Kind {
	case flow.Copy, flow.Convert, flow.Retype, flow.Like, flow.Types:
		r.edge(op.B, edge{edgeCopy, op.A, 0})
	case flow.Recast:
		if op.C == 0 { // else the type is known, see flow.Address
			r.edge(op.B, edge{edgeCopy, op.A, 0})
		}
	case flow.Reslice, flow.Box, flow.Only, flow.Part:
		r.edge(op.B, edge{edgeCopy, op.A, 0})
	case flow.Assert:
		r.edge(op.B, edge{edgeAssert, op.A, op.C})
	case flow.Make:
		r.make(flow.TypeID(op.C))
		r.add(op.A, heldType(flow.TypeID(op.C)))
		if op.B != 0 {
			r.edge(op.B, edge{edgeMake, op.A, op.C})
		}
	case flow.Load:
		r.edge(op.B, edge{edgeCopy, op.A, 0})
		r.edge(flow.Node(op.C), edge{edgeCopy, op.A, 0})
	case flow.Field:
		r.edge(flow.Node(op.C), edge{edgeCopy, op.A, 0})
	case flow.Store, flow.Fill:
		r.edge(op.B, edge{edgeCopy, flow.Node(op.C), 0})
	case flow.Value:
		id := flow.FuncID(op.C)
		r.take(id)
		r.add(op.A, heldFunc(id))
	case flow.Derive:
		r.edge(op.B, edge{edgeDerive, op.A, 0})
	case flow.Promote:
		r.edge(op.B, edge{edgePromote, op.A, 0})
	case flow.Reach:
		r.edge(op.B, edge{edgeDerive, op.A, 0})
		r.edge(op.A, edge{edgeDerive, op.A, 0})
	case flow.Hand:
		r.edge(op.B, edge{edgeHand, op.A, op.C})
	case flow.Pointed:
		r.edge(op.B, edge{edgePointed, op.A, 0})
	case flow.Described:
		r.edge(op.B, edge{edgeTypes, op.A, 0})
	case flow.Bound:
		r.edge(op.B, edge{edgeBound, op.A, 0})
	case flow.Address:
		r.add(op.A, heldType(flow.TypeID(op.C)))
	case flow.Seen:
		r.edge(op.B, edge{edgeSeen, op.B, op.C})
	case flow.SeenBy:
		r.edge(op.B, edge{edgeSeenBy, op.A, op.C})
	case flow.Moved:
		r.edge(op.A, edge{edgeMove, op.A, 0})
	case flow.Converts:
		r.edge(op.B, edge{edgeConverts, 0, 0})
	case flow.Set:
		r.edge(op.A, edge{edgeSet, op.B, 0})
	case flow.Existing:
		r.add(op.A, existing)
	case flow.Any:
		r.add(op.A, anyType)
	case flow.Expose:
		r.edge(op.A, edge{edgeExpose, 0, 0})
	case flow.Methods:
		r.edge(op.A, edge{edgeMethods, 0, 0})
	case flow.Invoke:
		id := r.calls[f.ID][op.C]
		s := r.sites[id]
		switch {
		case s.call.Static >= 0:
			r.connect(id, r.p.Instance(r.p.Funcs[s.call.Static], f, int(op.C)))
		case s.call.Method != nil:
			r.edge(s.call.Target, edge{edgeInvoke, 0, id})
		default:
			r.edge(s.call.Target, edge{edgeCall, 0, id})
		}
	}
}
