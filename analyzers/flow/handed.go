package flow

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Code that is not Go may write all that can be reached from its arguments. The
// types say what that is: those of the arguments, those that interfaces among
// them hold, and, for an unsafe.Pointer or a number, those of the memory whose
// address it was made from. If that may be any memory, it is all memory whose
// address became an unsafe.Pointer or a number and went on as such.

// handed gives a function that is not Go what can be reached from one of its
// arguments. If there is a word about the function, the word says that, except
// of an address without a type.
func (e *extractor) handed(w *Word, a argument) {
	if w.unheard || untyped(listed(a.typ)) {
		e.reachable(w, a)
	}
}

// listed returns the type of a slice's elements, which that of a call's
// variadic arguments carries along; other types as they are.
func listed(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return t
}

// untyped reports whether a type says nothing of what its values lead to.
func untyped(t types.Type) bool { return isUnsafe(t.Underlying()) || isUintptr(t) }

func (e *extractor) reachable(w *Word, a argument) {
	// The code may move an address whose type it is not given. C may not, by
	// cgo's rules.
	wide := untyped(listed(a.typ)) && (w.unheard && !e.inC() || w.says("ret") && e.returnsAddress())
	all, some := e.p.node(), true
	switch t := listed(a.typ); {
	case untyped(t):
		e.emit(Hand, all, a.node, wideBit(wide))
	case types.IsInterface(t):
		e.emit(Reach, all, a.node, 0)
	default:
		some = false
	}
	if from := e.p.behind(e.p.Type(a.typ), handingOf(wide)); from != 0 {
		some = true
		e.emit(Hold, all, from, 0)
	}
	if ptr, ok := a.typ.Underlying().(*types.Pointer); ok && w.unheard && !e.inC() {
		// A number is one of many like it.
		if _, number := ptr.Elem().(*types.Basic); !number && !e.p.isBytes(e.p.Type(ptr.Elem())) {
			some = true
			e.emit(Hold, all, e.p.allAround(e.p.Type(ptr.Elem()), byType), 0)
		}
	}
	if elem := listed(a.typ); elem != a.typ && isUintptr(elem) {
		some = true
		e.emit(Hold, all, e.p.numberElem(), 0)
		e.emit(Hand, all, e.p.numberElem(), wideBit(wide))
	}
	if some {
		e.emit(Unknown, all, 0, e.author())
	}
}

func wideBit(wide bool) int32 {
	if wide {
		return 1
	}
	return 0
}

// HandOver gives a node what can be reached from values of a type. If wide, a
// pointer among these may be moved: the memory around what it points to counts
// too.
func (p *Program) HandOver(to Node, t TypeID, wide bool) {
	if ptr, ok := p.types[t].Underlying().(*types.Pointer); ok && wide && !p.isBytes(p.Type(ptr.Elem())) {
		p.link(Op{Kind: Hold, A: to, B: p.allAround(p.Type(ptr.Elem()), moving)})
	}
	if from := p.behind(t, handingOf(wide)); from != 0 {
		p.link(Op{Kind: Hold, A: to, B: from})
	}
}

// A handing says how far code that is not Go follows references.
type handing uint8

const (
	byType handing = iota // as far as types show it
	fully                 // and what addresses without a type lead to, and values in interfaces
	moving                // and what lies around that: addresses may be moved
)

func handingOf(wide bool) handing {
	if wide {
		return moving
	}
	return fully
}

// behind returns a node that holds all that can be reached from values of a
// type, or none if there is nothing.
func (p *Program) behind(t TypeID, how handing) Node {
	k := behindKey{t, how}
	n, ok := p.behinds[k]
	if ok {
		return n
	}
	memory := p.Behind(p.types[t])
	if len(memory) > 0 {
		n = p.node()
	}
	p.behinds[k] = n
	for _, m := range memory {
		typ := p.Within(m)
		if typ == nil {
			continue
		}
		p.link(Op{Kind: Hold, A: n, B: m})
		if how != byType && (untyped(typ) || types.IsInterface(typ)) {
			p.link(Op{Kind: Hand, A: n, B: m, C: wideBit(how == moving)})
		}
		if next := p.behind(p.Type(typ), how); next != 0 {
			p.link(Op{Kind: Hold, A: n, B: next})
		}
	}
	return n
}

type behindKey struct {
	typ TypeID
	how handing
}

// HandAll gives a node all memory whose address lost its type.
func (p *Program) HandAll(to Node) { p.link(Op{Kind: Hold, A: to, B: p.Handed}) }

// isCgoCall reports whether a function is the one by which cgo's stubs call C.
func isCgoCall(fn *ssa.Function) bool { return fn.Name() == "_cgo_runtime_cgocall" }

// inC reports whether the function whose word is being applied is that one.
func (e *extractor) inC() bool { return e.by != nil && isCgoCall(e.by.ssa) }

// wordOf returns the word about a function for one call of it. The word about the
// one by which cgo's stubs call C holds for those stubs alone.
func (e *extractor) wordOf(g *Func, args []ssa.Value) *Word {
	if isCgoCall(g.ssa) && !e.givesOwn(args) {
		return unknownWord(g.ssa)
	}
	return g.Word
}

// givesOwn reports whether the last of some arguments is no address, or that of
// the function's own parameters:
//
//	_cgo_runtime_cgocall(_cgo_f, uintptr(unsafe.Pointer(&p0)))
func (e *extractor) givesOwn(args []ssa.Value) bool {
	v := args[len(args)-1]
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.Const:
			return true
		case *ssa.Alloc:
			return slices.ContainsFunc(*x.Referrers(), func(r ssa.Instruction) bool {
				s, ok := r.(*ssa.Store)
				return ok && s.Addr == ssa.Value(x) && len(e.f.ssa.Params) > 0 && s.Val == ssa.Value(e.f.ssa.Params[0])
			})
		default:
			return false
		}
	}
}

// returnsAddress reports whether the function whose word is being applied
// returns an unsafe.Pointer.
func (e *extractor) returnsAddress() bool {
	for v := range e.sig.Results().Variables() {
		if isUnsafe(v.Type().Underlying()) {
			return true
		}
	}
	return false
}

// InC returns the name of the function in C for which f is cgo's stub, or "".
func (f *Func) InC() string {
	for _, prefix := range []string{"_Cfunc_", "_C2func_"} {
		if name, ok := strings.CutPrefix(f.ssa.Name(), prefix); ok {
			return name
		}
	}
	return ""
}

// callC hands to C what the stub has that calls it: all its parameters, though
// it names the first one's address alone, and what the package's C variables
// lead to.
func (e *extractor) callC() {
	e.pos = token.NoPos // in a file that nobody has written
	fn := e.f.ssa
	for i, v := range fn.Params {
		n := e.f.Params[i]
		if n == 0 {
			continue
		}
		e.emit(Unknown, n, 0, 0)
		if e.p.Open == nil {
			e.reachable(&Word{}, argument{node: n, typ: v.Type()})
		}
	}
	if e.p.Open != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fn.Pkg.Members)) {
		if g, ok := fn.Pkg.Members[name].(*ssa.Global); ok && strings.HasPrefix(name, "_Cvar_") {
			e.reachable(&Word{}, argument{typ: g.Type().(*types.Pointer).Elem()})
		}
	}
}

// Outsider returns a function that hands to something unknown what some
// variables lead to.
func (p *Program) Outsider(vars []*ssa.Global) *Func {
	f := &Func{ID: FuncID(len(p.Funcs)), Key: "assembly", ssa: vars[0].Pkg.Func("init"), extracted: true}
	p.Funcs = append(p.Funcs, f)
	for _, v := range vars {
		e := extractor{p: p, f: f, pos: v.Pos()}
		g, t := p.Global(v), v.Type().(*types.Pointer).Elem()
		if !HasRefs(t) {
			continue
		}
		n, content := p.nodeFor(t), g.Content
		if content == 0 {
			content = p.memory(t, true)
		}
		e.emit(whole(Load, t), n, g.Addr, int32(content))
		e.emit(Unknown, n, 0, 0)
		e.reachable(&Word{}, argument{node: n, typ: t})
		e.later(n, t, nil)
	}
	return f
}

// hand notes that the address of a value of type t is passed on as an
// unsafe.Pointer or a number.
func (p *Program) hand(t types.Type) {
	id := p.Type(t)
	if p.Open != nil || p.handedOn[id] {
		return
	}
	p.handedOn[id] = true
	if from := p.behind(p.PointerTo(id), byType); from != 0 {
		p.link(Op{Kind: Hold, A: p.Handed, B: from})
	}
}

// goesOn reports whether an unsafe.Pointer, or a number that was made of one,
// becomes something else than a pointer again, or a number that is compared.
func goesOn(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Convert, *ssa.ChangeType, *ssa.Phi, *ssa.UnOp:
			if v := r.(ssa.Value); !isPointer(v.Type()) && goesOn(v, seen) {
				return true
			}
		case *ssa.BinOp:
			switch r.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			default:
				if goesOn(r, seen) {
					return true
				}
			}
		case *ssa.Call:
			if !isAdd(r) || goesOn(r, seen) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
