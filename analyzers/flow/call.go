package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxValues is how many parameters or results a function may have that reflection calls.
const maxValues = 16

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
		g := e.p.Func(callee)
		call.Static = g.ID
		if g.Word == nil && callee.Blocks == nil && e.p.Open != nil && callee.Parent() == nil && e.p.elsewhere(callee) {
			g.Word = unknownWord(callee)
		}
		if g.Word != nil {
			e.sig, e.by = sig, g
			e.wordAt(g.Word, c.Args, results)
			e.by = nil
			if e.p.Open == nil {
				e.invoke(Call{Static: e.p.done(g).ID, Pos: e.pos})
				return
			}
			if callee.Pkg != e.f.ssa.Pkg {
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
			if w.as != "" {
				e.invoke(Call{Static: e.p.implementer(c.Method, w.as).ID, Results: results, Go: goes, Pos: e.pos})
			}
			if e.p.Open != nil {
				return
			}
			call.Said = true
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
	case "ssa:wrapnilchk", "Add":
		e.copy(result, e.use(args[0]))
	case "Slice", "SliceData":
		e.convertTo(Convert, result, e.use(args[0]))
		switch t := args[0].Type().Underlying().(type) {
		case *types.Pointer:
			e.p.tieElements(t.Elem())
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

// An argument is one that a word speaks of.
type argument struct {
	node   Node
	typ    types.Type
	memory func(read bool) Node // what it leads to
	value  ssa.Value            // at a call
}

// wordAt does what a word says at one call.
func (e *extractor) wordAt(w *Word, args []ssa.Value, results []Node) {
	e.effects(w, len(args), results, func(i int, address bool) argument {
		v := args[i]
		if _, ok := v.Type().Underlying().(*types.Pointer); ok && address {
			return argument{e.addr(v), v.Type(), func(read bool) Node { return e.cell(v, read) }, v}
		}
		return argument{e.use(v), v.Type(), func(read bool) Node { return e.behind(v.Type(), read) }, v}
	})
	for _, r := range results {
		if r != 0 {
			e.emit(Open, r, 0, 0)
		}
	}
}

// word does what a word says in the function that it is about.
func (e *extractor) word(w *Word, params, results []Node, sig *types.Signature) {
	var ts []types.Type
	if recv := sig.Recv(); recv != nil {
		ts = append(ts, recv.Type())
	}
	for v := range sig.Params().Variables() {
		ts = append(ts, v.Type())
	}
	e.sig = sig
	e.effects(w, len(params), results, func(i int, _ bool) argument {
		return argument{params[i], ts[i], func(read bool) Node { return e.behind(ts[i], read) }, nil}
	})
}

// behind returns the memory that a reference of type t leads to.
func (e *extractor) behind(t types.Type, read bool) Node {
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		if isUintptr(t.Elem()) {
			return e.p.numbers(t.Elem())[0]
		}
		return e.p.memory(t.Elem(), read)
	case *types.Slice:
		return e.p.elements(t.Elem(), read)
	}
	return e.p.Unsafe
}

// effects emits what a word says. arg returns an argument, as an address if only what it leads to matters.
func (e *extractor) effects(w *Word, n int, results []Node, arg func(i int, address bool) argument) {
	for _, x := range w.Effects {
		switch {
		case x.Verb == "of":
			e.typeArg(x.Arg, results)
		case x.From == "any" && x.Verb == "methods":
			all := e.p.node()
			e.emit(Any, all, 0, 0)
			e.emit(Methods, all, 0, 0)
		case x.From != "":
			for _, r := range results {
				if r != 0 && x.From == "any" {
					e.emit(Any, r, 0, 0)
					e.emit(Existing, r, 0, 0)
				} else if r != 0 {
					e.emit(Copy, r, e.p.Pooled, 0)
				}
			}
		case x.Arg < 0:
			for i := range n {
				e.effect(w, x, i, n, results, arg)
			}
		default:
			e.effect(w, x, x.Arg, n, results, arg)
		}
	}
}

func (e *extractor) effect(w *Word, x Effect, i, n int, results []Node, arg func(int, bool) argument) {
	if i >= n || x.Value >= n {
		return
	}
	address := x.Verb == "write" || x.Verb == "store" || x.Verb == "ret" && x.Content || x.Verb == "new"
	a := arg(i, address)
	if a.node == 0 {
		return
	}
	content := func(a argument) Node {
		n := e.p.node()
		e.emit(Load, n, a.node, int32(a.memory(true)))
		return n
	}
	switch x.Verb {
	case "ret":
		src := a.node
		if x.Content {
			src = content(a)
		}
		for _, r := range results {
			if r != 0 && w.owns(e.p.NodeType(r), e.p) {
				e.convertTo(Recast, r, src)
			} else if r != 0 && w.says("parts") {
				e.emit(Part, r, src, 0)
			} else {
				e.copy(r, src)
			}
		}
	case "assert":
		for i, r := range results {
			if r != 0 {
				e.emit(Assert, r, a.node, int32(e.p.Type(e.sig.Results().At(i).Type())))
			}
		}
	case "parts", "pointer", "type":
		src := a.node
		if x.Content {
			src = content(a)
		}
		kind := map[string]Kind{"parts": Derive, "pointer": Pointed, "type": Described}[x.Verb]
		for _, r := range results {
			if r != 0 {
				e.emit(kind, r, src, 0)
				if x.Verb != "parts" {
					e.emit(Expose, r, 0, 0)
				}
			}
		}
	case "write":
		e.emit(Write, a.node, 0, e.author())
	case "put":
		e.emit(Put, a.node, 0, e.author())
	case "itself", "mapped", "channelled":
		n := e.p.node()
		e.emit(Only, n, a.node, int32(map[string]TypeID{"itself": e.p.Type(a.typ), "mapped": e.p.Mapped, "channelled": e.p.Channelled}[x.Verb]))
		e.emit(Write, n, 0, e.author())
	case "store":
		e.emit(Store, a.node, arg(x.Value, false).node, int32(a.memory(false)))
	case "copy":
		e.copied(a)
	case "unknown":
		if x.Content {
			e.emit(Unknown, content(a), 0, e.author())
			return
		}
		e.emit(Unknown, a.node, 0, e.author())
		if e.p.Open == nil {
			e.handed(w, a)
		}
		e.later(a.node, a.typ, nil)
	case "call":
		var given []Node
		if x.With && x.Content {
			v := content(arg(x.Value, true))
			given = []Node{v, v}
		} else if x.With {
			given = []Node{arg(x.Value, false).node}
		}
		e.later(a.node, a.typ, given)
	case "expose":
		e.emit(Expose, a.node, 0, 0)
		for _, r := range results {
			if r != 0 {
				e.emit(Existing, r, 0, 0)
			}
		}
	case "set":
		src := a.node
		if x.Content {
			src = content(a)
		}
		e.copy(e.p.Reflected, src)
	case "pool":
		e.copy(e.p.Pooled, a.node)
	case "methods":
		e.emit(Methods, a.node, 0, 0)
	case "new":
		e.callNew(a, results)
	case "retype":
		for _, r := range results {
			if r != 0 {
				e.emit(Retype, r, a.node, 0)
			}
		}
	case "behind":
		for _, r := range results {
			if r != 0 {
				n := e.p.node()
				e.emit(Fresh, n, 0, 0)
				e.emit(whole(Store, a.typ), n, a.node, int32(e.p.memory(a.typ, false)))
				e.copy(r, n)
			}
		}
	case "converts":
		e.emit(Converts, 0, a.node, 0)
	case "seen":
		e.newAt(a.node, arg(x.Value, false))
	case "keys":
		n := e.p.node()
		e.emit(Only, n, a.node, int32(e.p.Keyed))
		e.boxed(results, n)
	case "asks":
		e.asks(a, content(arg(x.Value, true)), results)
	case "make":
		e.made(a)
	case "do":
		e.invoke(Call{Static: -1, Target: a.node, Sig: e.p.Type(a.typ.Underlying()), Pos: e.pos})
	}
}

// typeArg has results describe a type argument of the function that is called.
func (e *extractor) typeArg(i int, results []Node) {
	for _, r := range results {
		if e.by != nil && i < len(e.by.ssa.TypeArgs()) {
			e.emit(Make, r, 0, int32(e.p.Type(e.by.ssa.TypeArgs()[i])))
			e.emit(Expose, r, 0, 0)
		} else {
			e.emit(Any, r, 0, 0)
		}
	}
}

// boxed puts what n leads to into results that are slices.
func (e *extractor) boxed(results []Node, n Node) {
	for i, r := range results {
		if s, ok := e.sig.Results().At(i).Type().Underlying().(*types.Slice); ok && r != 0 {
			e.emit(Box, r, n, int32(e.p.Type(s.Elem())))
		}
	}
}

// asks has reflection call a function: one that argument a holds, or a method that was looked up somewhere.
func (e *extractor) asks(a argument, given Node, results []Node) {
	args, answer := e.p.node(), e.p.node()
	e.copy(args, given)
	e.emit(Any, args, 0, 0)
	e.copy(e.p.Asked, args)
	e.emit(Any, answer, 0, 0)
	e.emit(Existing, answer, 0, 0)
	e.copy(answer, e.p.Answered)
	e.invoke(Call{
		Static: -1, Target: a.node, Pos: e.pos,
		Args: slices.Repeat([]Node{args}, maxValues), Results: slices.Repeat([]Node{answer}, maxValues),
	})
	e.boxed(results, answer)
}

// made calls what stands behind functions that reflection makes: nobody knows which of those is called where a
// function of any make is.
func (e *extractor) made(a argument) {
	sig, ok := a.typ.Underlying().(*types.Signature)
	if !ok {
		return
	}
	elem := sig.Results().At(0).Type().Underlying().(*types.Slice).Elem()
	args, results := e.p.node(), e.p.node()
	e.emit(Any, e.p.Given, 0, 0)
	e.emit(Existing, e.p.Given, 0, 0)
	e.emit(Box, args, e.p.Given, int32(e.p.Type(elem)))
	e.invoke(Call{Static: -1, Target: a.node, Args: []Node{args}, Results: []Node{results}, Sig: e.p.Type(sig), Go: true, Pos: e.pos})
	e.emit(Load, e.p.Returned, results, int32(e.p.elements(elem, true)))
}

// copied puts what a map or slice has in it into a new one.
func (e *extractor) copied(a argument) {
	m, ok := a.typ.Underlying().(*types.Map)
	if !ok {
		return
	}
	for i, t := range []types.Type{m.Key(), m.Elem()} {
		if cell := e.p.mapCell(m, []cellKind{keyCell, valueCell}[i]); cell != 0 {
			n := e.p.node()
			e.emit(whole(Load, t), n, a.node, int32(cell))
			e.emit(Hold, cell, n, 0)
		}
	}
}

// callNew calls the function in a pool's field New.
func (e *extractor) callNew(a argument, results []Node) {
	pool, ok := types.Unalias(a.typ.Underlying().(*types.Pointer).Elem()).(*types.Named)
	if !ok {
		return
	}
	cell := Node(0)
	if a.value != nil {
		cell = e.p.newOf(a.value)
	}
	if cell == 0 {
		cell = e.p.FieldNamed(pool, "New")
	}
	fn := e.p.node()
	e.emit(Load, fn, a.node, int32(cell))
	e.invoke(Call{Static: -1, Target: fn, Results: results, Pos: e.pos})
}

// later calls a function value, at some time.
func (e *extractor) later(node Node, t types.Type, args []Node) {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface, *types.Struct: // the last is reflect's Value
		e.invoke(Call{Static: -1, Target: node, Args: args, Go: true, Pos: e.pos})
	}
}
