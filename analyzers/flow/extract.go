package flow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Body reads the function's body, once, and returns the function.
func (p *Program) Body(f *Func) *Func {
	if f.extracted {
		return f
	}
	f.extracted = true
	fn := f.ssa
	if f.Word == nil {
		p.buildFor(fn)
		if fn.Blocks == nil {
			switch other := p.bodies[f.Key]; {
			case other == nil || other == fn:
			case p.funcKey(other) == f.Key: // the same function, in cgo's form of its package
				fn, f.ssa = other, other
				p.buildFor(fn)
			default:
				p.forward(f, p.Func(other))
				return f
			}
		}
	}
	e := extractor{p: p, f: f, pos: fn.Pos()}
	switch {
	case f.Word != nil:
		f.said = true
		e.word(f.Word, f.Params, f.Results, fn.Signature)
	case fn.Blocks == nil:
		f.Word, f.said = unknownWord(fn), true
		e.word(f.Word, f.Params, f.Results, fn.Signature)
	default:
		p.extract(f, newLocals())
	}
	return f
}

// buildFor makes sure that the function's body exists.
func (p *Program) buildFor(fn *ssa.Function) {
	if o := fn.Origin(); o != nil && o.Pkg != nil {
		o.Pkg.Build()
	}
	if fn.Pkg != nil {
		fn.Pkg.Build()
	}
}

// forward makes f another name of g.
func (p *Program) forward(f, g *Func) {
	call := Call{Static: g.ID, Args: f.Params, Pos: f.ssa.Pos()}
	for range g.Results {
		call.Results = append(call.Results, 0)
	}
	copy(call.Results, f.Results)
	f.Calls = append(f.Calls, call)
	f.Ops = append(f.Ops, Op{Kind: Invoke, Pos: f.ssa.Pos()})
}

// extract reads fn and the literals in it.
func (p *Program) extract(f *Func, l *locals) { p.extractSplit(f, l, nil) }

// extractSplit is extract for a function whose parts s tells apart, if it is not nil.
func (p *Program) extractSplit(f *Func, l *locals, s *splitter) {
	fn := f.ssa
	e := &extractor{p: p, f: f, locals: l, nodes: map[ssa.Value]Node{}, news: map[ssa.Value]Node{}, parts: map[part]Node{}}
	for i, v := range fn.Params {
		e.nodes[v] = f.Params[i]
	}
	for i, v := range fn.FreeVars {
		e.nodes[v] = f.FreeVars[i]
		if n, ok := l.own[v]; ok {
			f.Captured = append(f.Captured, n)
		}
		f.Captured = append(f.Captured, l.fields[v]...)
	}
	e.privates()
	for _, b := range fn.Blocks {
		e.block = b
		for _, instr := range b.Instrs {
			e.pos = instr.Pos()
			if !e.pos.IsValid() {
				e.pos = fn.Pos()
			}
			if s != nil {
				e.f = s.owner(instr)
			}
			e.mentions(instr)
			e.instr(instr)
		}
	}
	for _, anon := range fn.AnonFuncs {
		g := p.Func(anon)
		if !g.extracted {
			g.extracted = true
			p.extract(g, l)
		}
	}
	if p.Open == nil { // else others read the package too, at the same time
		fn.Blocks, fn.Locals = nil, nil // read; the memory is needed
	}
}

type extractor struct {
	*locals
	p     *Program
	f     *Func
	nodes map[ssa.Value]Node
	news  map[ssa.Value]Node // field New of the sync.Pools in a local variable with memory of its own
	parts map[part]Node
	pos   token.Pos
	block *ssa.BasicBlock  // that is being read
	sig   *types.Signature // of the call that a word speaks about
	by    *Func            // that the word is about, at a call
}

func (e *extractor) emit(kind Kind, a, b Node, c int32) {
	e.f.Ops = append(e.f.Ops, Op{kind, a, b, c, e.pos})
}

func (e *extractor) copy(a, b Node) {
	if a != 0 && b != 0 && a != b {
		e.emit(Copy, a, b, 0)
	}
}

// node returns the node of a value, none if it holds no references.
func (e *extractor) node(v ssa.Value) Node {
	if n, ok := e.nodes[v]; ok {
		return n
	}
	var n Node
	switch v := v.(type) {
	case *ssa.Const, *ssa.Builtin:
	case *ssa.Global:
		n = e.p.Global(v).Addr
		e.escape(v)
	case *ssa.Function:
		n = e.p.node()
		e.emit(Value, n, 0, int32(e.p.Func(v).ID))
		e.protectsLater(v)
		return n // the next mention may be another initialiser's
	default:
		n = e.p.nodeFor(v.Type())
	}
	e.nodes[v] = n
	return n
}

// addr is node for an address that is only read or written through.
func (e *extractor) addr(v ssa.Value) Node {
	if g, ok := v.(*ssa.Global); ok {
		return e.p.Global(g).Addr
	}
	return e.node(v)
}

// use is node for a value that goes somewhere.
func (e *extractor) use(v ssa.Value) Node {
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		e.escape(v)
	}
	return e.node(v)
}

// mentions notes the variables that an instruction names, scalars too.
func (e *extractor) mentions(instr ssa.Instruction) {
	for _, op := range instr.Operands(nil) {
		if g, ok := (*op).(*ssa.Global); ok {
			e.f.Mentions = append(e.f.Mentions, Mention{e.p.Global(g), e.pos})
		}
	}
}

func (e *extractor) instr(instr ssa.Instruction) {
	p := e.p
	switch v := instr.(type) {
	case *ssa.Alloc:
		if _, ok := e.own[v]; !ok {
			e.fresh(v)
		}
	case *ssa.MakeMap, *ssa.MakeChan:
		e.fresh(v.(ssa.Value))
	case *ssa.MakeSlice:
		e.fresh(v)
		if !sameConst(v.Len, v.Cap) {
			e.emit(Room, 0, 0, 0)
		}
	case *ssa.BinOp:
		if n := e.node(v); n != 0 && isUintptr(v.Type()) {
			e.copy(n, e.node(v.X))
			e.copy(n, e.node(v.Y))
			e.emit(Moved, n, 0, 0)
		}
	case *ssa.UnOp:
		e.unop(v)
	case *ssa.Call:
		e.call(v, &v.Call, false)
	case *ssa.Go:
		e.call(nil, &v.Call, true)
	case *ssa.Defer:
		e.call(nil, &v.Call, false)
	case *ssa.ChangeInterface:
		e.copy(e.node(v), e.use(v.X))
	case *ssa.ChangeType:
		e.opens(v, v.X)
		e.convertTo(Convert, e.node(v), e.use(v.X))
		e.converted(v.X.Type(), v.Type())
	case *ssa.Convert:
		e.convert(v)
	case *ssa.MultiConvert, *ssa.SliceToArrayPointer:
		x := *v.Operands(nil)[0]
		if t := v.(ssa.Value).Type(); isUintptr(t) || isUnsafe(t.Underlying()) || isTypeParam(t) {
			e.p.openAll()
		}
		e.convertTo(Recast, e.node(v.(ssa.Value)), e.use(x))
		e.untravelled(x)
	case *ssa.MakeInterface:
		x := e.use(v.X)
		e.emit(Make, e.node(v), x, int32(p.Type(v.X.Type())))
		if untyped(v.X.Type()) {
			e.emit(Types, p.Loose, x, 0)
		}
		e.untravelled(v.X)
	case *ssa.MakeClosure:
		g := p.Func(v.Fn.(*ssa.Function))
		e.emit(Value, e.node(v), 0, int32(g.ID))
		e.fresh(v)
		for i, b := range v.Bindings {
			if _, ok := e.own[b]; ok {
				continue // the literal reads and writes the variable's own memory
			}
			e.copy(g.FreeVars[i], e.use(b))
		}
	case *ssa.Extract:
		e.copy(e.node(v), e.part(v.Tuple, v.Index))
	case *ssa.Field:
		if n := e.node(v); isUintptr(v.Type()) {
			e.emit(Load, n, 0, int32(p.numberIn(v.X.Type(), v.Field)))
		} else if n != 0 && isLeaf(v.X.Type()) {
			e.copy(n, e.node(v.X))
		} else if n != 0 {
			e.emit(whole(Field, v.Type()), n, e.node(v.X), int32(p.fieldOf(v.X.Type(), v.Field, true)))
		}
	case *ssa.Index:
		if n := e.node(v); isUintptr(v.Type()) {
			e.emit(Load, n, 0, int32(p.numberElem()))
		} else if n != 0 {
			e.emit(whole(Field, v.Type()), n, e.node(v.X), int32(p.elements(v.Type(), true)))
		}
	case *ssa.FieldAddr:
		p.addresses(v)
		e.copy(e.node(v), e.addr(v.X))
	case *ssa.IndexAddr:
		e.copy(e.node(v), e.addr(v.X))
	case *ssa.Slice:
		e.slice(v)
	case *ssa.Lookup:
		e.lookup(v)
	case *ssa.Range:
		e.copy(e.rangeNode(v), e.node(v.X))
	case *ssa.Next:
		e.next(v)
	case *ssa.MapUpdate:
		m := core(v.Map.Type()).(*types.Map)
		e.emit(whole(Store, v.Value.Type()), e.node(v.Map), e.use(v.Value), int32(p.mapCell(m, valueCell)))
		if k := e.use(v.Key); k != 0 {
			e.emit(whole(Store, v.Key.Type()), e.node(v.Map), k, int32(p.mapCell(m, keyCell)))
		}
	case *ssa.Store:
		e.store(v)
	case *ssa.Send:
		e.send(v.Chan, v.X)
	case *ssa.Select:
		e.selects(v)
	case *ssa.TypeAssert:
		dst := e.node(v)
		if v.CommaOk {
			dst = e.part(v, 0)
		}
		if x := e.node(v.X); x != 0 && dst != 0 {
			e.emit(Assert, dst, x, int32(p.Type(v.AssertedType)))
			if untyped(v.AssertedType) {
				e.emit(Types, dst, p.Loose, 0)
			}
		}
	case *ssa.Phi:
		for _, x := range v.Edges {
			e.copy(e.node(v), e.use(x))
		}
	case *ssa.Panic:
		e.copy(p.Panic, e.use(v.X))
	case *ssa.Return:
		for i, x := range v.Results {
			if i < len(e.f.Results) {
				e.copy(e.f.Results[i], e.use(x))
			}
		}
	}
}

// fresh notes that v is a reference to new memory.
func (e *extractor) fresh(v ssa.Value) { e.emit(Fresh, e.node(v), 0, 0) }

// untravelled has the types of variadic arguments, which their slice carries along, found in the memory of elements, where
// the slice goes on as something else.
func (e *extractor) untravelled(v ssa.Value) {
	if s, ok := core(v.Type()).(*types.Slice); ok && e.use(v) != 0 {
		if cell := e.p.elements(s.Elem(), false); cell != 0 {
			e.emit(Types, cell, e.use(v), 0)
		}
	}
}
