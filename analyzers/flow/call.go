package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// call reads a call. v is its value, or nil.
func (e *extractor) call(v *ssa.Call, c *ssa.CallCommon, goes bool) {
	var results []Node
	sig := c.Signature()
	if v != nil {
		switch n := sig.Results().Len(); n {
		case 0:
		case 1:
			results = []Node{e.node(v)}
		default:
			for i := range n {
				results = append(results, e.part(v, i))
			}
		}
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		result := Node(0)
		if v != nil {
			result = e.node(v)
		}
		e.builtin(b, c.Args, result)
		return
	}
	call := Call{Static: -1, Results: results, Go: goes, Pos: e.pos}
	switch callee := c.StaticCallee(); {
	case callee != nil && callee.Synthetic == "package initializer":
		return // each package's initialisation is read for itself
	case callee != nil:
		if isCgoCall(callee) {
			e.callC()
		}
		e.protects(callee, c.Args, results)
		g := e.p.Func(callee)
		call.Static = g.ID
		if g.Word == nil && callee.Blocks == nil && e.p.Open != nil && callee.Parent() == nil && e.p.elsewhere(callee) {
			g.Word = unknownWord(callee)
		}
		if g.Word != nil {
			e.sig, e.by = sig, g
			e.wordAt(e.wordOf(g, c.Args), c.Args, results)
			e.by = nil
			if e.p.Open == nil {
				e.invoke(Call{Static: e.p.done(g).ID, Pos: e.pos})
				return
			}
			if callee.Pkg != e.f.ssa.Pkg {
				e.unseen(sig, call.Results)
				call.Results = nil // else they may lead to variables, of which the word says nothing
			}
			e.invoke(call)
			return
		}
		if _, direct := c.Value.(*ssa.MakeClosure); direct {
			e.node(c.Value) // its captured variables were handed over where it was made
		}
	case c.IsInvoke():
		if w := e.p.Words.method(c.Method); w != nil {
			e.sig = sig
			e.wordAt(w, append([]ssa.Value{c.Value}, c.Args...), results)
			if w.as != "" && e.p.Open == nil {
				e.invoke(Call{Static: e.p.implementer(c.Method, w.as).ID, Results: results, Go: goes, Pos: e.pos})
			}
			if e.p.Open != nil {
				return
			}
			call.Said = true
		} else if e.p.Open != nil {
			if w, by := e.p.Dispatch(c); w != nil {
				e.sig, e.by = sig, by
				e.wordAt(w, append([]ssa.Value{c.Value}, c.Args...), results)
				e.by = nil
				return
			}
		}
		call.Method, call.Iface = c.Method, e.p.Type(c.Value.Type())
		call.Target = e.node(c.Value)
	default:
		call.Target = e.use(c.Value)
		call.Sig = e.p.Type(c.Value.Type().Underlying())
	}
	for _, a := range c.Args {
		call.Args = append(call.Args, e.use(a))
	}
	if call.Static < 0 && e.p.Open != nil {
		for _, n := range append([]Node{call.Target}, call.Args...) {
			if n != 0 {
				e.emit(Unknown, n, 0, 0)
			}
		}
		return
	}
	e.invoke(call)
}

// unseen lets interfaces among a call's results hold a pointer to what is not seen, if methods are known that write
// through it.
func (e *extractor) unseen(sig *types.Signature, results []Node) {
	unknown := types.NewStruct([]*types.Var{types.NewField(0, nil, "unseen", types.Typ[types.Int], false)}, nil)
	for i, n := range results {
		if t := sig.Results().At(i).Type(); n != 0 && types.IsInterface(t) && e.p.Changes(t) {
			e.emit(Make, n, 0, int32(e.p.Type(types.NewPointer(unknown))))
		}
	}
}

// implementer returns the method that pointers to a type have, of the package of an interface, for that one's method.
func (p *Program) implementer(m *types.Func, name string) *Func {
	t := m.Pkg().Scope().Lookup(name).Type()
	return p.Method(p.PointerTo(p.Type(t)), m)
}

// elsewhere reports whether a function's body is not to be had.
func (p *Program) elsewhere(fn *ssa.Function) bool {
	p.buildFor(fn)
	return fn.Blocks == nil && !p.Func(fn).extracted
}

// author returns the function whose word is being applied, for an operation's C.
func (e *extractor) author() int32 {
	if e.by == nil {
		return 0
	}
	return int32(e.by.ID) + 1
}

func (e *extractor) invoke(c Call) {
	e.emit(Invoke, 0, 0, int32(len(e.f.Calls)))
	e.f.Calls = append(e.f.Calls, c)
}

func (e *extractor) builtin(b *ssa.Builtin, args []ssa.Value, result Node) {
	switch b.Name() {
	case "append":
		if result == 0 {
			return
		}
		s := e.use(args[0])
		e.copy(result, s)
		if s != 0 {
			e.emit(Append, s, 0, 0)
		}
		if len(args) > 1 {
			e.elements(result, args[0].Type(), args[1])
		}
	case "copy":
		dst := e.use(args[0])
		e.emit(Write, dst, 0, 0)
		e.elements(dst, args[0].Type(), args[1])
	case "delete", "clear", "close":
		e.emit(Write, e.use(args[0]), 0, 0)
	case "print", "println":
		e.emit(Prints, 0, 0, 0)
	case "panic":
		e.copy(e.p.Panic, e.use(args[0]))
	case "recover":
		e.copy(result, e.p.Panic)
	case "min", "max":
		for _, x := range args {
			e.copy(result, e.use(x))
		}
	case "ssa:wrapnilchk":
		e.copy(result, e.use(args[0]))
	case "Add":
		e.copy(result, e.use(args[0]))
		e.emit(Moved, result, 0, 0)
	case "String":
		e.convertTo(Recast, e.p.Text, e.use(args[0]))
	case "StringData":
		e.convertTo(Recast, result, e.p.Text)
	case "Slice", "SliceData":
		e.convertTo(Convert, result, e.use(args[0]))
		switch t := args[0].Type().Underlying().(type) {
		case *types.Pointer:
			e.p.tieElements(t.Elem())
			e.p.around(e.p.Type(t.Elem()), view{typ: e.p.Type(t.Elem())})
		case *types.Slice:
			e.p.tieElements(t.Elem())
		}
	}
}

// elements moves the references in a slice's elements into the elements of another, dst of type t.
func (e *extractor) elements(dst Node, t types.Type, src ssa.Value) {
	s, ok := core(t).(*types.Slice)
	if !ok {
		return
	}
	x := e.use(src)
	if x == 0 {
		return
	}
	if isUintptr(s.Elem()) {
		n := e.p.nodeFor(s.Elem())
		e.emit(Load, n, x, int32(e.p.numberElem()))
		e.emit(Fill, dst, n, int32(e.p.numberElem()))
		return
	}
	e.moved(dst, s.Elem())
	e.moved(x, s.Elem())
	if !HasRefs(s.Elem()) {
		return
	}
	n := e.p.node()
	e.emit(whole(Load, s.Elem()), n, x, int32(e.p.elements(s.Elem(), true)))
	e.emit(whole(Fill, s.Elem()), dst, n, int32(e.p.elements(s.Elem(), false)))
}
