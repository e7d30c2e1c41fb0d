package flow

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Node stands for a value that may hold references, or for a piece of memory. Zero is none.
type Node int32

// A FuncID is an index into [Program.Funcs].
type FuncID int32

// A Mention is one place where a function names a variable.
type Mention struct {
	Global *Global
	Pos    token.Pos
}

// A Func is one function, or method, or function literal.
type Func struct {
	ID       FuncID
	Key      string
	Params   []Node // the receiver first
	FreeVars []Node
	Captured []Node // the memory of variables that it has captured
	Results  []Node
	Ops      []Op
	Calls    []Call
	Mentions []Mention
	Word     *Word // if what it does is said, not read

	ssa       *ssa.Function
	extracted bool
	said      bool
	depth     int // of instances
}

// Said reports whether the function's operations come from a word, not from its body.
func (f *Func) Said() bool { return f.said }

// Closure lists what the function has captured: addresses of variables, or the memory of those that have one of their own.
func (f *Func) Closure() []Node { return slices.Concat(f.FreeVars, f.Captured) }

// SSA returns the function in SSA form. Its blocks are gone once [Program.Body] has read them.
func (f *Func) SSA() *ssa.Function { return f.ssa }

// A Global is one package-level variable.
type Global struct {
	Pkg, Name string
	Addr      Node // its address
	Content   Node // its memory, if its type is a leaf with references; else none
	Obj       *ssa.Global
}

// A Program is a set of constraints that grows as function bodies are asked for. It is not safe for concurrent use.
type Program struct {
	SSA   *ssa.Program
	Words *Words
	// Open, if not nil, says that not all of the program is there. It returns what is known of a function that is not
	// read; calls of interfaces' methods and of function values may do anything, but for what Dispatch knows.
	Open func(*ssa.Function) *Word
	// Dispatch returns what is known of a call of an interface's method where Open is set, and the function that it runs
	// if that is one; no word if nothing is known.
	Dispatch func(*ssa.CallCommon) (*Word, *Func)
	// Changes reports, where Open is set, whether a method of an interface type is known to write its receiver.
	Changes func(iface types.Type) bool
	Funcs   []*Func
	Globals []*Global

	types      []types.Type
	typeIDs    map[types.Type]TypeID
	typeKeys   map[string]TypeID
	implements table[TypeID, *answers] // by interface
	methods    table[TypeID, *types.MethodSet]
	parametric table[TypeID, bool]

	nodeTypes   []TypeID
	lists       map[Node]TypeID // slices whose elements hold references
	pointers    table[TypeID, TypeID]
	funcIDs     map[*ssa.Function]FuncID
	funcKeys    map[string]FuncID
	globals     map[string]*Global
	globalIndex map[*Global]int
	joined      map[string]*ssa.Global // the name that stands for a variable's other names
	mixed       map[string]bool        // variables whose names differ in type
	contents    map[Node]bool          // of variables
	byAddr      map[Node]*Global
	cells       map[cellKey]Node
	cellOf      map[Node]cellKey
	leaves      table[TypeID, []Node]
	leafTypes   table[TypeID, []TypeID]
	composites  table[TypeID, []TypeID] // structs and arrays
	kinds       table[TypeID, []TypeID]
	numbersIn   table[TypeID, []Node]
	links       []Op // between cells: copies, and assertions where the types differ
	linked      map[linkKey]bool
	linksFrom   table[Node, []int32]
	reflects    *exposure
	imports     *exposure // nil until it is needed
	lent        map[string]bool
	borrows     map[*Global]Node
	casts       map[TypeID][]TypeID // as which types memory of a type is seen, if there are importers
	tied        map[[2]TypeID]bool  // types of memory
	recasts     map[recastKey]bool
	castAt      map[TypeID]token.Pos     // by type: the first conversion of an unsafe.Pointer to a pointer to it
	headCasts   map[TypeID][]recastKey   // between structs and their first fields, by both types
	inRows      map[TypeID]bool          // types of elements of slices and arrays
	handedOn    map[TypeID]bool          // types of memory whose address goes on without its type
	bodies      map[string]*ssa.Function // of bodyless functions that another package implements
	packages    map[*ssa.Package]int
	spelling    map[*types.Named]bool // local types that are being spelled
	units       map[FuncID]*Unit
	alike       alike
	enclosing   enclosing
	addressed   map[fieldKey]bool       // fields to which there are pointers
	behinds     map[behindKey]Node      // what gets all that can be reached from values of a type
	splits      map[TypeID][]splitField // by a struct's type
	splitOf     map[Node]TypeID
	sizes       []types.Sizes   // of processors with words of 64 bits, and of 32
	raws        map[TypeID]Node // by a named number type, see rawOf
	allOpen     bool
	opened      map[TypeID]bool // named number types of which addresses may be made
	wordBytes   int64           // of the program's own processor, 0 if that is not known
	generic     bool            // there is memory whose type mentions type parameters
	instances   []Node          // if there is none: that of instances of generic types

	// In [Only], Keyed stands for all types of maps whose keys hold references, Mapped for all of maps, Channelled for all of
	// channels, Listed for all of slices and of what slices can be cut from.
	Keyed, Mapped, Channelled, Listed TypeID
	// Panic holds what is thrown; Unsafe the content of memory that is seen through unsafe.Pointer; Reflected what package
	// reflect stores; Pooled what lies in a sync.Pool; Given what functions of any make are given, and Returned what
	// functions return that reflection made; Asked what methods are given that reflection calls, Answered what they return.
	Panic, Unsafe, Reflected, Pooled, Given, Returned, Asked, Answered Node
	// Wholes holds the references of what package reflect stores that may be a
	// struct or an array: they come into fields that are not exported, too.
	Wholes Node
	// Raw holds references in memory whose type shows none, and in integers
	// whose type is not uintptr; Text holds references to the bytes of strings.
	Raw, Text Node
	// Loose has the types of what addresses without a type lead to that are put into interfaces.
	Loose Node
	// Handed holds what can be reached, as far as types show it, from memory whose address goes on as an unsafe.Pointer or a
	// number.
	Handed Node
	// Outside, if it is not 0, holds what the importers of libraries have, for whom generic functions are looked at as
	// they are written. It is given before bodies are read.
	Outside Node
}

// New returns a program without functions.
func New(prog *ssa.Program, words *Words) *Program {
	p := &Program{
		SSA: prog, Words: words,
		types: []types.Type{types.Typ[types.Invalid]},

		typeIDs:     map[types.Type]TypeID{},
		typeKeys:    map[string]TypeID{},
		nodeTypes:   []TypeID{0},
		funcIDs:     map[*ssa.Function]FuncID{},
		funcKeys:    map[string]FuncID{},
		globals:     map[string]*Global{},
		globalIndex: map[*Global]int{},
		joined:      map[string]*ssa.Global{},
		mixed:       map[string]bool{},
		contents:    map[Node]bool{},
		byAddr:      map[Node]*Global{},
		cells:       map[cellKey]Node{},
		cellOf:      map[Node]cellKey{},
		linked:      map[linkKey]bool{},
		addressed:   map[fieldKey]bool{},
		lists:       map[Node]TypeID{},
		lent:        map[string]bool{},
		borrows:     map[*Global]Node{},
		casts:       map[TypeID][]TypeID{},
		recasts:     map[recastKey]bool{},
		castAt:      map[TypeID]token.Pos{},
		headCasts:   map[TypeID][]recastKey{},
		inRows:      map[TypeID]bool{},
		handedOn:    map[TypeID]bool{},
		tied:        map[[2]TypeID]bool{},
		bodies:      map[string]*ssa.Function{},
		packages:    map[*ssa.Package]int{},
		units:       map[FuncID]*Unit{},
		spelling:    map[*types.Named]bool{},
		enclosing:   newEnclosing(),
		behinds:     map[behindKey]Node{},
		splits:      map[TypeID][]splitField{},
		splitOf:     map[Node]TypeID{},
		raws:        map[TypeID]Node{},
		opened:      map[TypeID]bool{},
		wordBytes:   wordBytes(prog),
		sizes:       []types.Sizes{types.SizesFor("gc", "amd64"), types.SizesFor("gc", "386")},
		alike:       alike{types: map[string][]TypeID{}, seen: map[string]bool{}},
	}
	p.Panic, p.Unsafe, p.Reflected, p.Pooled = p.node(), p.node(), p.node(), p.node()
	p.Raw, p.Text, p.Loose, p.Wholes = p.node(), p.node(), p.node(), p.node()
	p.reflects = newExposure(p.Reflected, false)
	pointer := types.Typ[types.UnsafePointer]
	p.Keyed = p.Type(types.NewMap(pointer, pointer))
	p.Mapped = p.Type(types.NewMap(types.Typ[types.Uintptr], pointer))
	p.Channelled = p.Type(types.NewChan(types.SendRecv, pointer))
	p.Listed = p.Type(types.NewSlice(pointer))
	p.Given, p.Returned, p.Asked, p.Answered, p.Handed = p.node(), p.node(), p.node(), p.node(), p.node()
	return p
}

// Nodes returns one more than the largest node.
func (p *Program) Nodes() int { return len(p.nodeTypes) }

// NewNode returns a node of no type.
func (p *Program) NewNode() Node { return p.node() }

func (p *Program) node() Node {
	p.nodeTypes = append(p.nodeTypes, 0)
	return Node(len(p.nodeTypes) - 1)
}

// NodeType returns the type of the values that a node stands for, if that limits what memory they may lead to, else
// 0. A struct may hold anything by its fields, an unsafe.Pointer lead anywhere, what a reflect.MapIter stands for
// be anything; and the slice of a call's variadic arguments carries what is in it.
func (p *Program) NodeType(n Node) TypeID { return p.nodeTypes[n] }

// ListType returns the type of a slice whose elements hold references, else 0: the one case in which the slice of a call's
// variadic arguments may lead to memory of other types.
func (p *Program) ListType(n Node) TypeID { return p.lists[n] }

// typed gives a node its type.
func (p *Program) typed(n Node, t types.Type) Node {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if !isMapIter(u.Elem()) {
			p.nodeTypes[n] = p.Type(t)
		}
		if _, ok := u.Elem().Underlying().(*types.Array); ok {
			p.row(u.Elem())
		}
	case *types.Map, *types.Chan, *types.Signature:
		p.nodeTypes[n] = p.Type(t)
	case *types.Interface:
		if u.NumMethods() > 0 {
			p.nodeTypes[n] = p.Type(t)
		}
	case *types.Slice:
		p.row(t)
		if !HasRefs(u.Elem()) {
			p.nodeTypes[n] = p.Type(t)
		} else if !p.Parametric(p.Type(t)) {
			p.lists[n] = p.Type(t)
		}
	}
	return n
}

// nodeFor returns a new node if values of the type may hold references, else none.
func (p *Program) nodeFor(t types.Type) Node {
	if !HasRefs(t) && !isUintptr(t) {
		return 0
	}
	return p.typed(p.node(), t)
}

// Links returns the operations that tie pieces of memory together: their number grows as bodies are read.
func (p *Program) Links() []Op { return p.links }

// Implement says that the function named key, which has no body, is implemented by fn (go:linkname).
func (p *Program) Implement(key string, fn *ssa.Function) { p.bodies[key] = fn }

// Func returns the entry of a function; its body is not read yet.
func (p *Program) Func(fn *ssa.Function) *Func {
	if id, ok := p.funcIDs[fn]; ok {
		return p.Funcs[id]
	}
	key := p.funcKey(fn)
	if id, ok := p.funcKeys[key]; ok {
		p.funcIDs[fn] = id
		return p.Funcs[id]
	}
	f := &Func{ID: FuncID(len(p.Funcs)), Key: key, ssa: fn, Word: p.Words.lookup(fn)}
	if f.Word == nil && p.Open != nil {
		if f.Word = p.Open(fn); f.Word == nil && fn.Syntax() == nil {
			f.Word = p.Words.assumed(fn) // drivers without facts about the standard library (nogo) know that much
		}
	}
	p.Funcs = append(p.Funcs, f)
	p.funcKeys[key] = f.ID
	p.funcIDs[fn] = f.ID
	sig := fn.Signature
	if recv := sig.Recv(); recv != nil {
		f.Params = append(f.Params, p.nodeFor(recv.Type()))
	}
	for v := range sig.Params().Variables() {
		f.Params = append(f.Params, p.nodeFor(v.Type()))
	}
	for v := range sig.Results().Variables() {
		f.Results = append(f.Results, p.nodeFor(v.Type()))
	}
	for _, v := range fn.FreeVars {
		f.FreeVars = append(f.FreeVars, p.nodeFor(v.Type()))
	}
	return f
}

// done returns what stands for a function whose word is applied where it is called: it does nothing more.
func (p *Program) done(g *Func) *Func {
	key := g.Key + "@called"
	if id, ok := p.funcKeys[key]; ok {
		return p.Funcs[id]
	}
	f := &Func{ID: FuncID(len(p.Funcs)), Key: key, ssa: g.ssa, Word: g.Word, extracted: true, said: true}
	p.Funcs = append(p.Funcs, f)
	p.funcKeys[key] = f.ID
	return f
}

// Lookup returns the function of that key, or nil if nothing has asked for it yet.
func (p *Program) Lookup(key string) *Func {
	if id, ok := p.funcKeys[key]; ok {
		return p.Funcs[id]
	}
	return nil
}

// funcKey spells a function so that it is told from all others but its twins in variants of its package. A package's
// variants have different initialisers, so these have no twins.
func (p *Program) funcKey(fn *ssa.Function) string {
	if fn.Synthetic == "package initializer" {
		return fmt.Sprintf("%s@%d", fn, p.packageIndex(fn.Pkg))
	}
	if strings.HasPrefix(fn.Name(), "init#") && fn.Parent() == nil {
		return fmt.Sprintf("%s.init@%d", fn.Pkg.Pkg.Path(), fn.Pos())
	}
	if fn.Synthetic == "" && fn.TypeArgs() == nil && fn.Parent() == nil {
		return fn.String()
	}
	if parent := fn.Parent(); parent != nil {
		outer := p.Func(parent).Key
		name := fn.Name()
		return outer + name[strings.LastIndexByte(name, '$'):]
	}
	var b spelling
	b.WriteString(fn.String())
	if recv := fn.Signature.Recv(); recv != nil {
		b.WriteByte('|')
		p.writeType(&b, recv.Type())
	} else if strings.HasSuffix(fn.Name(), "$thunk") {
		b.WriteByte('|')
		p.writeType(&b, fn.Signature.Params().At(0).Type())
	} else if len(fn.FreeVars) > 0 { // a bound method
		b.WriteByte('|')
		p.writeType(&b, fn.FreeVars[0].Type())
	}
	for _, t := range fn.TypeArgs() {
		b.WriteByte('|')
		p.writeType(&b, t)
	}
	return b.String()
}

func (p *Program) packageIndex(pkg *ssa.Package) int {
	i, ok := p.packages[pkg]
	if !ok {
		i = len(p.packages)
		p.packages[pkg] = i
	}
	return i
}

// Method returns the method that a value of type t has for an interface's method, or nil.
func (p *Program) Method(t TypeID, m *types.Func) *Func {
	sel := p.Methods(t).Lookup(m.Pkg(), m.Name())
	if sel == nil {
		sel = lookupByID(p.Methods(t), m.Id())
	}
	if sel == nil {
		return nil
	}
	fn := p.SSA.MethodValue(sel)
	if fn == nil {
		return nil
	}
	return p.Func(fn)
}

// Global returns the entry of a variable. That of one with several names is that of the first.
func (p *Program) Global(g *ssa.Global) *Global {
	key := globalKey(g)
	if e := p.globals[key]; e != nil {
		return e
	}
	if first := p.joined[key]; first != nil {
		e := p.Global(first)
		p.globals[key] = e
		return e
	}
	e := &Global{Pkg: g.Pkg.Pkg.Path(), Name: g.Name(), Addr: p.node(), Obj: g}
	t := g.Type().(*types.Pointer).Elem()
	p.row(t)
	if isLeaf(t) && !p.mixed[key] {
		if HasRefs(t) {
			e.Content = p.typed(p.node(), t)
			p.contents[e.Content] = true
		}
	}
	p.globals[key] = e
	p.globalIndex[e] = len(p.Globals) + 1
	p.byAddr[e.Addr] = e
	p.Globals = append(p.Globals, e)
	return e
}

func globalKey(g *ssa.Global) string { return g.Pkg.Pkg.Path() + "." + g.Name() }

// firstKey is globalKey for the name that stands for a variable's others.
func (p *Program) firstKey(g *ssa.Global) string {
	if first := p.joined[globalKey(g)]; first != nil {
		g = first
	}
	return globalKey(g)
}

// Join makes one variable of several, which are its names; the first stands for all. It is called before bodies are
// read. Where the names have different types, the variable is memory that is seen as values of each.
func (p *Program) Join(names []*ssa.Global) {
	for i, g := range names {
		if i > 0 {
			p.joined[globalKey(g)] = names[0]
		}
		t := g.Type().(*types.Pointer).Elem()
		for _, h := range names[:i] {
			if u := h.Type().(*types.Pointer).Elem(); p.Type(t) != p.Type(u) {
				p.mixed[globalKey(names[0])] = true
				p.seenAs(t, u, inPlace)
			}
		}
	}
}

// LookupGlobal returns a variable that some body mentions, or nil.
func (p *Program) LookupGlobal(pkg, name string) *Global { return p.globals[pkg+"."+name] }

// GlobalAt returns the variable whose address the node is, or nil.
func (p *Program) GlobalAt(n Node) *Global { return p.byAddr[n] }

// wordBytes returns the size of addresses in a program, 0 if its packages do not say.
func wordBytes(prog *ssa.Program) int64 {
	for _, pkg := range prog.AllPackages() {
		if pkg.Pkg.Path() != "internal/goarch" {
			continue
		}
		if c := pkg.Const("PtrSize"); c != nil {
			return c.Value.Int64()
		}
	}
	return 0
}
