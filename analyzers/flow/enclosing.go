package flow

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"github.com/go-vimage/vimage/analyzers/internal/bitset"
	"golang.org/x/tools/go/ssa"
)

// The address of a part of a struct or array leads to the whole once package
// unsafe has moved it, or has made of it the address of something larger than
// the part:
//
//	p := &s.a
//	q := (**E)(unsafe.Add(unsafe.Pointer(p), unsafe.Offsetof(s.b)))
//
// The type of the part decides what the whole may be: the program takes the
// address of such a part in a value of the whole's type, or casts a pointer to the
// whole to a pointer to such a part.

// An enclosing records which types contain parts of a type, and as which types
// the memory around such parts is seen.
type enclosing struct {
	wholes    map[TypeID][]TypeID          // by a part's type: the types of what such parts lie in
	views     map[TypeID][]view            // by a part's type: as what the memory around such parts is seen
	known     map[[2]TypeID]bool           // parts and wholes
	seen      map[view]*bitset.Set[TypeID] // parts around which memory is seen so
	list      []TypeID                     // all wholes
	listed    map[TypeID]bool
	anywhere  []TypeID                // types that may be seen in all of them
	into      map[[2]TypeID]bool      // such types, and where they have been found
	within    table[TypeID, []TypeID] // by type: what pointInto may find in values of it, sorted
	casts     map[[2]TypeID]bool      // parts as which the wholes are seen by a cast
	downcasts map[[2]TypeID]bool      // structs, and larger ones that are found from these as their first fields
	taken     map[TypeID]bool         // types whose parts are all recorded
	all       map[behindKey]Node      // by a part's type: what gets what can be reached from the memory around such parts
	steps     int                     // how often a whole was seen as another type
	whole     map[TypeID]bool         // types of structs and arrays that the program finds by a part's address
	alone     map[TypeID]bool         // types as which memory was seen alone, see SeenAlone
}

// A view is what memory around a part is seen as.
type view struct {
	typ      TypeID // 0 for what is seen through unsafe.Pointer
	to       Node   // if not 0: not as a type, but by what gets what can be reached from it
	how      handing
	downcast bool // a struct of which the part is the first field, where it begins
	alone    bool // as nothing but the values of that type that are in the memory
}

func newEnclosing() enclosing {
	return enclosing{
		wholes: map[TypeID][]TypeID{}, views: map[TypeID][]view{}, known: map[[2]TypeID]bool{},
		seen:  map[view]*bitset.Set[TypeID]{},
		casts: map[[2]TypeID]bool{}, listed: map[TypeID]bool{}, into: map[[2]TypeID]bool{}, downcasts: map[[2]TypeID]bool{},
		taken: map[TypeID]bool{}, whole: map[TypeID]bool{}, all: map[behindKey]Node{},
		alone: map[TypeID]bool{},
	}
}

// enclosed notes the structs and arrays that contain the memory at an address
// which the function passes on.
func (p *Program) enclosed(addr ssa.Value) {
	for {
		var base ssa.Value
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			base = a.X
		case *ssa.IndexAddr:
			base = a.X
		default:
			return
		}
		whole, ok := core(base.Type()).(*types.Pointer)
		if !ok { // a slice: its elements lie among others of their type
			return
		}
		p.partOf(core(addr.Type()).(*types.Pointer).Elem(), whole.Elem(), false)
		addr = base
	}
}

// partsOf notes all parts of a value whose parts reflection can address.
func (p *Program) partsOf(whole types.Type) {
	id := p.Type(whole)
	if p.enclosing.taken[id] {
		return
	}
	p.enclosing.taken[id] = true
	switch u := whole.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			p.partOf(f.Type(), whole, false)
			p.partsOf(f.Type())
		}
	case *types.Array:
		p.partOf(u.Elem(), whole, false)
		p.partsOf(u.Elem())
	}
}

// partOf notes that an address of a part may be one in a whole. A cast says that
// memory of the whole is seen as such a part.
func (p *Program) partOf(part, whole types.Type, cast bool) {
	e, k := &p.enclosing, [2]TypeID{p.Type(part), p.Type(whole)}
	if k[0] == k[1] || e.known[k] && (!cast || e.casts[k]) {
		return
	}
	if !e.known[k] {
		e.wholes[k[0]] = append(e.wholes[k[0]], k[1])
	}
	if !e.listed[k[1]] {
		e.listed[k[1]] = true
		e.list = append(e.list, k[1])
		for _, t := range e.anywhere {
			p.PointInto(k[1], t)
		}
	}
	e.known[k], e.casts[k] = true, cast || e.casts[k]
	for _, v := range e.views[k[0]] { // more may come meanwhile, which then see this whole
		p.seenAround(k[0], k[1], v)
	}
}

// around notes that memory around parts of a type is seen as a view's type.
func (p *Program) around(part TypeID, v view) {
	e := &p.enclosing
	seen := e.seen[v]
	if seen == nil {
		seen = new(bitset.Set[TypeID])
		e.seen[v] = seen
	}
	if seen.Has(part) {
		return
	}
	seen.Add(part)
	e.views[part] = append(e.views[part], v)
	for _, whole := range e.wholes[part] {
		p.seenAround(part, whole, v)
	}
}

// manySteps is the number of wholes that are seen as another type because of
// their parts. A program that has more of them, as one with an encoder that
// casts the address of any value to any type, would come to have one memory
// only. The wholes that come after that are seen alone.
const manySteps = 10_000

// manyWholes is the number of wholes from which on an address of a part of a
// type that the language has, as int, is seen alone. A large program has
// thousands of structs with an integer whose address is taken:
//
//	flag.IntVar(&config.port, "port", 80, "")
//
// Where the part is named, as in unsafe.Pointer(&s.n), its wholes are known.
const manyWholes = 100

// common reports whether parts of a type are in so many wholes that these are
// seen alone.
func (p *Program) common(part TypeID) bool {
	_, basic := types.Unalias(p.types[part]).(*types.Basic)
	return basic && len(p.enclosing.wholes[part]) > manyWholes
}

// SeenAlone is [Program.SeenAs] for one of more addresses than are followed
// one by one. The code is taken to know what it finds there: of the memory
// around a value of type a, a pointer to b leads to the values of type b alone.
func (p *Program) SeenAlone(a, b TypeID, moved bool) {
	p.enclosing.alone[b] = true
	if moved {
		p.PointInto(a, b)
		p.around(a, view{typ: b, alone: true})
	}
}

// Alone lists the types for which [Program.SeenAlone] has held, as they are
// spelled, and a place where a pointer to the type is made of an address
// without a type, if there is one.
func (p *Program) Alone() (out []Cast) {
	for id := range p.enclosing.alone {
		out = append(out, Cast{p.types[id].String(), p.castAt[id]})
	}
	slices.SortFunc(out, func(a, b Cast) int { return cmp.Compare(a.Type, b.Type) })
	return out
}

// A Cast is a place where an address without a type becomes a pointer to one.
type Cast struct {
	Type string    // as package types spells it, with whole import paths
	Pos  token.Pos // invalid if no conversion does it, as in package reflect
}

// wholesOf returns the types of what an address is known to be in: for &s.a.b
// those of s.a and s.
func wholesOf(addr ssa.Value) (out []types.Type) {
	for {
		var base ssa.Value
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			base = a.X
		case *ssa.IndexAddr:
			base = a.X
		default:
			return out
		}
		whole, ok := core(base.Type()).(*types.Pointer)
		if !ok {
			return out
		}
		out = append(out, whole.Elem())
		addr = base
	}
}

func (p *Program) seenAround(part, whole TypeID, v view) {
	switch {
	case v.typ != 0 && p.isBytes(part) && p.opaque(p.types[v.typ]) && !p.enclosing.casts[[2]TypeID{part, whole}]:
		// An address of a byte is moved to other bytes of the same array, unless
		// the whole is cast to bytes, as to copy it.
	case v.to != 0:
		p.hold(whole)
		p.link(Op{Kind: Hold, A: v.to, B: p.behind(p.PointerTo(whole), v.how)})
		if v.how == moving {
			p.link(Op{Kind: Hold, A: v.to, B: p.allAround(whole, moving)})
		}
	case v.typ == 0:
		p.hold(whole)
		p.exposeUnsafe(p.types[whole])
		p.around(whole, v)
	case v.downcast && (p.enclosing.downcasts[[2]TypeID{part, whole}] || begins(p.types[whole], p.types[v.typ])):
		// Where several structs have the same first field, the program knows
		// which of them it has.
	case v.alone:
		p.PointInto(whole, v.typ)
		p.around(whole, v)
	case p.enclosing.casts[[2]TypeID{part, whole}] && p.opaque(p.types[part]) && p.opaque(p.types[v.typ]):
		// Neither type shows a reference: the cast to the part has tied all that
		// another cast could tie.
		p.partOf(p.types[v.typ], p.types[whole], true)
		p.around(whole, v)
	case p.common(part) || p.enclosing.steps >= manySteps:
		p.SeenAlone(part, v.typ, true)
	default:
		p.enclosing.steps++
		p.seenAs(p.types[whole], p.types[v.typ], moved)
	}
}

// allAround returns a node that holds all that can be reached from the memory
// around parts of a type.
func (p *Program) allAround(part TypeID, how handing) Node {
	k := behindKey{part, how}
	n, ok := p.enclosing.all[k]
	if !ok {
		n = p.node()
		p.enclosing.all[k] = n
		p.around(part, view{to: n, how: how})
	}
	return n
}

// isBytes reports whether values of a type are single bytes, or arrays of such.
func (p *Program) isBytes(t TypeID) bool {
	u := p.types[t].Underlying()
	for {
		a, ok := u.(*types.Array)
		if !ok {
			break
		}
		u = a.Elem().Underlying()
	}
	b, ok := u.(*types.Basic)
	return ok && (b.Kind() == types.Uint8 || b.Kind() == types.Int8 || b.Kind() == types.Bool)
}

// begins reports whether one of two types is the other, or the first field of
// it, or the first of that.
func begins(a, b types.Type) bool { return isFirst(a, b) || isFirst(b, a) }

// A splitField is a field of a local struct, which has memory of its own.
type splitField struct {
	index int
	own   Node
}

// separate notes that a field of a local struct of a type without a name has
// memory of its own. If the program finds the struct by another field's address,
// that memory is tied to the field of all such structs.
func (p *Program) separate(s types.Type, f splitField) {
	id := p.Type(s)
	p.splits[id] = append(p.splits[id], f)
	p.splitOf[f.own] = id
	if p.enclosing.whole[id] {
		p.tie(f.own, p.fieldOf(s, f.index, true))
	}
}

// separateCopy is separate for memory of an instance of the function.
func (p *Program) separateCopy(from, to Node) {
	if id, ok := p.splitOf[from]; ok {
		i := slices.IndexFunc(p.splits[id], func(f splitField) bool { return f.own == from })
		p.separate(p.types[id], splitField{p.splits[id][i].index, to})
	}
}

// hold notes that the program finds values of a type by their parts' addresses.
func (p *Program) hold(whole TypeID) {
	if p.enclosing.whole[whole] {
		return
	}
	p.enclosing.whole[whole] = true
	for _, f := range p.splits[whole] {
		p.tie(f.own, p.fieldOf(p.types[whole], f.index, true))
	}
}

// SeenAnywhere lets pointers to a type lead to the parts of that type in all
// wholes.
func (p *Program) SeenAnywhere(part TypeID) {
	e := &p.enclosing
	e.anywhere = append(e.anywhere, part)
	for _, whole := range e.list {
		p.PointInto(whole, part)
	}
}

// PointInto lets pointers to a type lead to the parts of that type in values of
// the type whole.
func (p *Program) PointInto(whole, part TypeID) {
	if _, in := slices.BinarySearch(p.within(whole), part); !in {
		return
	}
	k := [2]TypeID{part, whole}
	if !p.enclosing.into[k] {
		p.enclosing.into[k] = true
		p.pointInto(p.types[whole], part)
	}
}

// SeenCaptured lets the variables that a function has captured be seen as a
// type: the function's value is a pointer to them.
func (p *Program) SeenCaptured(f *Func, as TypeID) {
	for _, n := range f.Closure() {
		for _, m := range p.Leaves(p.types[as]) {
			p.link(Op{Kind: Recast, A: m, B: n, C: int32(p.Type(p.Within(m)))})
		}
		for _, m := range p.numbers(p.types[as]) {
			p.link(Op{Kind: Copy, A: m, B: n})
		}
	}
}

// within lists the types of the fields and elements that pointInto looks at in
// values of a type.
func (p *Program) within(whole TypeID) []TypeID {
	out, ok := p.enclosing.within.get(whole)
	if ok {
		return out
	}
	switch u := p.types[whole].Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			t := p.Type(f.Type())
			out = append(append(out, t), p.within(t)...)
		}
	case *types.Array:
		t := p.Type(u.Elem())
		out = append(append(out, t), p.within(t)...)
	case *types.Slice:
		out = []TypeID{p.Type(u.Elem())}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	p.enclosing.within.put(whole, out)
	return out
}

func (p *Program) pointInto(whole types.Type, part TypeID) {
	switch u := whole.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			t := u.Field(i).Type()
			switch {
			case p.Type(t) != part:
				p.PointInto(p.Type(t), part)
			case isUintptr(t):
				p.tie(p.numberIn(whole, i), p.numbers(t)[0])
			case HasRefs(t) && isLeaf(t):
				p.tie(p.fieldOf(whole, i, true), p.memory(t, true))
			}
		}
	case *types.Array:
		if p.Type(u.Elem()) == part {
			p.tieElements(u.Elem())
		}
		p.PointInto(p.Type(u.Elem()), part)
	case *types.Slice:
		if p.Type(u.Elem()) == part {
			p.tieElements(u.Elem())
		}
	}
}

// larger reports whether a value of type a may be larger than one of type b.
func (p *Program) larger(a, b types.Type) bool {
	if p.Parametric(p.Type(a)) || p.Parametric(p.Type(b)) {
		return true
	}
	for _, s := range p.sizes {
		if s.Sizeof(a) > s.Sizeof(b) {
			return true
		}
	}
	return false
}

// opaque reports whether a type shows no references in its values, and no
// numbers that may be addresses.
func (p *Program) opaque(t types.Type) bool { return len(p.shows(t)) == 0 }
