package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxValues is how many parameters or results a function may have that reflection calls.
const maxValues = 16

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
			e.copy(all, e.p.Asked) // as functions, methods are given their receivers
			e.methods(all)
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
	for i, r := range results { // of a struct, types are looked up where its fields are
		if t := e.sig.Results().At(i).Type(); r != 0 && !isLeaf(t) {
			for _, leaf := range e.p.Leaves(t) {
				e.emit(Types, leaf, r, 0)
			}
		}
	}
}

func (e *extractor) effect(w *Word, x Effect, i, n int, results []Node, arg func(int, bool) argument) {
	if i >= n || x.Value >= n {
		return
	}
	address := x.Verb == "ret" && x.Content
	switch x.Verb {
	case "write", "store", "moved", "new":
		address = true
	}
	a := arg(i, address)
	if a.node == 0 || x.Verb == "promoted" {
		return
	}
	if i == 0 && w.says("promoted") && x.Verb != "call" {
		a.node = e.promoted(a.node)
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
	case "replace":
		e.emit(Put, a.node, 0, e.author())
		by := argument{}
		if x.With {
			by = arg(x.Value, false)
		}
		if e.replaces(a.value, by.value) {
			e.emit(Replace, a.node, by.node, e.author())
		}
	case "itself", "mapped", "channelled", "listed":
		if c, ok := a.value.(*ssa.Call); ok && x.Verb == "itself" && c.Call.StaticCallee() != nil && e.p.Func(c.Call.StaticCallee()).Word.Reflects() {
			return // reflection made it
		}
		n := e.p.node()
		e.emit(Only, n, a.node, int32(map[string]TypeID{"itself": e.p.Type(a.typ), "mapped": e.p.Mapped, "channelled": e.p.Channelled, "listed": e.p.Listed}[x.Verb]))
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
		if e.composite(w, arg, x.Arg) {
			e.emit(Hold, e.p.Wholes, src, 0)
		}
		if e.p.Outside != 0 { // it may be the importers' own memory
			e.emit(Set, arg(0, false).node, src, 0)
		}
	case "pool":
		e.copy(e.p.Pooled, a.node)
	case "methods":
		e.methods(a.node)
	case "bound":
		for _, r := range results {
			if r != 0 {
				e.emit(Bound, r, a.node, 0)
			}
		}
	case "new":
		e.callNew(a, results)
	case "retype", "like":
		for _, r := range results {
			if r != 0 {
				e.emit(map[string]Kind{"retype": Retype, "like": Like}[x.Verb], r, a.node, 0)
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
	case "seen", "spans":
		e.newAt(a.node, arg(x.Value, false), x.Verb == "spans")
	case "moved":
		for _, n := range append(results, a.memory(false)) {
			if n != 0 {
				e.emit(Moved, n, 0, 0)
			}
		}
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

// promoted returns a node for what n holds, and for the structs to which embedded
// fields of that lead: their fields are found as if they were its own.
func (e *extractor) promoted(n Node) Node {
	all := e.p.node()
	e.copy(all, n)
	e.emit(Promote, all, all, 0)
	return all
}

// typeArg has results describe a type argument of the function that is called.
func (e *extractor) typeArg(i int, results []Node) {
	for _, r := range results {
		if e.by != nil && i < len(e.by.ssa.TypeArgs()) {
			e.emit(Make, r, 0, int32(e.p.Type(e.by.ssa.TypeArgs()[i])))
			e.emit(Expose, r, 0, 0)
			if !e.p.Parametric(e.p.Type(e.by.ssa.TypeArgs()[i])) {
				continue
			}
		}
		e.emit(Any, r, 0, 0)
	}
}

// methods has reflection call methods, or hand them out as functions of any make.
func (e *extractor) methods(n Node) {
	e.emit(Methods, n, 0, 0)
	e.copy(e.p.Asked, e.p.Given)
	e.copy(e.p.Returned, e.p.Answered)
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
	anything := types.NewVar(token.NoPos, nil, "", types.Universe.Lookup("any").Type())
	sig := types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(anything), false)
	fn := e.p.node()
	e.emit(Load, fn, a.node, int32(cell))
	e.invoke(Call{Static: -1, Target: fn, Sig: e.p.Type(sig), Results: results, Pos: e.pos})
}

// later calls a function value, at some time.
func (e *extractor) later(node Node, t types.Type, args []Node) {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface, *types.Struct: // the last is reflect's Value
		e.invoke(Call{Static: -1, Target: node, Args: args, Go: true, Pos: e.pos})
	}
}
