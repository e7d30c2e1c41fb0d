package proof

import (
	"go/token"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// A Code is a place where the program may change the code of functions: it
// makes memory executable that it is not seen to have mapped for itself.
type Code struct {
	Pos      token.Pos
	Pkg      string // of the function that does it
	In, Call string // that function, and the one that it calls
	Asm      string // the name of that function if it is in assembly; it is Call then
}

// A protect is a call that makes memory executable.
type protect struct {
	addr   flow.Node // none if it is not known
	in, by flow.FuncID
	pos    token.Pos
}

// maxOrigins is how many nodes are looked at for where an address comes from.
const maxOrigins = 50_000

// codes lists the calls that make memory executable but for those of which the
// address comes from calls that map memory, and from nowhere else:
//
//	b, _ := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
//	copy(b, code)
//	syscall.Mprotect(b, syscall.PROT_READ|syscall.PROT_EXEC)
//
// It follows the address backwards through the graph, as a value: what it was
// loaded from is memory, known by its type, and what was stored there counts.
func (a *analysis) codes() (out []Code) {
	var back [][]int32
	for _, p := range a.g.protects {
		in, by := packageOf(a.p.Funcs[p.in]), packageOf(a.p.Funcs[p.by])
		if in == by {
			continue // the package of the call calls itself
		}
		if back == nil {
			back = a.g.backwards()
		}
		if !a.g.mapsItself(back, p.addr) {
			out = append(out, Code{p.pos, in, a.name(a.p.Funcs[p.in]), a.name(a.p.Funcs[p.by]), ""})
		}
	}
	if len(a.in.Protecting) == 0 {
		return out
	}
	for _, id := range a.full.order {
		f := a.p.Funcs[id]
		name := Name{packageOf(f), f.SSA().Name()}
		if a.in.Protecting[name] && f.SSA().Blocks == nil && f.Said() {
			out = append(out, Code{f.SSA().Pos(), name.Pkg, a.name(f), a.name(f), name.Name})
		}
	}
	return out
}

// packageOf returns the path of a function's package.
func packageOf(f *flow.Func) string {
	fn := f.SSA()
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Pkg == nil {
		return ""
	}
	return fn.Pkg.Pkg.Path()
}

// backwards lists for each node those from which values come to it.
func (g *graph) backwards() [][]int32 {
	back := make([][]int32, len(g.nodes))
	for i, steps := range g.steps {
		for _, s := range steps {
			if s.kind != stepContent {
				back[s.to] = append(back[s.to], int32(i))
			}
		}
	}
	return back
}

// mapsItself reports whether an address comes from calls that map memory alone.
func (g *graph) mapsItself(back [][]int32, addr flow.Node) bool {
	i, ok := g.peek(addr)
	if addr == 0 || !ok {
		return g.mapped.Has(addr) && addr != 0
	}
	seen, mapped := map[int32]bool{i: true}, false
	for work := []int32{i}; len(work) > 0; {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		switch n := g.nodes[i]; {
		case g.mapped.Has(n):
			mapped = true
			continue
		case g.counts.Has(n):
			continue
		case g.r.p.Anywhere(n), len(back[i]) == 0, len(seen) > maxOrigins:
			return false
		}
		for _, from := range back[i] {
			if !seen[from] {
				seen[from] = true
				work = append(work, from)
			}
		}
	}
	return mapped
}
