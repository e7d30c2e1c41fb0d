package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// writesOf enters what the unit writes beyond what it initialises. A reference
// that it stores in the standard library's memory counts as an effect outside of
// the program: the library may write through it later.
func (a *analysis) writesOf(l *look, r *reach, globals []*flow.Global) {
	out := l.out
	r.unshare()
	g := newGraph(r, a.contents, func(flow.FuncID) bool { return true }, a.links)
	for chunk := range slices.Chunk(globals, 63) {
		key := a.writesKey(g, out, chunk)
		w := a.unitWrites[key]
		if w == nil {
			w = a.traceWrites(g, out, chunk)
			a.unitWrites[key] = w
		}
		if w.left.node >= 0 {
			e := g.events[w.left.node][w.left.event]
			in := a.name(a.p.Funcs[e.in])
			out.World = a.calls(r, e.in, Step{e.pos, "leaves a reference in the standard library's memory, in " + in})
		}
		for i, gl := range chunk {
			if n := nameOf(gl); w.vars[i].node >= 0 && a.in.InPlay(n) {
				e := g.events[w.vars[i].node][w.vars[i].event]
				out.Writes[n] = Step{e.pos, a.change(e)}
			}
		}
	}
}

// unitWrites says what a unit's graph does to the memory of some variables.
type unitWrites struct {
	vars []eventAt // the first write of each variable's memory
	left eventAt   // where a reference is left in the standard library's memory
}

// An eventAt is the place of an event in a graph.
type eventAt struct {
	node  int32 // -1 for none
	event int32
}

// traceWrites traces up to 63 variables through a unit's graph.
func (a *analysis) traceWrites(g *graph, out *Unit, vars []*flow.Global) *unitWrites {
	const fresh = mask(1) << 63
	w := &unitWrites{vars: slices.Repeat([]eventAt{{node: -1}}, len(vars)), left: eventAt{node: -1}}
	t := newTrace(g)
	var theirs mask // the standard library's
	for i, v := range vars {
		t.start(a.source(v), 1<<i)
		if !a.in.InPlay(nameOf(v)) {
			theirs |= 1 << i
		}
	}
	var stores []eventAt // of references, into the memory of theirs
	t.found = func(n int32, e event, who mask) {
		at := eventAt{n, int32(slices.Index(g.events[n], e))}
		for i := range vars {
			if who&(1<<i) != 0 && w.vars[i].node < 0 {
				w.vars[i] = at
			}
		}
		if who&theirs != 0 && e.value >= 0 && a.leaks(out, g.types[e.value]) {
			stores = append(stores, at)
		}
	}
	t.run()
	if out.World != nil || len(stores) == 0 {
		return w
	}
	// Only now it matters where references to new memory are.
	t.found = func(int32, event, mask) {}
	for _, n := range g.fresh {
		t.hold(n, leads(fresh))
	}
	t.unbind(fresh)
	t.run()
	for _, at := range stores {
		if e := g.events[at.node][at.event]; t.marks[e.value].refs&^theirs != 0 {
			w.left = at
			break
		}
	}
	return w
}

// writesKey identifies what traceWrites depends on. Units often have equal
// graphs, as those of
//
//	var digits = regexp.MustCompile("[0-9]+")
//	var spaces = regexp.MustCompile(" +")
//
// Of a node that is in no link between pieces of memory, a trace asks for its
// types alone, so a variable or function that only one of the units has does
// not count. Positions and the functions in which steps are do not count
// either.
func (a *analysis) writesKey(g *graph, out *Unit, vars []*flow.Global) [sha256.Size]byte {
	var b []byte
	put := func(list ...int32) {
		for _, x := range list {
			b = binary.LittleEndian.AppendUint32(b, uint32(x))
		}
	}
	truth := func(v bool) {
		if v {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
	}
	at := func(n flow.Node) {
		i, ok := g.peek(n)
		truth(ok && n != 0)
		put(i)
	}
	put(int32(len(g.shared)), int32(g.linked), int32(len(g.nodes)))
	for i, n := range g.nodes {
		if i >= len(g.shared) {
			if a.p.Within(n) != nil || a.p.Anywhere(n) {
				put(-1, int32(n))
			}
			put(int32(a.p.NodeType(n)), int32(a.p.ListType(n)))
			truth(a.p.Refers(n))
		}
		own := g.own(int32(i))
		if len(own) == 0 && len(g.events[i]) == 0 {
			continue
		}
		put(-2, int32(i), int32(len(own)), int32(len(g.events[i])))
		for _, s := range own {
			put(int32(s.kind), s.to, s.aux)
			truth(s.boxes)
			truth(s.in < 0)
		}
		for _, e := range g.events[i] {
			put(int32(e.kind), e.value, int32(e.by))
			truth(e.after)
			truth(e.reflects)
			truth(e.replaces != nil)
			if e.replaces != nil {
				truth(e.replaces.all)
				put(int32(len(e.replaces.types)))
				for _, w := range e.replaces.types {
					b = binary.LittleEndian.AppendUint64(b, w)
				}
			}
		}
	}
	put(-3, int32(len(g.fresh)))
	put(g.fresh...)
	put(-4)
	put(g.replacers...)
	for _, v := range vars {
		b = append(b, v.Pkg+"\x00"+v.Name+"\x00"...)
		at(v.Addr)
		at(v.Content)
	}
	// What leaks depends on.
	truth(out.World == nil)
	for _, n := range out.Vars {
		if v := a.p.LookupGlobal(n.Pkg, n.Name); v != nil {
			types := a.contents.inVariable(v).types
			put(-5, int32(len(types)))
			for _, w := range types {
				b = binary.LittleEndian.AppendUint64(b, w)
			}
		}
	}
	return sha256.Sum256(b)
}
