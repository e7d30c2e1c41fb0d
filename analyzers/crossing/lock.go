package crossing

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/conduct"
)

// A guard counts how often a variable is used with a mutex held.
type guard struct{ held, written int }

// locks reports mutexes that are virtual while what they guard is shared, and the reverse. That a mutex guards a variable is
// read off the code: at least half of the uses, and one write, are made with it held.
func (c *checker) locks() {
	total := map[*ssa.Global]int{}
	guards := map[[2]*ssa.Global]*guard{} // mutex, data
	for _, fn := range c.Funcs {
		if conduct.Initialises(fn) {
			continue
		}
		for in, held := range c.regions(fn) {
			for g, write := range c.uses(in) {
				total[g]++
				for m := range held {
					if m == g {
						continue
					}
					k := [2]*ssa.Global{m, g}
					if guards[k] == nil {
						guards[k] = &guard{}
					}
					guards[k].held++
					if write {
						guards[k].written++
					}
				}
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(guards), func(a, b [2]*ssa.Global) int {
		return cmp.Or(cmp.Compare(a[0].Pos(), b[0].Pos()), cmp.Compare(a[1].Pos(), b[1].Pos()))
	})
	for _, k := range keys {
		m, data := k[0], k[1]
		if g := guards[k]; g.written > 0 && 2*g.held >= total[data] && m.Pkg == c.Pkg {
			c.guarded(m, data)
		}
	}
}

func (c *checker) guarded(m, data *ssa.Global) {
	switch {
	case c.Shared(data) && !c.Shared(m):
		d := analysis.Diagnostic{
			Pos: m.Pos(), Category: finding.Category(ruleLock, m.Name()),
			Message: fmt.Sprintf("%s guards %s, which is shared, but each image has its own %s: two images get at %s at the same time, in every build; mark %s //vimage:shared too, or let %s be virtual",
				m.Name(), data.Name(), m.Name(), data.Name(), m.Name(), data.Name()),
		}
		if fix, ok := c.share(m, "guards "+data.Name()+", which is shared"); ok {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
		c.pass.Report(d)
	case c.Shared(m) && c.Virtual(data):
		c.report(ruleLock, m.Name(), m.Pos(), "%s is shared and guards %s, which each image has its own of: images wait for each other without need, in every build, and one that ends with the lock held stops all; let %s be virtual",
			m.Name(), data.Name(), m.Name())
	}
}

// share writes the word above a variable's declaration.
func (c *checker) share(g *ssa.Global, reason string) (analysis.SuggestedFix, bool) {
	for _, f := range c.pass.Files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, s := range gen.Specs {
				s := s.(*ast.ValueSpec)
				if len(s.Names) != 1 || s.Names[0].Pos() != g.Pos() {
					continue
				}
				at, indent := gen.Pos(), ""
				if gen.Lparen.IsValid() {
					at, indent = s.Pos(), "\t"
				}
				return analysis.SuggestedFix{
					Message:   "mark " + g.Name() + " shared",
					TextEdits: []analysis.TextEdit{{Pos: at, End: at, NewText: []byte("//vimage:shared " + reason + "\n" + indent)}},
				}, true
			}
		}
	}
	return analysis.SuggestedFix{}, false
}

// uses yields the variables that an instruction uses, and whether it writes there.
func (c *checker) uses(in ssa.Instruction) map[*ssa.Global]bool {
	out := map[*ssa.Global]bool{}
	written := func(v ssa.Value) {
		for _, root := range c.Roots(v) {
			if g, ok := root.(*ssa.Global); ok {
				out[g] = true
			}
		}
	}
	switch in := in.(type) {
	case *ssa.Store:
		written(in.Addr)
	case *ssa.MapUpdate:
		written(in.Map)
	case *ssa.Call:
		if b, ok := in.Call.Value.(*ssa.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") {
			written(in.Call.Args[0])
		}
	case *ssa.UnOp:
		if g, ok := in.X.(*ssa.Global); ok && in.Op == token.MUL {
			out[g] = false
		}
	case *ssa.FieldAddr:
		if g, ok := in.X.(*ssa.Global); ok {
			out[g] = false
		}
	case *ssa.IndexAddr:
		if g, ok := in.X.(*ssa.Global); ok {
			out[g] = false
		}
	}
	return out
}

// regions gives each instruction of a function the mutexes that are held at it on every way there.
func (c *checker) regions(fn *ssa.Function) map[ssa.Instruction]map[*ssa.Global]bool {
	out := map[ssa.Instruction]map[*ssa.Global]bool{}
	if len(fn.Blocks) == 0 {
		return out
	}
	at := make([]map[*ssa.Global]bool, len(fn.Blocks)) // nil: not reached
	at[0] = map[*ssa.Global]bool{}
	for todo := []*ssa.BasicBlock{fn.Blocks[0]}; len(todo) > 0; todo = todo[1:] {
		b := todo[0]
		held := maps.Clone(at[b.Index])
		for _, in := range b.Instrs {
			out[in] = maps.Clone(held)
			if m, lock := c.locking(in); m != nil {
				if lock {
					held[m] = true
				} else {
					delete(held, m)
				}
			}
		}
		for _, next := range b.Succs {
			if have := at[next.Index]; have == nil {
				at[next.Index] = maps.Clone(held)
			} else {
				before := len(have)
				maps.DeleteFunc(have, func(m *ssa.Global, _ bool) bool { return !held[m] })
				if len(have) == before {
					continue
				}
			}
			todo = append(todo, next)
		}
	}
	return out
}

// locking returns the package-level variable whose mutex an instruction locks or unlocks. A deferred unlocking is none
// before the function's end.
func (c *checker) locking(in ssa.Instruction) (m *ssa.Global, lock bool) {
	call, ok := in.(*ssa.Call)
	if !ok {
		return nil, false
	}
	callee := call.Call.StaticCallee()
	if callee == nil || len(call.Call.Args) == 0 {
		return nil, false
	}
	switch callee.String() {
	case "(*sync.Mutex).Lock", "(*sync.RWMutex).Lock", "(*sync.RWMutex).RLock":
		lock = true
	case "(*sync.Mutex).Unlock", "(*sync.RWMutex).Unlock", "(*sync.RWMutex).RUnlock":
	default:
		return nil, false
	}
	for _, root := range c.Roots(call.Call.Args[0]) {
		if g, ok := root.(*ssa.Global); ok {
			return g, lock
		}
	}
	return nil, false
}
