package proof

import (
	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A kin is a set of references that may lead to the same memory: all that steps carry from one to the other. The largest is
// most of the program. But where references are only in functions' own variables, and never in memory, in interfaces, or where
// their types are not known, what they lead to is reached by them and by nothing else, so that memory is told apart from all
// other memory of its type. (Steensgaard's analysis, of which that is the first level.)
type kin struct {
	g      *graph
	up     []int32               // union-find, by index of a node
	open   []bool                // by root: others may lead to the same memory
	first  map[int32]flow.Node   // by root: the first type's memory that is found by it
	shared bitset.Set[flow.Node] // types' memory that is not only found by references
	own    map[kinMemory]int32   // nodes of the graph
}

type kinMemory struct {
	root int32
	of   flow.Node
}

// newKin finds the kin in a graph that has all steps but those into memory of types and out of it.
func newKin(g *graph) *kin {
	k := &kin{
		g: g, up: make([]int32, len(g.nodes)), open: make([]bool, len(g.nodes)),
		first: map[int32]flow.Node{}, own: map[kinMemory]int32{},
	}
	for i := range k.up {
		k.up[i] = int32(i)
	}
	for i := range g.nodes {
		for _, s := range g.own(int32(i)) {
			if s.kind != stepContent {
				k.join(int32(i), s.to)
			}
		}
	}
	for i, n := range g.nodes {
		// A linked node is open, and so is every node that shares its memory.
		if i < len(g.shared) || !g.r.p.Refers(n) || k.leaves(int32(i)) {
			k.openAt(int32(i))
		}
	}
	for _, list := range [][]flow.FuncID{g.r.roots, g.r.unasked} {
		for _, id := range list {
			k.openAll(g.r.p.Funcs[id].Params, g.r.p.Funcs[id].Results)
		}
	}
	for _, id := range g.r.order {
		k.function(g.r.p.Funcs[id])
		for i, s := range g.r.calls[id] {
			for _, callee := range g.r.sites[s].list {
				k.call(&g.r.p.Funcs[id].Calls[i], g.r.p.Funcs[callee])
			}
		}
	}
	return k
}

// leaves reports whether what is done with a node's references is more than to carry them on as they are, or to use them.
func (k *kin) leaves(i int32) bool {
	for _, s := range k.g.steps[i] {
		switch s.kind {
		case stepCopy, stepPart, stepCall, stepReturn, stepContent:
		default:
			return true
		}
	}
	for _, e := range k.g.events[i] {
		if e.by >= 0 || e.reflects || e.kind == flow.Unknown || e.kind == flow.Put {
			return true
		}
	}
	return false
}

// function looks at what else is done in a function's operations.
func (k *kin) function(f *flow.Func) {
	if f.Said() {
		k.openAll(f.Params, f.Results)
	}
	for _, op := range f.Ops {
		switch op.Kind {
		case flow.Types:
			continue // no references
		case flow.Copy, flow.Reslice, flow.Fresh, flow.Append, flow.Write:
			if f.Said() {
				k.openAll([]flow.Node{op.A, op.B})
			}
		case flow.Load, flow.Store, flow.Fill:
			k.access(op, f.Said())
		default:
			k.openAll([]flow.Node{op.A, op.B})
		}
		k.shared.Add(op.A)
		k.shared.Add(op.B)
	}
}

// access looks at an operation that moves a value into memory or out of it.
func (k *kin) access(op flow.Op, said bool) {
	base, value, _ := ends(op)
	k.openAll([]flow.Node{value})
	i, ok := k.g.peek(base)
	if !ok {
		return
	}
	root := k.root(i)
	memory := flow.Node(op.C)
	was := k.first[root]
	switch {
	case said || !k.g.r.p.Apart(memory) && memory != 0:
		k.openAt(i)
	case was == 0:
		k.first[root] = memory
	case was != memory && (k.g.r.p.Pointed(was) || k.g.r.p.Pointed(memory)):
		k.openAt(i)
	}
}

// call looks at arguments and results that a call does not name.
func (k *kin) call(c *flow.Call, callee *flow.Func) {
	params := callee.Params
	if c.Method != nil && len(params) > 0 {
		params = params[1:]
	}
	k.openAll(params[min(len(c.Args), len(params)):], callee.Results[min(len(c.Results), len(callee.Results)):])
}

func (k *kin) root(i int32) int32 {
	for k.up[i] != i {
		k.up[i] = k.up[k.up[i]]
		i = k.up[i]
	}
	return i
}

func (k *kin) join(i, j int32) { k.up[k.root(j)] = k.root(i) }

func (k *kin) openAt(i int32) { k.open[k.root(i)] = true }

func (k *kin) openAll(lists ...[]flow.Node) {
	for _, list := range lists {
		for _, n := range list {
			if i, ok := k.g.peek(n); ok {
				k.openAt(i)
			}
		}
	}
}

// memory returns the graph's node for the memory into which an operation goes, or out of which.
func (k *kin) memory(op flow.Op) int32 {
	of := flow.Node(op.C)
	base, _, _ := ends(op)
	i, ok := k.g.peek(base)
	if !ok || k.shared.Has(of) || k.open[k.root(i)] {
		return k.g.at(of)
	}
	m := kinMemory{k.root(i), of}
	own, ok := k.own[m]
	if !ok {
		own = k.g.add(of)
		k.own[m] = own
	}
	return own
}

// ends tells the reference by which an operation goes to memory from the value that it moves.
func ends(op flow.Op) (base, value flow.Node, kind stepKind) {
	switch op.Kind {
	case flow.Load, flow.LoadParts:
		return op.B, op.A, stepCopy
	case flow.Store, flow.StoreParts:
		return op.A, op.B, stepKeep
	case flow.Fill, flow.FillParts:
		return op.A, op.B, stepCopy
	}
	return 0, 0, 0
}

// access enters what goes into memory of types and comes out of it.
func (g *graph) access() {
	in := func(op flow.Op) int32 { return g.at(flow.Node(op.C)) }
	if g.r.p.Open == nil {
		in = newKin(g).memory
	}
	for _, id := range g.r.order {
		for _, op := range g.r.p.Funcs[id].Ops {
			_, value, kind := ends(op)
			if value == 0 || op.C == 0 {
				continue
			}
			from, to := g.at(value), in(op)
			if op.Kind == flow.Load || op.Kind == flow.LoadParts {
				from, to = to, from
			}
			if from != to {
				g.steps[from] = append(g.steps[from], step{kind: kind, to: to, in: id, pos: op.Pos})
			}
		}
	}
}
