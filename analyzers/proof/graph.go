package proof

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

type stepKind uint8

const (
	stepCopy    stepKind = iota
	stepContent          // what the reference leads to
	stepPart             // a shorter slice
	stepRead             // what reflection reads, a number if aux is not 0
	stepPlace            // what a value of package reflect holds, or a part of that
	stepBox              // into the slice of a call's variadic arguments of type aux
	stepAssert           // as far as it is of type aux
	stepMake             // into an interface, as type aux
	stepConvert          // as type aux, which is laid out as the type before
	stepRetype           // as any type
	stepLike             // as a type to which its own converts
	stepRecast           // as type aux
	stepCall             // an argument
	stepReceive          // the receiver of a method of type aux's
	stepReturn           // a result
	stepCapture          // what function aux has captured
	stepKeep             // into memory
	stepTie              // the same memory, seen otherwise
	stepIn               // an argument of type aux that an importer gives
	stepOut              // an argument of a call, in function aux, of what may be an importer's function
)

// A step leads from one node to another.
type step struct {
	kind  stepKind
	boxes bool // of a result: reflection makes a Value of it
	hub   bool // by a call that stands for all calls of its method: in and pos are those of one of them
	to    int32
	aux   int32
	in    flow.FuncID // the function that does it, -1 for none
	pos   token.Pos
}

// An event changes what a node leads to.
type event struct {
	kind  flow.Kind   // Store, StoreParts, Write, Put, Append, Unknown
	value int32       // what a Store stores, -1 if that holds no references
	by    flow.FuncID // the function whose word or summary says so, -1 for none
	in    flow.FuncID
	after bool // it may happen after initialisation
	pos   token.Pos

	reflects bool       // by package reflect
	replaces *replacing // which hollow memory that writes, see replace.go
}

// A graph is what references can do in the functions of a reach.
type graph struct {
	r        *reach
	contents *contents           // of the whole program
	index    map[flow.Node]int32 // of nodes that are not in links
	links    *memoryLinks        // with which the graph began, or nil
	shared   [][]step            // by index: the first of a node's steps, which are those of links
	linked   int                 // how many of the program's links are in shared
	nodes    []flow.Node         // by index; memory of a type's may be there more than once, see kin
	steps    [][]step
	events   [][]event
	fresh    []int32   // references to new memory
	all      flow.Node // see anything
	bound    flow.Node // what functions are that reflection made

	protects       []protect             // what may make memory executable
	mapped, counts bitset.Set[flow.Node] // addresses of mapped memory, and numbers that are no addresses
	replacers      []int32               // nodes with events that write hollow memory

	types []flow.TypeID            // by index: what limits where a node leads to, see flow.Program.NodeType
	impls map[flow.TypeID]typeSet  // by interface
	like  map[string][]flow.TypeID // types that convert to each other
	most  int                      // types: what may be of more may as well be of any
}

// newGraph resolves all calls of a reach. after says which functions run after
// initialisation. If links is not nil, the graph shares its steps between
// pieces of memory with others.
func newGraph(r *reach, c *contents, after func(flow.FuncID) bool, links *memoryLinks) *graph {
	g := &graph{r: r, contents: c, most: nearlyAll, index: map[flow.Node]int32{}, impls: map[flow.TypeID]typeSet{}}
	if links != nil {
		g.begin(links)
	}
	for _, id := range r.order {
		f := r.p.Funcs[id]
		for _, op := range f.Ops {
			g.op(f, op, after(id))
		}
		for i, s := range r.calls[id] {
			g.call(f.ID, &f.Calls[i], r.sites[s].list)
			if r.sites[s].made {
				g.toMade(f.ID, &f.Calls[i])
			}
			if hub := r.sites[s].hub; hub != 0 {
				g.toHub(f.ID, &f.Calls[i], r.sites[hub].call)
			}
		}
	}
	for _, s := range r.sites {
		if s.in < 0 {
			g.call(s.first, s.call, s.list)
			g.mark(s.call)
			if s.made {
				g.toMade(s.first, s.call)
			}
		}
	}
	if r.importer != nil {
		r.importer.steps(g)
	}
	g.receivers()
	for _, op := range r.p.Links()[g.linked:] {
		g.link(op)
	}
	g.access()
	return g
}

// link enters an operation that links pieces of memory.
func (g *graph) link(op flow.Op) {
	if s, ok := linkStep(op); ok {
		g.step(op.B, op.A, s)
	}
}

// at returns the index of a node.
func (g *graph) at(n flow.Node) int32 {
	i, ok := g.peek(n)
	if !ok {
		i = g.add(n)
		g.index[n] = i
	}
	return i
}

// peek is at for a node that the graph may not have.
func (g *graph) peek(n flow.Node) (int32, bool) {
	if g.links != nil {
		if i, ok := g.links.index[n]; ok && int(i) < len(g.shared) {
			return i, true
		}
	}
	i, ok := g.index[n]
	return i, ok
}

// add returns a new index for a node.
func (g *graph) add(n flow.Node) int32 {
	g.nodes = append(g.nodes, n)
	g.steps = append(g.steps, nil)
	g.events = append(g.events, nil)
	g.types = append(g.types, g.r.p.NodeType(n))
	return int32(len(g.nodes) - 1)
}

func (g *graph) step(from, to flow.Node, s step) {
	if from != 0 && to != 0 && from != to {
		s.to = g.at(to)
		i := g.at(from)
		g.steps[i] = append(g.steps[i], s)
	}
}

func (g *graph) op(f *flow.Func, op flow.Op, after bool) {
	at := func(from, to flow.Node, kind stepKind, aux int32) {
		g.step(from, to, step{kind: kind, aux: aux, in: f.ID, pos: op.Pos})
	}
	switch op.Kind {
	case flow.Copy, flow.Hold:
		at(op.B, op.A, stepCopy, 0)
	case flow.Convert:
		at(op.B, op.A, stepConvert, int32(g.r.p.NodeType(op.A)))
	case flow.Recast:
		if typ := g.r.p.NodeType(op.A); typ != 0 {
			at(op.B, op.A, stepRecast, int32(typ))
		} else {
			at(op.B, op.A, stepCopy, 0)
		}
	case flow.Retype:
		at(op.B, op.A, stepRetype, 0)
	case flow.Like:
		at(op.B, op.A, stepLike, 0)
	case flow.Assert:
		at(op.B, op.A, stepAssert, op.C)
		g.whole(flow.TypeID(op.C), op.A, f.ID, op.Pos)
	case flow.Make:
		at(op.B, op.A, stepMake, op.C)
	case flow.Load, flow.LoadParts:
		at(op.B, op.A, stepContent, 0)
	case flow.Field, flow.FieldParts:
		at(op.B, op.A, stepCopy, 0)
	case flow.Reslice:
		at(op.B, op.A, stepPart, 0)
	case flow.Only:
		at(op.B, op.A, stepAssert, op.C)
	case flow.Part:
		at(op.B, op.A, stepPlace, 0)
	case flow.Set:
		if g.r.importer != nil && g.r.holds(op.A, foreign) {
			at(op.B, g.r.importer.has, stepCopy, 0)
		}
	case flow.Box:
		at(op.B, op.A, stepBox, op.C)
	case flow.Derive:
		g.parts(f, op)
	case flow.Promote:
		g.promote(f, op)
	case flow.Reach:
		g.behind(op.B, op.A, f.ID, op.Pos)
		g.behind(op.A, op.A, f.ID, op.Pos)
	case flow.Methods:
		g.methods(op.A, f.ID, op.Pos)
	case flow.Protect:
		g.protects = append(g.protects, protect{op.A, f.ID, flow.FuncID(op.C) - 1, op.Pos})
	case flow.Mapped:
		g.mapped.Add(op.A)
	case flow.Count:
		g.counts.Add(op.A)
	case flow.Fresh:
		if op.A != 0 {
			g.fresh = append(g.fresh, g.at(op.A))
		}
	}
	if op.A == 0 {
		return
	}
	switch op.Kind {
	case flow.Store, flow.StoreParts, flow.Write, flow.Put, flow.Replace, flow.Append, flow.Unknown:
		g.event(f, op, after)
	}
}

// event enters what an operation changes.
func (g *graph) event(f *flow.Func, op flow.Op, after bool) {
	i := g.at(op.A)
	e := event{kind: op.Kind, value: -1, by: -1, in: f.ID, after: after, pos: op.Pos}
	word := f.Word // of the function that is called here, or that this one is
	switch op.Kind {
	case flow.Write, flow.Put, flow.Replace, flow.Unknown:
		if e.by = flow.FuncID(op.C) - 1; e.by >= 0 {
			word = g.r.p.Funcs[e.by].Word
		}
	}
	e.reflects = (e.by >= 0 || f.Said()) && word.Reflects()
	switch {
	case op.Kind == flow.Replace:
		e.kind = flow.Put
		e.replaces = g.replaces(op.A, op.B)
	case e.reflects && word.Channels():
		e.replaces = g.channels()
	case op.B != 0:
		e.value = g.at(op.B)
	}
	if e.replaces != nil {
		g.replacers = append(g.replacers, i)
	}
	g.events[i] = append(g.events[i], e)
}

// toHub hands a call's references to the one that stands for all of its method, and the results back.
func (g *graph) toHub(in flow.FuncID, c, hub *flow.Call) {
	g.step(c.Target, hub.Target, step{kind: stepCopy, in: in, pos: c.Pos})
	for i, a := range c.Args {
		if i < len(hub.Args) {
			g.step(a, hub.Args[i], step{kind: stepCopy, in: in, pos: c.Pos})
		}
	}
	for i, n := range c.Results {
		if i < len(hub.Results) {
			g.step(hub.Results[i], n, step{kind: stepCopy, in: in, pos: c.Pos})
		}
	}
}

// mark notes which steps are those of a call that stands for all of its method.
func (g *graph) mark(hub *flow.Call) {
	for _, n := range append(slices.Clone(hub.Args), hub.Target) {
		if i, ok := g.index[n]; ok {
			for k := range g.steps[i] {
				g.steps[i][k].hub = true
			}
		}
	}
}

// toMade does that with functions that reflection made; methods, which have captured their receivers, are among them.
func (g *graph) toMade(in flow.FuncID, c *flow.Call) {
	if g.bound == 0 {
		g.bound = g.r.p.NewNode()
	}
	g.step(c.Target, g.bound, step{kind: stepCopy, in: in, pos: c.Pos})
	for i, a := range c.Args {
		at := step{kind: stepCopy, in: in, pos: c.Pos}
		if t := g.paramType(c, i); t != 0 { // which the Value has in the function
			at.kind, at.aux = stepMake, int32(t)
		}
		g.step(a, g.r.p.Given, at)
	}
	for i, n := range c.Results {
		g.step(g.r.p.Returned, n, step{kind: stepCopy, in: in, pos: c.Pos})
		if sig := g.signature(c); sig != nil && i < sig.Results().Len() {
			g.whole(g.r.p.Type(sig.Results().At(i).Type()), n, in, c.Pos)
		}
	}
}

// paramType returns the type of a call's i-th parameter, or 0 if the function
// may have any type. The type of an interface says nothing of what it holds.
func (g *graph) paramType(c *flow.Call, i int) flow.TypeID {
	sig := g.signature(c)
	if sig == nil || i >= sig.Params().Len() || types.IsInterface(sig.Params().At(i).Type()) {
		return 0
	}
	return g.r.p.Type(sig.Params().At(i).Type())
}

// signature returns the type of the function that is called, or nil if it may
// have any.
func (g *graph) signature(c *flow.Call) *types.Signature {
	switch {
	case c.Method != nil:
		return c.Method.Signature()
	case c.Sig != 0:
		sig, _ := g.r.p.TypeOf(c.Sig).Underlying().(*types.Signature)
		return sig
	}
	return nil
}

// whole gives a struct or array, which may come out of reflection, what lies in
// memory of its type. What reflection reads, see reads, does not lead there: it
// leaves out fields that are not exported, and is not let on to an interface
// with methods that the whole has and its parts have not.
//
//	reflect.ValueOf(&E{x}).Elem().Interface().(E).x.n++
func (g *graph) whole(t flow.TypeID, to flow.Node, in flow.FuncID, pos token.Pos) {
	switch typ := g.r.p.TypeOf(t); typ.Underlying().(type) {
	case *types.Struct, *types.Array:
		if isReflected(typ) {
			return
		}
		for _, n := range g.r.p.Leaves(typ) {
			g.step(n, to, step{kind: stepCopy, in: in, pos: pos})
		}
	}
}

func (g *graph) call(in flow.FuncID, c *flow.Call, callees []flow.FuncID) {
	boxes := c.Static < 0 && c.Method == nil && c.Sig == 0
	for _, id := range callees {
		callee := g.r.p.Funcs[id]
		params, given := callee.Params, callee.SSA().Params
		if c.Method != nil && len(params) > 0 {
			recv := callee.SSA().Signature.Recv()
			if recv != nil {
				typ := g.r.p.Type(recv.Type())
				g.step(c.Target, params[0], step{kind: stepReceive, aux: int32(typ), in: in, pos: c.Pos})
				g.whole(typ, params[0], in, c.Pos)
			}
			params, given = params[1:], given[min(1, len(given)):]
		}
		if c.Static < 0 && c.Method == nil {
			for _, v := range callee.FreeVars {
				g.step(c.Target, v, step{kind: stepCapture, aux: int32(id), in: in, pos: c.Pos})
			}
		}
		for i, a := range c.Args {
			at := step{kind: stepCall, aux: int32(id), in: in, pos: c.Pos}
			if i < len(params) {
				if g.isGiven(a) && i < len(given) && g.r.p.IsNumber(g.r.p.Type(given[i].Type())) {
					at = step{kind: stepIn, aux: int32(g.r.p.Type(given[i].Type())), in: id, pos: c.Pos}
				}
				g.step(a, params[i], at)
				if boxes && i < len(given) {
					g.whole(g.r.p.Type(given[i].Type()), params[i], in, c.Pos)
				}
			}
			if i >= len(params)-1 && c.Static < 0 && c.Sig == 0 {
				g.rest(a, callee, at)
			}
		}
		for i, n := range c.Results {
			if i < len(callee.Results) {
				g.step(callee.Results[i], n, step{kind: stepReturn, boxes: boxes, aux: int32(id), in: in, pos: c.Pos})
			}
		}
	}
}

// isGiven reports whether an argument is what an importer has. As a number it
// gives only what it got as a number: no importer calls
//
//	conn.Control(func(fd uintptr) { dup(int(fd)) })
//
// with the address of a variable.
func (g *graph) isGiven(arg flow.Node) bool { return g.r.importer != nil && arg == g.r.importer.has }

// parts lets reflection read what lies in the parts of what a node holds.
func (g *graph) parts(f *flow.Func, op flow.Op) {
	g.step(g.r.p.Reflected, op.A, step{kind: stepRead, in: f.ID, pos: op.Pos}) // what it has put into values that it made
	if g.r.importer != nil && g.r.holds(op.B, foreign) {                       // or that an importer has
		g.step(g.r.importer.has, op.A, step{kind: stepRead, in: f.ID, pos: op.Pos})
	}
	if !g.r.holds(op.B, existing) {
		return
	}
	list, all := g.r.types(op.B)
	if all {
		g.step(g.anything(), op.A, step{kind: stepRead, in: f.ID, pos: op.Pos})
		return
	}
	for _, t := range list {
		g.reads(t, op.A, f.ID, op.Pos)
	}
}

// promote lets reflection read what lies in embedded fields of what a node holds.
func (g *graph) promote(f *flow.Func, op flow.Op) {
	list, all := g.r.types(op.B)
	if all {
		list = g.r.madeList
	}
	for _, t := range list {
		g.r.p.Embedded(t, func(_ flow.TypeID, n flow.Node) {
			g.step(n, op.A, step{kind: stepRead, in: f.ID, pos: op.Pos})
		})
	}
}

// reads lets reflection read what lies in a value of a type, or behind it.
func (g *graph) reads(t flow.TypeID, to flow.Node, in flow.FuncID, pos token.Pos) {
	typ := g.r.p.TypeOf(t)
	for _, n := range slices.Concat(g.r.p.Shown(typ), g.r.p.NumbersBehind(typ)) {
		at := step{kind: stepRead, in: in, pos: pos}
		if within := g.r.p.Within(n); within != nil && g.r.p.IsNumber(g.r.p.Type(within)) {
			at.aux = int32(g.r.p.Type(within))
		}
		g.step(n, to, at)
	}
}

// behind hands on what memory leads to which the values lead to that node n holds.
func (g *graph) behind(n, to flow.Node, in flow.FuncID, pos token.Pos) {
	list, all := g.r.types(n)
	if all {
		list = g.r.madeList
	}
	for _, t := range list {
		for _, m := range g.r.p.Behind(g.r.p.TypeOf(t)) {
			g.step(m, to, step{kind: stepCopy, in: in, pos: pos})
		}
	}
}

// anything returns a node that holds what lies in the parts of anything that is put into an interface.
func (g *graph) anything() flow.Node {
	if g.all == 0 {
		g.all = g.r.p.NewNode()
		for _, t := range g.r.madeList {
			g.reads(t, g.all, -1, token.NoPos)
		}
	}
	return g.all
}

// rest hands n to a function by reflection, which puts it into the slice of variadic arguments if the function takes any.
func (g *graph) rest(n flow.Node, callee *flow.Func, at step) {
	sig := callee.SSA().Signature
	if !sig.Variadic() || len(callee.Params) == 0 {
		return
	}
	list, ok := sig.Params().At(sig.Params().Len() - 1).Type().Underlying().(*types.Slice)
	if ok && (flow.HasRefs(list.Elem()) || g.r.p.IsNumber(g.r.p.Type(list.Elem()))) {
		at.kind, at.aux = stepBox, int32(g.r.p.Type(list.Elem()))
		g.step(n, callee.Params[len(callee.Params)-1], at)
	}
}

// receivers hands what functions have captured that reflection made to the methods that may be these.
func (g *graph) receivers() {
	if g.bound == 0 {
		return
	}
	for _, id := range g.r.unasked {
		f := g.r.p.Funcs[id]
		if recv := f.SSA().Signature.Recv(); recv != nil && len(f.Params) > 0 {
			g.step(g.bound, f.Params[0], step{kind: stepReceive, aux: int32(g.r.p.Type(recv.Type())), in: -1, pos: f.SSA().Pos()})
		}
	}
}

// methods hands what a node holds to its exported methods, as reflection may.
func (g *graph) methods(n flow.Node, in flow.FuncID, pos token.Pos) {
	list, all := g.r.types(n)
	if all {
		list = g.r.madeList
	}
	for _, t := range list {
		if g.r.p.IsInterface(t) {
			continue
		}
		set := g.r.p.Methods(t)
		for i := range set.Len() {
			if fn := g.r.p.SSA.MethodValue(set.At(i)); fn != nil && set.At(i).Obj().Exported() {
				callee := g.r.p.Func(fn)
				if len(callee.Params) == 0 {
					continue
				}
				g.step(n, callee.Params[0], step{kind: stepReceive, aux: int32(t), in: in, pos: pos})
				g.whole(t, callee.Params[0], in, pos)
				for i, p := range callee.Params[1:] {
					at := step{kind: stepCall, aux: int32(callee.ID), in: in, pos: pos}
					g.step(g.r.p.Asked, p, at)
					if sig := callee.SSA().Signature; i < sig.Params().Len() {
						g.whole(g.r.p.Type(sig.Params().At(i).Type()), p, in, pos)
					}
					if i == len(callee.Params)-2 {
						g.rest(g.r.p.Asked, callee, at)
					}
				}
				for _, r := range callee.Results {
					g.step(r, g.r.p.Answered, step{kind: stepReturn, aux: int32(callee.ID), in: in, pos: pos})
				}
			}
		}
	}
}
