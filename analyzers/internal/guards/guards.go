// Package guards finds out which package-level mutexes and onces guard which
// package-level variables.
//
// Input: package conduct's result for one package. Output: pairs of a lock and
// a variable, in the order of their declarations:
//
//   - [Mutexes]: at least half of the variable's uses, and one write, happen
//     with the mutex held:
//
//     var mu sync.Mutex
//     var stock map[string]int
//     func add(s string) { mu.Lock(); defer mu.Unlock(); stock[s]++ }   // mu guards stock
//
//   - [Onces]: the function that the once is given writes the variable:
//
//     once.Do(func() { conf = load() })   // once guards conf
//
// Algorithm: forward data flow over a function's basic blocks; a mutex is held
// where it is locked on every path.
//
// Limits: a lock is followed within one function. A function that is called
// with the lock held counts as one without. A once's function must be a literal
// or a function of this package, and writes in what it calls do not count.
package guards

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/go-vimage/vimage/analyzers/internal/conduct"
)

// A Pair says that a lock guards a variable.
type Pair struct{ Lock, Data *ssa.Global }

// A count says how often a variable is used and written with a mutex held.
type count struct{ held, written int }

type finder struct{ *conduct.Result }

// Mutexes returns the mutexes that guard variables. Either may be another
// package's.
func Mutexes(r *conduct.Result) []Pair {
	f := &finder{r}
	total := map[*ssa.Global]int{}
	counts := map[Pair]*count{}
	for _, fn := range r.Funcs {
		if conduct.Initialises(fn) {
			continue
		}
		for in, held := range f.regions(fn) {
			for g, write := range f.uses(in) {
				total[g]++
				for m := range held {
					if m == g {
						continue
					}
					p := Pair{m, g}
					if counts[p] == nil {
						counts[p] = &count{}
					}
					counts[p].held++
					if write {
						counts[p].written++
					}
				}
			}
		}
	}
	maps.DeleteFunc(counts, func(p Pair, n *count) bool { return n.written == 0 || 2*n.held < total[p.Data] })
	return sorted(counts)
}

// Onces returns the onces that guard variables.
func Onces(r *conduct.Result) []Pair {
	f := &finder{r}
	pairs := map[Pair]bool{}
	for _, fn := range r.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				once, todo := f.once(in)
				if once == nil {
					continue
				}
				for g := range f.written(todo) {
					if g != once {
						pairs[Pair{once, g}] = true
					}
				}
			}
		}
	}
	return sorted(pairs)
}

// once returns the package-level variable whose sync.Once an instruction asks
// to call a function, and the function.
func (f *finder) once(in ssa.Instruction) (once *ssa.Global, todo *ssa.Function) {
	call, ok := in.(ssa.CallInstruction)
	if !ok || call.Common().StaticCallee() == nil || call.Common().StaticCallee().String() != "(*sync.Once).Do" {
		return nil, nil
	}
	switch v := call.Common().Args[1].(type) {
	case *ssa.Function:
		todo = v
	case *ssa.MakeClosure:
		todo = v.Fn.(*ssa.Function)
	default:
		return nil, nil
	}
	return f.global(call.Common().Args[0]), todo
}

// written returns the variables that a function and its literals write.
func (f *finder) written(fn *ssa.Function) map[*ssa.Global]bool {
	out := map[*ssa.Global]bool{}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			for g, write := range f.uses(in) {
				if write {
					out[g] = true
				}
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		maps.Copy(out, f.written(lit))
	}
	return out
}

func (f *finder) global(v ssa.Value) *ssa.Global {
	for _, root := range f.Roots(v) {
		if g, ok := root.(*ssa.Global); ok {
			return g
		}
	}
	return nil
}

// IsLock reports whether a variable of a type, or what it points to, is a lock
// and nothing else.
func IsLock(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "sync" {
		return false
	}
	switch named.Obj().Name() {
	case "Mutex", "RWMutex", "Once":
		return true
	}
	return false
}

func sorted[V any](pairs map[Pair]V) []Pair {
	return slices.SortedFunc(maps.Keys(pairs), func(a, b Pair) int {
		return cmp.Or(cmp.Compare(a.Lock.Pos(), b.Lock.Pos()), cmp.Compare(a.Data.Pos(), b.Data.Pos()))
	})
}

// uses yields the variables that an instruction uses, and whether it writes
// there.
func (f *finder) uses(in ssa.Instruction) map[*ssa.Global]bool {
	out := map[*ssa.Global]bool{}
	written := func(v ssa.Value) {
		for _, root := range f.Roots(v) {
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
		if callee := in.Call.StaticCallee(); callee != nil {
			for _, i := range f.Of(callee).Writes {
				if i < len(in.Call.Args) {
					written(in.Call.Args[i])
				}
			}
		}
		maps.DeleteFunc(out, func(g *ssa.Global, _ bool) bool { return IsLock(g.Type()) })
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

// regions gives each instruction of a function the mutexes that are held at it
// on every way there.
func (f *finder) regions(fn *ssa.Function) map[ssa.Instruction]map[*ssa.Global]bool {
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
			if m, lock := f.locking(in); m != nil {
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

// locking returns the package-level variable whose mutex an instruction locks
// or unlocks. A deferred unlocking is none before the function's end.
func (f *finder) locking(in ssa.Instruction) (m *ssa.Global, lock bool) {
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
	return f.global(call.Call.Args[0]), lock
}
