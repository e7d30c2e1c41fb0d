package flow

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Code that is not Go may write not only what it is given, but whatever that leads to. How far is seen in the types of what
// it is given: those of the arguments, those that interfaces among them hold, and, where an argument is an unsafe.Pointer
// or a number, those of the memory whose address it was made from; where that may be any, those of all memory whose address
// became one and was not only looked at.

// handed hands to a function that is not Go what can be reached from one of its arguments. Of a function that there is a
// word about, only what lies behind an address without a type is more than the word says.
func (e *extractor) handed(w *Word, a argument) {
	if w.unheard || untyped(listed(a.typ)) {
		e.reachable(w, a)
	}
}

// listed returns the type of a slice's elements, which that of a call's variadic arguments carries along; other types as they are.
func listed(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return t
}

// untyped reports whether a type says nothing of what its values lead to.
func untyped(t types.Type) bool { return isUnsafe(t.Underlying()) || isUintptr(t) }

func (e *extractor) reachable(w *Word, a argument) {
	all, some, wide := e.p.node(), false, int32(0)
	if w.unheard && !e.inC() || w.says("ret") && e.returnsAddress() { // it may move it; C may not, by cgo's rules
		wide = 1
	}
	look := func(t types.Type, n Node) {
		t = listed(t)
		switch {
		case untyped(t):
			e.emit(Hand, all, n, wide)
		case types.IsInterface(t):
			e.emit(Reach, all, n, 0)
		default:
			return
		}
		some = true
	}
	look(a.typ, a.node)
	add := func(n Node, t types.Type) {
		some = true
		e.emit(Hold, all, n, 0)
		look(t, n)
	}
	e.p.walk(a.typ, add)
	if ptr, ok := a.typ.Underlying().(*types.Pointer); ok && wide != 0 && !e.p.isBytes(e.p.Type(ptr.Elem())) {
		some = true
		e.p.around(e.p.Type(ptr.Elem()), view{to: all})
	}
	if elem := listed(a.typ); elem != a.typ && isUintptr(elem) {
		add(e.p.numberElem(), elem)
	}
	if some {
		e.emit(Unknown, all, 0, e.author())
	}
}

// HandOver lets a node get what can be reached from values of a type, and calls f with the memory among that whose types do
// not say what else there is. If such a value is a pointer that may be moved, wide, that is also what lies around its memory.
func (p *Program) HandOver(to Node, t TypeID, wide bool, f func(Node)) {
	if ptr, ok := p.types[t].Underlying().(*types.Pointer); ok && wide {
		p.around(p.Type(ptr.Elem()), view{to: to})
	}
	p.walk(p.types[t], func(n Node, t types.Type) {
		p.link(Op{Kind: Copy, A: to, B: n})
		if untyped(t) || types.IsInterface(t) {
			f(n)
		}
	})
}

// HandAll lets a node get all memory whose address became one without a type.
func (p *Program) HandAll(to Node) { p.link(Op{Kind: Copy, A: to, B: p.Handed}) }

// isCgoCall reports whether a function is the one by which cgo's stubs call C.
func isCgoCall(fn *ssa.Function) bool { return fn.Name() == "_cgo_runtime_cgocall" }

// inC reports whether the function whose word is being applied is that one.
func (e *extractor) inC() bool { return e.by != nil && isCgoCall(e.by.ssa) }

// returnsAddress reports whether the function whose word is being applied returns an unsafe.Pointer.
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

// callC hands to C what the stub has that calls it: all its parameters, though it names the first one's address alone, and
// what the package's C variables lead to.
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

// Outsider returns a function that hands to something unknown what some variables lead to.
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

// walk calls f with the memory that can be reached from a value of type t, as far as types show it, and with the type of
// what is in there.
func (p *Program) walk(t types.Type, f func(Node, types.Type)) {
	seen := map[Node]bool{}
	var walk func(t types.Type)
	walk = func(t types.Type) {
		for _, n := range p.Behind(t) {
			if seen[n] {
				continue
			}
			seen[n] = true
			if t := p.Within(n); t != nil {
				f(n, t)
				walk(t)
			}
		}
	}
	walk(t)
}

// hand notes that the address of a value of type t goes on as an unsafe.Pointer or a number.
func (p *Program) hand(t types.Type) {
	id := p.Type(t)
	if p.Open != nil || p.handedOn[id] {
		return
	}
	p.handedOn[id] = true
	p.walk(types.NewPointer(t), func(n Node, _ types.Type) { p.link(Op{Kind: Copy, A: p.Handed, B: n}) })
}

// goesOn reports whether an unsafe.Pointer, or a number that was made of one, becomes something else than a pointer again, or a
// number that is compared.
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
