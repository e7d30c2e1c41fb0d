package flow

import (
	"go/constant"
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
		p.extract(f, map[*ssa.FreeVar]Node{})
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

// extract reads fn and the literals in it. private maps free variables that hold the address of a local
// variable which stays in the family to that variable's own memory.
func (p *Program) extract(f *Func, private map[*ssa.FreeVar]Node) { p.extractSplit(f, private, nil) }

// extractSplit is extract for a function whose parts s tells apart, if it is not nil.
func (p *Program) extractSplit(f *Func, private map[*ssa.FreeVar]Node, s *splitter) {
	fn := f.ssa
	e := &extractor{p: p, f: f, nodes: map[ssa.Value]Node{}, own: map[ssa.Value]Node{}, news: map[ssa.Value]Node{}, parts: map[part]Node{}}
	for i, v := range fn.Params {
		e.nodes[v] = f.Params[i]
	}
	for i, v := range fn.FreeVars {
		e.nodes[v] = f.FreeVars[i]
		if n, ok := private[v]; ok {
			e.own[v] = n
		}
	}
	e.privates(private)
	for _, b := range fn.Blocks {
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
			p.extract(g, private)
		}
	}
	if p.Open == nil { // else others read the package too, at the same time
		fn.Blocks, fn.Locals = nil, nil // read; the memory is needed
	}
}

type part struct {
	tuple ssa.Value
	index int
}

type extractor struct {
	p     *Program
	f     *Func
	nodes map[ssa.Value]Node
	own   map[ssa.Value]Node // memory of its own that an address leads to
	news  map[ssa.Value]Node // field New of the sync.Pools in a local variable with memory of its own
	parts map[part]Node
	pos   token.Pos
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

// escape notes that the address of a variable goes where memory is known by type alone.
func (e *extractor) escape(v ssa.Value) {
	p := e.p
	switch v := v.(type) {
	case *ssa.Global:
		if g := p.Global(v); g.Content != 0 {
			p.tie(g.Content, p.memory(v.Type().(*types.Pointer).Elem(), true))
		}
		p.tiePool(v, v.Type().(*types.Pointer).Elem())
	case *ssa.FieldAddr:
		s := core(v.X.Type()).(*types.Pointer).Elem()
		ft := s.Underlying().(*types.Struct).Field(v.Field).Type()
		if HasRefs(ft) && isLeaf(ft) {
			p.tie(p.fieldOf(s, v.Field, true), p.memory(ft, true))
		}
	case *ssa.IndexAddr:
		if t := core(v.Type()).(*types.Pointer).Elem(); HasRefs(t) && isLeaf(t) {
			p.tie(p.elements(t, true), p.memory(t, true))
		}
	}
}

// use is node for a value that goes somewhere.
func (e *extractor) use(v ssa.Value) Node {
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		e.escape(v)
	}
	return e.node(v)
}

// cell returns the memory that an address leads to.
func (e *extractor) cell(addr ssa.Value, read bool) Node {
	elem := core(addr.Type()).(*types.Pointer).Elem()
	if !HasRefs(elem) {
		return 0
	}
	if n := e.root(addr); n != 0 {
		return n
	}
	switch a := addr.(type) {
	case *ssa.Global:
		if g := e.p.Global(a); g.Content != 0 {
			return g.Content
		}
	case *ssa.FieldAddr:
		return e.p.fieldOf(core(a.X.Type()).(*types.Pointer).Elem(), a.Field, read)
	case *ssa.IndexAddr:
		return e.p.elements(elem, read)
	}
	return e.p.memory(elem, read)
}

// root returns the memory of its own that an address leads into, or none.
func (e *extractor) root(addr ssa.Value) Node {
	for {
		if n, ok := e.own[addr]; ok {
			return n
		}
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return 0
		}
	}
}

// privates gives memory of their own to local variables whose address is only read and written through, here and
// in the literals that capture it. For the types that interfaces in it have, its fields still count as those of
// their struct.
func (e *extractor) privates(private map[*ssa.FreeVar]Node) {
	fn := e.f.ssa
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			a, ok := instr.(*ssa.Alloc)
			if !ok {
				continue
			}
			elem := core(a.Type()).(*types.Pointer).Elem()
			if !HasRefs(elem) {
				continue
			}
			if a.Comment == "varargs" {
				e.own[a] = e.p.node()
				continue
			}
			var captured []*ssa.FreeVar
			if stays(a, &captured, 0) {
				n := e.p.node()
				e.own[a] = n
				for _, v := range captured {
					private[v] = n
				}
			}
		}
	}
}

// stays reports whether an address is only read and written through.
func stays(addr ssa.Value, captured *[]*ssa.FreeVar, depth int) bool {
	if addr.Referrers() == nil || depth > 8 {
		return false
	}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if r.Val == addr {
				return false
			}
		case *ssa.FieldAddr:
			if !stays(r, captured, depth+1) {
				return false
			}
		case *ssa.IndexAddr:
			if r.X != addr || !stays(r, captured, depth+1) {
				return false
			}
		case *ssa.MakeClosure:
			for i, b := range r.Bindings {
				if b != addr {
					continue
				}
				v := r.Fn.(*ssa.Function).FreeVars[i]
				*captured = append(*captured, v)
				if !stays(v, captured, depth+1) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
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
		e.convertTo(Convert, e.node(v), e.use(v.X))
		e.converted(v.X.Type(), v.Type())
	case *ssa.Convert:
		e.convert(v)
	case *ssa.MultiConvert, *ssa.SliceToArrayPointer:
		e.convertTo(Recast, e.node(v.(ssa.Value)), e.use(*v.Operands(nil)[0]))
	case *ssa.MakeInterface:
		x := e.use(v.X)
		e.emit(Make, e.node(v), x, int32(p.Type(v.X.Type())))
		if s, ok := core(v.X.Type()).(*types.Slice); ok && x != 0 {
			if cell := p.elements(s.Elem(), false); cell != 0 { // variadic arguments travel no further
				e.emit(Types, cell, x, 0)
			}
		}
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
		if n := e.node(v); n != 0 && isLeaf(v.X.Type()) {
			e.copy(n, e.node(v.X))
		} else if n != 0 {
			e.emit(whole(Field, v.Type()), n, e.node(v.X), int32(p.fieldOf(v.X.Type(), v.Field, true)))
		}
	case *ssa.Index:
		if n := e.node(v); n != 0 {
			e.emit(whole(Field, v.Type()), n, e.node(v.X), int32(p.elements(v.Type(), true)))
		}
	case *ssa.FieldAddr:
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

func (e *extractor) unop(v *ssa.UnOp) {
	n := e.node(v)
	switch v.Op {
	case token.MUL:
		e.loadPool(v)
		if n != 0 && HasRefs(v.Type()) {
			e.load(n, v.X, v.Type())
		}
	case token.ARROW:
		dst := n
		if v.CommaOk {
			dst = e.part(v, 0)
		}
		e.receive(v.X, dst)
	default:
		if isUintptr(v.Type()) {
			e.copy(n, e.node(v.X))
		}
	}
}

// load has n get what lies at an address.
func (e *extractor) load(n Node, addr ssa.Value, t types.Type) {
	own := e.root(addr)
	if own == 0 {
		e.emit(whole(Load, t), n, e.addr(addr), int32(e.cell(addr, true)))
		return
	}
	if e.isPart(addr) {
		e.emit(LoadParts, n, e.addr(addr), int32(own))
		if needsTypes(t) {
			e.emit(Types, n, e.partCell(addr), 0)
		}
		return
	}
	e.emit(whole(Load, t), n, e.addr(addr), int32(own))
}

func (e *extractor) store(v *ssa.Store) {
	own := e.root(v.Addr)
	e.storePool(v)
	if own == 0 {
		e.emit(whole(Store, v.Val.Type()), e.addr(v.Addr), e.use(v.Val), int32(e.cell(v.Addr, false)))
		return
	}
	root := rootValue(v.Addr)
	if a, ok := root.(*ssa.Alloc); ok { // nobody else's memory
		val := e.use(v.Val)
		switch {
		case val == 0:
		case a.Comment == "varargs":
			e.copy(own, val)
		case e.isPart(v.Addr):
			e.emit(Hold, own, val, 0)
			if needsTypes(v.Val.Type()) {
				e.emit(Types, e.partCell(v.Addr), val, 0)
			}
		case isLeaf(v.Val.Type()):
			e.copy(own, val)
		default:
			e.emit(Hold, own, val, 0)
		}
		return
	}
	// A captured variable. The literal may be part of another variable's value, and what it captured with it.
	val := e.use(v.Val)
	if e.isPart(v.Addr) {
		e.emit(StoreParts, e.addr(v.Addr), val, int32(own))
		if val != 0 && needsTypes(v.Val.Type()) {
			e.emit(Types, e.partCell(v.Addr), val, 0)
		}
		return
	}
	e.emit(whole(Store, v.Val.Type()), e.addr(v.Addr), val, int32(own))
}

// isPart reports whether an address leads to a part of a local variable.
func (e *extractor) isPart(addr ssa.Value) bool {
	root := rootValue(addr)
	return root != addr && !isLeaf(core(root.Type()).(*types.Pointer).Elem())
}

// partCell returns the memory that parts of the kind at an address have.
func (e *extractor) partCell(addr ssa.Value) Node {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return e.p.fieldOf(core(a.X.Type()).(*types.Pointer).Elem(), a.Field, true)
	case *ssa.IndexAddr:
		return e.p.elements(core(addr.Type()).(*types.Pointer).Elem(), true)
	}
	return 0
}

// whole returns the operation's kind for a value of type t.
func whole(k Kind, t types.Type) Kind {
	if !isLeaf(t) {
		return k + 1
	}
	return k
}

func rootValue(addr ssa.Value) ssa.Value {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return addr
		}
	}
}

// needsTypes reports whether calls depend on what a value of type t holds.
func needsTypes(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Interface, *types.Signature:
		return true
	}
	return false
}

func (e *extractor) convert(v *ssa.Convert) {
	n := e.node(v)
	if n == 0 {
		return
	}
	if _, ok := v.Type().Underlying().(*types.Slice); ok && !isInitialConst(v) {
		e.emit(Room, 0, 0, 0) // of a string: rounded up
	}
	e.convertTo(Recast, n, e.use(v.X))
	from, to := v.X.Type().Underlying(), v.Type().Underlying()
	if ptr, ok := from.(*types.Pointer); ok && isUnsafe(to) {
		e.p.exposeUnsafe(ptr.Elem())
	} else if ptr, ok := to.(*types.Pointer); ok && isUnsafe(from) {
		e.p.exposeUnsafe(ptr.Elem())
	} else {
		e.converted(v.X.Type(), v.Type())
	}
}

// isInitialConst reports whether a conversion is of a constant in a package's initialisation: the compiler lays out
// such slices itself, without room.
func isInitialConst(v *ssa.Convert) bool {
	_, ok := v.X.(*ssa.Const)
	return ok && v.Parent().Synthetic == "package initializer"
}

func (e *extractor) convertTo(kind Kind, a, b Node) {
	if a != 0 && b != 0 {
		e.emit(kind, a, b, 0)
	}
}

// converted ties memory that a conversion lets be seen under two types.
func (e *extractor) converted(from, to types.Type) {
	f, ok1 := from.Underlying().(*types.Pointer)
	t, ok2 := to.Underlying().(*types.Pointer)
	if ok1 && ok2 {
		e.p.tieTypes(f.Elem(), t.Elem())
		return
	}
	switch from.Underlying().(type) {
	case *types.Struct, *types.Array:
		e.p.tieTypes(from, to)
	}
}

func (e *extractor) part(tuple ssa.Value, index int) Node {
	k := part{tuple, index}
	n, ok := e.parts[k]
	if !ok {
		t := tuple.Type().(*types.Tuple).At(index).Type()
		n = e.p.nodeFor(t)
		if _, iter := tuple.(*ssa.Next); iter && n == 0 && t == types.Typ[types.Invalid] {
			n = e.p.node()
		}
		e.parts[k] = n
	}
	return n
}

func (e *extractor) slice(v *ssa.Slice) {
	n := e.node(v)
	if n == 0 {
		return
	}
	if own, ok := e.own[v.X]; ok { // the slice of variadic arguments carries them along
		e.emit(Box, n, own, int32(e.p.Type(core(v.X.Type()).(*types.Pointer).Elem().Underlying().(*types.Array).Elem())))
		return
	}
	x := e.addr(v.X)
	if _, ok := v.X.(*ssa.FieldAddr); ok {
		x = e.use(v.X)
	}
	if x == 0 {
		return
	}
	if c, ok := v.Max.(*ssa.Const); ok && c.Value != nil && constant.Sign(c.Value) == 0 {
		return // s[:0:0] leads to nothing
	}
	if v.High != nil && v.Max == nil || v.Max != nil && !sameConst(v.High, v.Max) {
		e.emit(Reslice, n, x, 0)
		return
	}
	e.copy(n, x)
}

func sameConst(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok1 := a.(*ssa.Const)
	y, ok2 := b.(*ssa.Const)
	return ok1 && ok2 && x.Value != nil && y.Value != nil && constant.Compare(x.Value, token.EQL, y.Value)
}

func (e *extractor) lookup(v *ssa.Lookup) {
	m, ok := core(v.X.Type()).(*types.Map)
	if !ok {
		return
	}
	dst := Node(0)
	if v.CommaOk {
		dst = e.part(v, 0)
	} else {
		dst = e.node(v)
	}
	if dst != 0 {
		e.emit(whole(Load, m.Elem()), dst, e.node(v.X), int32(e.p.mapCell(m, valueCell)))
	}
}

func (e *extractor) rangeNode(v *ssa.Range) Node {
	n, ok := e.nodes[v]
	if !ok {
		n = e.p.node()
		e.nodes[v] = n
	}
	return n
}

func (e *extractor) next(v *ssa.Next) {
	if v.IsString {
		return
	}
	m, ok := core(v.Iter.(*ssa.Range).X.Type()).(*types.Map)
	if !ok {
		return
	}
	it := e.rangeNode(v.Iter.(*ssa.Range))
	for i, t := range []types.Type{m.Key(), m.Elem()} {
		if !HasRefs(t) {
			e.parts[part{v, i + 1}] = 0
			continue
		}
		n := e.p.node()
		e.parts[part{v, i + 1}] = n
		e.emit(whole(Load, t), n, it, int32(e.p.mapCell(m, []cellKind{keyCell, valueCell}[i])))
	}
}

func (e *extractor) chanCell(ch types.Type) Node {
	elem := core(ch).(*types.Chan).Elem()
	if !HasRefs(elem) {
		return 0
	}
	return e.p.cell(cellKey{kind: chanCell, typ: e.p.Type(elem)})
}

func (e *extractor) send(ch, x ssa.Value) {
	e.emit(whole(Store, x.Type()), e.node(ch), e.use(x), int32(e.chanCell(ch.Type())))
}

// receive takes something out of a channel, which changes it.
func (e *extractor) receive(ch ssa.Value, dst Node) {
	if dst != 0 {
		e.emit(whole(Load, core(ch.Type()).(*types.Chan).Elem()), dst, e.node(ch), int32(e.chanCell(ch.Type())))
	}
	e.emit(Write, e.node(ch), 0, 0)
}

func (e *extractor) selects(v *ssa.Select) {
	recv := 2
	for _, s := range v.States {
		if s.Dir == types.SendOnly {
			e.send(s.Chan, s.Send)
			continue
		}
		e.receive(s.Chan, e.part(v, recv))
		recv++
	}
}

func isUintptr(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uintptr
}

func isUnsafe(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}
