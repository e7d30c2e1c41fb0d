package flow

import (
	"fmt"
	"go/types"
	"slices"
)

// A small function that is given functions is looked at once for each of its calls, or what sync.OnceFunc is given in
// one place would be called in all others.

const (
	maxInstance = 150 // operations of a function, and the literals in it, that has instances
	maxDepth    = 2   // instances that call instances
)

// Instance returns what stands for a function at call number i of another: the function itself, or a copy of it.
func (p *Program) Instance(f *Func, in *Func, i int) *Func {
	if p.Open != nil || f.Word != nil || in.depth >= maxDepth || len(f.FreeVars) > 0 || !takesFunc(f.ssa.Signature) {
		return f
	}
	key := fmt.Sprintf("%s@%d.%d", f.Key, in.ID, i)
	if id, ok := p.funcKeys[key]; ok {
		return p.Funcs[id]
	}
	family, size := p.family(f)
	if f.said || size > maxInstance {
		p.funcKeys[key] = f.ID
		return f
	}
	c := copier{p: p, nodes: map[Node]Node{}, funcs: map[FuncID]*Func{}}
	for k, g := range family {
		copied := &Func{ID: FuncID(len(p.Funcs)), Key: key, ssa: g.ssa, extracted: true, depth: in.depth + 1, Mentions: g.Mentions}
		if k > 0 {
			copied.Key = key + g.Key[len(f.Key):]
		}
		p.Funcs = append(p.Funcs, copied)
		p.funcKeys[copied.Key] = copied.ID
		c.funcs[g.ID] = copied
	}
	for _, g := range family { // what other functions have captured (bound methods) is theirs
		for _, op := range g.Ops {
			if op.Kind == Value && c.funcs[FuncID(op.C)] == nil {
				for _, n := range p.Funcs[op.C].FreeVars {
					c.nodes[n] = n
				}
			}
		}
	}
	for _, g := range family {
		c.copy(g, c.funcs[g.ID])
	}
	return c.funcs[f.ID]
}

func takesFunc(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// family returns a function and the literals in it, read, and the number of their operations.
func (p *Program) family(f *Func) (all []*Func, size int) {
	all = []*Func{p.Body(f)}
	add := func(id FuncID) {
		g := p.Funcs[id]
		within := g.ssa.Parent() != nil && slices.ContainsFunc(all, func(o *Func) bool { return o.ssa == g.ssa.Parent() })
		if within && !slices.Contains(all, g) {
			all = append(all, p.Body(g))
		}
	}
	for k := 0; k < len(all) && size <= maxInstance; k++ {
		size += len(all[k].Ops)
		for _, op := range all[k].Ops {
			if op.Kind == Value {
				add(FuncID(op.C))
			}
		}
		for _, c := range all[k].Calls {
			if c.Static >= 0 {
				add(c.Static)
			}
		}
	}
	return all, size
}

// A copier copies functions, with nodes of their own for what is not memory that all see.
type copier struct {
	p     *Program
	nodes map[Node]Node
	funcs map[FuncID]*Func
}

func (c *copier) node(n Node) Node {
	if n == 0 || n <= c.p.Handed || n == c.p.Outside || c.p.Common(n) || c.p.byAddr[n] != nil {
		return n
	}
	m, ok := c.nodes[n]
	if !ok {
		m = c.p.node()
		c.p.nodeTypes[m] = c.p.nodeTypes[n]
		if t := c.p.lists[n]; t != 0 {
			c.p.lists[m] = t
		}
		c.nodes[n] = m
		c.p.separateCopy(n, m)
	}
	return m
}

func (c *copier) list(nodes []Node) []Node {
	out := make([]Node, len(nodes))
	for i, n := range nodes {
		out[i] = c.node(n)
	}
	return out
}

func (c *copier) function(id FuncID) FuncID {
	if g := c.funcs[id]; g != nil {
		return g.ID
	}
	return id
}

func (c *copier) copy(from, to *Func) {
	to.Params, to.FreeVars, to.Results = c.list(from.Params), c.list(from.FreeVars), c.list(from.Results)
	to.Captured = c.list(from.Captured)
	for _, op := range from.Ops {
		op.A, op.B = c.node(op.A), c.node(op.B)
		switch op.Kind {
		case Load, LoadParts, Field, FieldParts, Store, StoreParts, Fill, FillParts:
			op.C = int32(c.node(Node(op.C)))
		case Value:
			op.C = int32(c.function(FuncID(op.C)))
		}
		to.Ops = append(to.Ops, op)
	}
	for _, call := range from.Calls {
		call.Target, call.Args, call.Results = c.node(call.Target), c.list(call.Args), c.list(call.Results)
		if call.Static >= 0 {
			call.Static = c.function(call.Static)
		}
		to.Calls = append(to.Calls, call)
	}
}
