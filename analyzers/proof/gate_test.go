package proof

import (
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// TestGate compares reaches that hold back what reflection stores with some that do not.
func TestGate(t *testing.T) {
	p, roots := program(t)
	n := newNumbers()
	var funcs []*flow.Func
	for _, pkg := range roots {
		for _, fn := range Exported(pkg) {
			funcs = append(funcs, p.Func(fn))
		}
	}
	run := func(f *flow.Func, g *gate) *reach {
		r := newReach(p, n)
		if g != nil {
			r.hold(g)
		}
		r.begin(f)
		for _, node := range f.Params {
			if node != 0 {
				r.add(node, anyType)
			}
		}
		r.run()
		return r
	}
	for _, f := range funcs { // reads them, so that those that follow see the same
		run(f, nil)
	}
	g := newGate(p)
	held := 0
	for _, f := range funcs {
		all, some := run(f, nil), run(f, g)
		sameCalls(t, f.Key, all, some)
		held += len(all.nodes.list) - len(some.nodes.list)
	}
	if len(g.circles) == 0 {
		t.Error("no memory is tied in a circle")
	}
	if held == 0 {
		t.Error("nothing was held back")
	}
}

// TestGateLate has memory be tied together when reflection has stored something already, and what leads there be asked for
// before and after.
func TestGateLate(t *testing.T) {
	p, roots := program(t)
	f := p.Func(roots[0].Func("Marshal"))
	any := p.Type(f.SSA().Params[0].Type())
	g := newGate(p)
	r := newReach(p, newNumbers())
	r.hold(g)
	r.begin(f)
	r.run()
	var node [6]flow.Node
	for i := range node {
		node[i] = p.NewNode()
	}
	stored := func(to flow.Node) flow.Op { return flow.Op{Kind: flow.Assert, A: to, B: p.Reflected, C: int32(any)} }
	read := func(n flow.Node) flow.Node {
		to := p.NewNode()
		r.edge(n, edge{edgeCopy, to, 0})
		return to
	}
	for _, n := range node[:4] {
		g.behind[n] = []flow.Op{stored(n)}
		g.has.Add(n)
	}
	before := read(node[0])
	r.add(p.Reflected, anyType)
	after := read(node[1])
	r.newTie(stored(node[4]))
	tied := read(node[5])
	r.newTie(flow.Op{Kind: flow.Copy, A: node[5], B: node[2]})
	r.run()
	for what, n := range map[string]flow.Node{"asked for before": before, "asked for afterwards": after, "tied to what was asked for": tied} {
		if !r.holds(n, anyType) {
			t.Errorf("what is %s is not read", what)
		}
	}
	if r.holds(node[3], anyType) || r.holds(node[4], anyType) {
		t.Error("what nobody reads is filled")
	}
}
