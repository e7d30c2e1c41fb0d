package conduct

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A solver computes the package's functions to a fixed point.
type solver struct {
	*Result
	free    map[*ssa.FreeVar][]Kept // what literals keep of what they capture; Param is of no use
	read    map[slot]bool           // what something reads
	various map[*ssa.Function]bool  // those that turned out to give more than one variable
	changed bool
}

func (s *solver) solve() {
	for _, fn := range s.Funcs {
		s.reads(fn)
	}
	for _, fn := range s.Funcs {
		s.own[fn] = &Function{}
	}
	s.own[s.Pkg.Func("init")] = &Function{}
	for s.changed = true; s.changed; {
		s.changed = false
		for _, fn := range s.Funcs {
			s.function(fn)
		}
	}
	for s.changed = true; s.changed; { // once it is known what changes
		s.changed = false
		for _, fn := range s.Funcs {
			s.uses(fn)
		}
	}
}

// A slot is a variable of the package, or a field of one.
type slot struct {
	g     *ssa.Global
	field int // -1: the whole
}

func slotOf(addr ssa.Value) slot {
	switch a := addr.(type) {
	case *ssa.Global:
		return slot{a, -1}
	case *ssa.FieldAddr:
		if g, ok := a.X.(*ssa.Global); ok {
			return slot{g, a.Field}
		}
	}
	return slot{}
}

// reads notes the package's variables, and fields of them, that a function
// reads or hands on the address of.
func (s *solver) reads(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			for i, op := range in.Operands(nil) {
				switch in.(type) {
				case *ssa.Store:
					if i == 0 {
						continue
					}
				case *ssa.FieldAddr:
					continue // what is done with that address counts
				}
				if at := slotOf(*op); at.g != nil {
					s.read[at] = true
				}
			}
		}
	}
}

// found reports whether anything finds what is stored at an address that begins
// with a variable.
func (s *solver) found(addr ssa.Value, g *ssa.Global) bool {
	at := slotOf(addr)
	return at.g != g || token.IsExported(g.Name()) || g.Pkg != s.Pkg || s.read[at] || s.read[slot{g, -1}]
}

func (s *solver) function(fn *ssa.Function) {
	f := s.own[fn]
	for i, p := range fn.Params {
		if mayRefer(p.Type()) {
			s.follow(fn, p, func(k Kept) {
				if k.Into == "" && k.To == i {
					return
				}
				k.Param = i
				if !slices.Contains(f.Kept, k) {
					f.Kept = append(f.Kept, k)
					s.changed = true
				}
			})
		}
	}
	for _, v := range fn.FreeVars {
		s.follow(fn, v, func(k Kept) {
			if !slices.Contains(s.free[v], k) {
				s.free[v] = append(s.free[v], k)
				s.changed = true
			}
		})
	}
	if fn.Blocks == nil {
		s.atomic(fn, f)
	}
	if stores(fn) {
		s.write(f, 0)
		for i := 1; i < len(fn.Params); i++ {
			if k := (Kept{Param: i}); !slices.Contains(f.Kept, k) {
				f.Kept = append(f.Kept, k)
				s.changed = true
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			s.writes(fn, f, in)
		}
	}
	if gives := s.gives(fn); gives != f.Gives && !s.various[fn] {
		s.various[fn] = f.Gives != "" // it did not hold: no second try
		f.Gives, s.changed = gives, true
	}
}

// gives names the variable that a function is an accessor of: its one result is
// reached from nothing else.
func (s *solver) gives(fn *ssa.Function) string {
	name := ""
	if fn.Signature.Results().Len() != 1 || !mayRefer(fn.Signature.Results().At(0).Type()) {
		return ""
	}
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, root := range s.Roots(ret.Results[0]) {
			g, ok := root.(*ssa.Global)
			if !ok || name != "" && name != GlobalName(g) {
				return ""
			}
			name = GlobalName(g)
		}
	}
	return name
}

// atomic gives functions of the atomic packages, which have no body, their
// conduct: they store their last argument where the first points, or load from
// there.
func (s *solver) atomic(fn *ssa.Function, f *Function) {
	if fn.Pkg == nil || !strings.HasSuffix(fn.Pkg.Pkg.Path(), "/atomic") || len(fn.Params) == 0 || f.Returns != nil || f.Writes != nil {
		return
	}
	starts := func(verbs ...string) bool {
		return slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(fn.Name(), v) })
	}
	switch {
	case starts("Load"):
		s.returns(f, 0)
	case len(fn.Params) > 1 && starts("Store", "Swap", "CompareAndSwap", "Add", "And", "Or", "Cas", "Xchg"):
		s.write(f, 0)
		f.Kept = append(f.Kept, Kept{Param: len(fn.Params) - 1, To: 0})
	}
}

// stores reports whether a function is one of the synchronised map's that keep
// key and value: it hides them behind pointers of another type.
func stores(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "sync" && fn.Pkg.Pkg.Path() != "internal/sync" {
		return false
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	return ok && (named.Obj().Name() == "Map" || named.Obj().Name() == "HashTrieMap") &&
		slices.Contains([]string{"Store", "Swap", "LoadOrStore", "CompareAndSwap"}, fn.Name())
}

// mayRefer reports whether a value can hold a reference that a callee could
// keep. A string's bytes never change.
func mayRefer(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return mayRefer(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if mayRefer(f.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

func (s *solver) write(f *Function, param int) {
	if !slices.Contains(f.Writes, param) {
		f.Writes = append(f.Writes, param)
		s.changed = true
	}
}

func (s *solver) returns(f *Function, param int) {
	if !slices.Contains(f.Returns, param) {
		f.Returns = append(f.Returns, param)
		s.changed = true
	}
}

// writes notes what an instruction writes: through parameters, and to
// package-level variables.
func (s *solver) writes(fn *ssa.Function, f *Function, in ssa.Instruction) {
	wrote := func(v ssa.Value, initOK bool) {
		for _, root := range s.Roots(v) {
			switch root := root.(type) {
			case *ssa.Parameter:
				s.write(f, slices.Index(fn.Params, root))
			case *ssa.Global:
				if !initOK || !Initialises(fn) {
					s.change(root)
				}
			}
		}
	}
	switch in := in.(type) {
	case *ssa.Store:
		wrote(in.Addr, true)
	case *ssa.MapUpdate:
		wrote(in.Map, true)
	case *ssa.Send:
		wrote(in.Chan, true)
	case *ssa.Return:
		for _, v := range in.Results {
			if !mayRefer(v.Type()) {
				continue
			}
			for _, root := range s.Roots(v) {
				if p, ok := root.(*ssa.Parameter); ok {
					s.returns(f, slices.Index(fn.Params, p))
				}
			}
		}
	case ssa.CallInstruction:
		call := in.Common()
		if b, ok := call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "delete", "clear", "copy", "close":
				wrote(call.Args[0], true)
			}
			return
		}
		callee := call.StaticCallee()
		for i, arg := range call.Args {
			g, whole := arg.(*ssa.Global)
			switch {
			case callee != nil && slices.Contains(s.Of(callee).Writes, i):
				// What an init function does by calls is more than giving a
				// first value.
				wrote(arg, callee.Signature.Recv() == nil)
			case whole && callee == nil:
				s.change(g) // its address goes to somebody unknown
			}
		}
	}
}

func (s *solver) change(g *ssa.Global) {
	v, ok := g.Object().(*types.Var)
	if !ok {
		return
	}
	f := s.vars[v]
	if f == nil {
		known := *s.Var(v)
		f = &known
		s.vars[v] = f
	}
	if !f.Changes {
		f.Changes, s.changed = true, true
	}
}

// uses notes a variable that changes and that the function, what it calls or a
// literal in it uses.
func (s *solver) uses(fn *ssa.Function) {
	f := s.own[fn]
	if f.Uses != "" {
		return
	}
	use := func(name string) {
		if name != "" && f.Uses == "" {
			f.Uses, s.changed = name, true
		}
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			for _, op := range in.Operands(nil) {
				switch v := (*op).(type) {
				case *ssa.Global:
					if s.Virtual(v) && s.near(v.Pkg.Pkg) {
						use(GlobalName(v))
					}
				case *ssa.Function:
					if v.Parent() != nil { // a literal
						use(s.Of(v).Uses)
					}
				}
			}
			if call, ok := in.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil && (callee.Pkg == nil || s.near(callee.Pkg.Pkg)) {
					use(s.Of(callee).Uses)
				}
			}
		}
	}
}

// near reports whether a package is of this one's module. A committed build of
// one module says nothing of others: whether their variables are in containers
// is theirs to decide.
func (s *solver) near(pkg *types.Package) bool {
	return pkg == s.pass.Pkg || s.Origin(pkg).Module == s.Origin(s.pass.Pkg).Module && !s.Std(pkg)
}

// GlobalName spells a package-level variable: "net/http.DefaultServeMux".
func GlobalName(g *ssa.Global) string { return g.Pkg.Pkg.Path() + "." + g.Name() }
