package proof

import (
	"go/types"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/internal/bitset"
)

// A typeSet is a set of types.
type typeSet = bitset.Set[flow.TypeID]

// A found is what can be reached from a value: values of types, and functions.
type found struct {
	types typeSet
	funcs bitset.Set[flow.FuncID]
}

func (f *found) union(o found) {
	f.types.Union(o.types)
	f.funcs.Union(o.funcs)
}

// contents tells, for every type, what can be reached from a value of it: in its fields and elements, behind its
// pointers, in the interfaces and functions among these as far as a finished reach knows what these hold. It walks the
// graph of types once, with Tarjan's algorithm.
type contents struct {
	r     *reach
	sets  map[thing]*found
	vars  map[*flow.Global]*found
	index map[thing]int
	low   map[thing]int
	stack []thing
	on    map[thing]bool

	methods byMethod // of what the reach has made
}

// A thing is a node of the graph of types: a type, a function (below anything), or anything at all that the program
// puts into interfaces.
type thing int32

const anything thing = -1

func funcThing(f flow.FuncID) thing { return anything - 1 - thing(f) }

func newContents(r *reach) *contents {
	return &contents{
		r: r, sets: map[thing]*found{}, vars: map[*flow.Global]*found{}, index: map[thing]int{}, low: map[thing]int{}, on: map[thing]bool{},
	}
}

// of returns the types reached from a value of type t, itself included.
func (c *contents) of(t flow.TypeID) typeSet { return c.at(thing(t)).types }

func (c *contents) at(t thing) found {
	if s := c.sets[t]; s != nil {
		return *s
	}
	c.visit(t)
	return *c.sets[t]
}

// inVariable returns what is reached from a variable's value.
func (c *contents) inVariable(g *flow.Global) found {
	if s := c.vars[g]; s != nil {
		return *s
	}
	out := new(found)
	c.vars[g] = out
	out.union(c.at(thing(c.r.p.Type(g.Obj.Type().(*types.Pointer).Elem()))))
	for _, t := range c.held(g.Content, nil) {
		out.union(c.at(t))
	}
	return *out
}

func (c *contents) visit(t thing) {
	c.index[t] = len(c.index)
	c.low[t] = c.index[t]
	c.stack = append(c.stack, t)
	c.on[t] = true
	for _, u := range c.next(t) {
		if _, seen := c.index[u]; !seen {
			c.visit(u)
			c.low[t] = min(c.low[t], c.low[u])
		} else if c.on[u] {
			c.low[t] = min(c.low[t], c.index[u])
		}
	}
	if c.low[t] != c.index[t] {
		return
	}
	set := new(found)
	var members []thing
	for {
		u := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		delete(c.on, u)
		members = append(members, u)
		if u >= 0 {
			set.types.Add(flow.TypeID(u))
		} else if u < anything {
			set.funcs.Add(flow.FuncID(anything - 1 - u))
		}
		c.sets[u] = set
		if u == t {
			break
		}
	}
	for _, u := range members {
		for _, w := range c.next(u) {
			if s := c.sets[w]; s != nil && s != set {
				set.union(*s)
			}
		}
	}
}

// next lists what is right inside of a value, or behind it; for a function, what it has captured.
func (c *contents) next(t thing) []thing {
	var out []thing
	switch {
	case t == anything:
		for _, m := range c.r.madeList {
			out = append(out, thing(m))
		}
		for _, f := range c.r.takenIn {
			out = append(out, funcThing(f))
		}
	case t < anything:
		f := c.r.p.Funcs[anything-1-t]
		for _, v := range f.SSA().FreeVars {
			out = append(out, thing(c.r.p.Type(v.Type())))
		}
		for _, n := range f.Closure() {
			out = c.held(n, out)
		}
	default:
		c.parts(flow.TypeID(t), func(u flow.TypeID) { out = append(out, thing(u)) })
		if typ := c.r.p.TypeOf(flow.TypeID(t)); isReflected(typ) && !isPointer(typ) {
			break
		}
		for _, n := range c.r.p.Behind(c.r.p.TypeOf(flow.TypeID(t))) {
			out = c.held(n, out)
		}
	}
	return out
}

// parts is components without pointers to fields to which there are none. In
// the memory of
//
//	type errorString struct{ s string }
//
// nothing is behind a *string, nor behind a pointer to another type of strings, if
// no function takes the address of s.
func (c *contents) parts(t flow.TypeID, f func(flow.TypeID)) {
	s, ok := c.r.p.TypeOf(t).Underlying().(*types.Struct)
	if !ok || isReflected(c.r.p.TypeOf(t)) {
		components(c.r.p, t, f)
		return
	}
	for i := range s.NumFields() {
		field := c.r.p.Type(s.Field(i).Type())
		f(field)
		if c.r.p.Addressed(t, i) {
			f(c.r.p.PointerTo(field))
		}
	}
}

// held appends what a piece of memory holds.
func (c *contents) held(n flow.Node, out []thing) []thing {
	s := c.r.nodes.peek(n)
	if n == 0 || s == nil {
		return out
	}
	if typ := c.r.p.NodeType(n); typ != 0 {
		switch c.r.p.TypeOf(typ).Underlying().(type) {
		case *types.Interface, *types.Signature:
		default:
			return out // what its type shows
		}
	}
	s.holds.each(func(i int32) {
		switch h := c.r.things[i]; {
		case h == existing:
		case h == anyType, h == bound: // which has captured something
			out = append(out, anything)
		case h.isFunc():
			out = append(out, funcThing(h.function()))
		case h.isType():
			out = append(out, thing(h.typ()))
		}
	})
	return out
}

// references reports whether something can be written through values of one of the types.
func (c *contents) references(s typeSet) bool {
	found := false
	s.Each(func(t flow.TypeID) {
		switch c.r.p.TypeOf(t).Underlying().(type) {
		case *types.Interface:
		default:
			found = found || flow.HasRefs(c.r.p.TypeOf(t))
		}
	})
	return found
}
