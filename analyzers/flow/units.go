package flow

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Unit is one step of a program's initialisation: the initialiser of one or more variables, or an init function.
type Unit struct {
	Func FuncID
	Pkg  string
	Init *types.Initializer // nil for an init function
	Lhs  []*Global          // what Init initialises, blank variables left out
	Pos  token.Pos
	Seq  int // its place among its package's units, in the variant that was read last
}

// Initialize reads the initialisation of one package variant, whose initialisers in order are given, and returns its
// units, those left out that a variant of the package had already. (A variant with tests comes later than the one without,
// and has that one's units.)
func (p *Program) Initialize(pkg *ssa.Package, order []*types.Initializer) []*Unit {
	var out []*Unit
	seq := 0
	enter := func(id FuncID, unit func() *Unit) {
		u := p.units[id]
		if u == nil {
			u = unit()
			u.Func, u.Pkg = id, pkg.Pkg.Path()
			p.units[id] = u
			out = append(out, u)
		}
		u.Seq = seq
		seq++
	}
	fn := pkg.Func("init")
	f := p.Func(fn)
	if f.extracted {
		return nil
	}
	f.extracted = true
	pkg.Build()
	s := &splitter{p: p, rest: f, byGlobal: map[*ssa.Global]*Func{}, byValue: map[ssa.Instruction]*Func{}}
	for _, in := range order {
		key := fmt.Sprintf("%s.init:%d", pkg.Pkg.Path(), in.Rhs.Pos())
		id, seen := p.funcKeys[key]
		if !seen {
			id = FuncID(len(p.Funcs))
			p.Funcs = append(p.Funcs, &Func{ID: id, Key: key, ssa: fn, extracted: true})
			p.funcKeys[key] = id
		}
		s.add(p.Funcs[id], in)
		var lhs []*Global
		for _, v := range in.Lhs {
			if m, ok := pkg.Members[v.Name()].(*ssa.Global); ok && v.Name() != "_" {
				lhs = append(lhs, p.Global(m))
				s.byGlobal[m] = p.Funcs[id]
			}
		}
		enter(id, func() *Unit { return &Unit{Init: in, Lhs: lhs, Pos: in.Rhs.Pos()} })
	}
	s.sort()
	p.extractSplit(f, newLocals(), s)
	for i := 1; ; i++ { // in the order in which they are called
		init, ok := pkg.Members[fmt.Sprintf("init#%d", i)].(*ssa.Function)
		if !ok {
			return out
		}
		enter(p.Func(init).ID, func() *Unit { return &Unit{Pos: init.Pos()} })
	}
}

// A splitter tells which initialiser an instruction of a package's synthetic init function belongs to.
type splitter struct {
	p        *Program
	rest     *Func
	ranges   []initRange
	byGlobal map[*ssa.Global]*Func
	byValue  map[ssa.Instruction]*Func
	current  *Func
}

type initRange struct {
	pos, end token.Pos
	f        *Func
}

func (s *splitter) add(f *Func, in *types.Initializer) {
	s.ranges = append(s.ranges, initRange{in.Rhs.Pos(), in.Rhs.End(), f})
}

func (s *splitter) sort() {
	slices.SortFunc(s.ranges, func(a, b initRange) int { return cmp.Compare(a.pos, b.pos) })
}

// owner returns the initialiser of an instruction: by the variable that it stores to, by its position, by what it
// uses, by what uses it (a constant that is put into an interface has nothing else); failing that it is that of the
// instruction before.
func (s *splitter) owner(instr ssa.Instruction) *Func {
	f := s.find(instr)
	if f == nil {
		f = s.current
	}
	if f == nil {
		f = s.rest
	}
	s.current = f
	s.byValue[instr] = f
	return f
}

func (s *splitter) find(instr ssa.Instruction) *Func {
	if f := s.placed(instr); f != nil {
		return f
	}
	for _, op := range instr.Operands(nil) {
		if *op == nil {
			continue
		}
		if in, ok := (*op).(ssa.Instruction); ok && s.byValue[in] != nil && s.byValue[in] != s.rest {
			return s.byValue[in]
		}
	}
	return s.used(instr, 0)
}

// used returns the initialiser of what uses an instruction's value.
func (s *splitter) used(instr ssa.Instruction, depth int) *Func {
	v, ok := instr.(ssa.Value)
	if !ok || v.Referrers() == nil || depth > 8 {
		return nil
	}
	for _, by := range *v.Referrers() {
		if f := s.placed(by); f != nil {
			return f
		}
	}
	for _, by := range *v.Referrers() {
		if f := s.used(by, depth+1); f != nil {
			return f
		}
	}
	return nil
}

// placed returns the initialiser that an instruction shows by itself.
func (s *splitter) placed(instr ssa.Instruction) *Func {
	if st, ok := instr.(*ssa.Store); ok {
		if g, ok := rootValue(st.Addr).(*ssa.Global); ok && s.byGlobal[g] != nil {
			return s.byGlobal[g]
		}
	}
	if call, ok := instr.(*ssa.Call); ok {
		if callee := call.Call.StaticCallee(); callee != nil && callee.Signature.Recv() == nil && callee.Parent() == nil &&
			(callee.Synthetic == "package initializer" || len(callee.Name()) > 5 && callee.Name()[:5] == "init#") {
			return s.rest
		}
	}
	if pos := instr.Pos(); pos.IsValid() {
		i, ok := slices.BinarySearchFunc(s.ranges, pos, func(r initRange, pos token.Pos) int { return cmp.Compare(r.pos, pos) })
		if !ok {
			i--
		}
		if i >= 0 && pos <= s.ranges[i].end {
			return s.ranges[i].f
		}
	}
	return nil
}
