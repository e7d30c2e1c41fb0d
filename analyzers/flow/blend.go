package flow

// A blend is memory of many types that is taken to be one: where an address may
// be of more types than are followed one by one, see SeenAlone, memory of all of
// them, and of the types as which it is seen, is in the blend. What is stored
// there by a reference of one type may be read by a reference of another, and then
// leads to what the other type says. What the references in the memory lead to is
// in the blend, too. If an address is moved, so is the memory around.
type blend struct {
	node   Node // what the memory holds; 0 if there is none
	types  map[TypeID]bool
	list   []TypeID
	around map[TypeID]bool // parts of types, the memory around which is in the blend
	handed []view          // who gets what can be reached from the memory
}

// mix adds memory of a type to the blend.
func (p *Program) mix(t TypeID) {
	b := &p.enclosing.blend
	if b.types[t] {
		return
	}
	if b.node == 0 {
		b.node = p.node()
		p.tie(b.node, p.Unsafe)
		p.link(Op{Kind: Mixed, B: b.node})
	}
	b.types[t] = true
	b.list = append(b.list, t)
	p.hold(t)
	typ := p.types[t]
	p.mixCells(p.Leaves(typ))
	p.mixCells(p.elementLeaves(typ))
	for _, n := range p.numbers(typ) {
		p.open(p.Within(n))
		p.tie(n, b.node)
	}
	if isUintptr(typ) {
		p.tieElements(typ)
	}
	if p.opaque(typ) && !p.empty(typ) {
		p.tie(b.node, p.Raw)
	}
	if texts(typ) > 0 {
		p.tie(b.node, p.Text)
	}
	for _, v := range b.handed {
		p.handMixed(t, v)
	}
	for _, v := range p.enclosing.views[t] { // more may come meanwhile, see around
		p.mixView(v)
	}
}

func (p *Program) mixCells(cells []Node) {
	b := &p.enclosing.blend
	for _, n := range cells {
		in := p.Within(n)
		if in == nil {
			p.tie(n, b.node)
			continue
		}
		p.link(Op{Kind: Recast, A: b.node, B: n})
		p.link(Op{Kind: Recast, A: n, B: b.node, C: int32(p.Type(in))})
		if elem, ok := pointee(in); ok {
			p.mix(p.Type(elem))
		}
	}
}

// Mix adds what a reference in the blend's memory leads to, by the reference's
// type.
func (p *Program) Mix(t TypeID) {
	if elem, ok := pointee(p.types[t]); ok {
		p.mix(p.Type(elem))
	}
}

// mixAround adds memory around parts of a type to the blend.
func (p *Program) mixAround(part TypeID) {
	b := &p.enclosing.blend
	if b.around[part] {
		return
	}
	b.around[part] = true
	for _, whole := range p.enclosing.wholes[part] { // more may come meanwhile, see partOf
		p.mixWhole(part, whole)
	}
}

func (p *Program) mixWhole(part, whole TypeID) {
	if p.isBytes(part) && !p.enclosing.casts[[2]TypeID{part, whole}] {
		return // see seenAround
	}
	p.mix(whole)
	p.mixAround(whole)
}

// mixView lets the memory around a part in the blend, which may be any of it, be
// seen as a view's type.
func (p *Program) mixView(v view) {
	switch {
	case v.to != 0:
		p.enclosing.blend.handed = append(p.enclosing.blend.handed, v)
		for _, t := range p.enclosing.blend.list { // mix sees to those that come later
			p.handMixed(t, v)
		}
	case v.typ != 0:
		p.mix(v.typ)
	}
}

func (p *Program) handMixed(t TypeID, v view) {
	p.link(Op{Kind: Hold, A: v.to, B: p.behind(p.PointerTo(t), v.how)})
}

// mixAlone adds what [Program.SeenAlone] speaks of.
func (p *Program) mixAlone(a, b TypeID, moved bool) {
	p.mix(a)
	p.mix(b)
	if moved || p.larger(p.types[b], p.types[a]) {
		p.mixAround(a)
	}
}
