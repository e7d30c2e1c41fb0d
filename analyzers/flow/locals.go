package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// locals is the memory that local variables of a function and of the literals in it have of their own.
type locals struct {
	own    map[ssa.Value]Node      // that an address leads to
	fields map[*ssa.FreeVar][]Node // of fields of a captured variable that has none as a whole
}

func newLocals() *locals {
	return &locals{own: map[ssa.Value]Node{}, fields: map[*ssa.FreeVar][]Node{}}
}

// privates gives memory of their own to local variables whose address is only read and written through, here and
// in the literals that capture it. For the types that interfaces in it have, its fields still count as those of
// their struct.
func (e *extractor) privates() {
	fn := e.f.ssa
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			a, ok := instr.(*ssa.Alloc)
			if !ok {
				continue
			}
			elem := core(a.Type()).(*types.Pointer).Elem()
			if !HasRefs(elem) && !isUintptr(elem) {
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
					e.own[v] = n
				}
			} else if s, ok := elem.(*types.Struct); ok {
				e.split(a, s)
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
			for _, v := range captors(r, addr) {
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

// captors returns the variables as which a literal knows an address that it captures.
func captors(c *ssa.MakeClosure, addr ssa.Value) (vars []*ssa.FreeVar) {
	for i, b := range c.Bindings {
		if b == addr {
			vars = append(vars, c.Fn.(*ssa.Function).FreeVars[i])
		}
	}
	return vars
}

// split gives memory of their own to those fields of a local struct that are only read and written through their
// addresses, while others' addresses go somewhere: sync.OnceFunc keeps its function beside a Once. The struct's type has no name:
// one who has the address of a field might else get from there to the struct, by a cast.
func (e *extractor) split(a *ssa.Alloc, s *types.Struct) {
	var captured []*ssa.FreeVar
	fields := map[int][]*ssa.FieldAddr{}
	if !byField(a, &captured, fields, 0) {
		return
	}
	for i := range s.NumFields() {
		if t := s.Field(i).Type(); !HasRefs(t) || !isLeaf(t) || !allStay(fields[i]) {
			continue
		}
		n := e.p.node()
		for _, f := range fields[i] {
			e.own[f] = n
		}
		e.p.separate(s, splitField{i, n})
		for _, v := range captured {
			e.fields[v] = append(e.fields[v], n)
		}
	}
}

// byField reports whether nothing but addresses of fields is made of the address of a struct, where its value is put together
// besides, and gathers these.
func byField(addr ssa.Value, captured *[]*ssa.FreeVar, fields map[int][]*ssa.FieldAddr, depth int) bool {
	if addr.Referrers() == nil || depth > 8 {
		return false
	}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.FieldAddr:
			fields[r.Field] = append(fields[r.Field], r)
		case *ssa.Store:
			if r.Val == addr || !assembled(r.Val, fields) {
				return false
			}
		case *ssa.MakeClosure:
			for _, v := range captors(r, addr) {
				*captured = append(*captured, v)
				if !byField(v, captured, fields, depth+1) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// assembled reports whether a struct is zero, or has been put together field by field in memory that has no other use, and
// gathers the addresses of the fields there.
func assembled(v ssa.Value, fields map[int][]*ssa.FieldAddr) bool {
	if _, ok := v.(*ssa.Const); ok {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	if !ok || len(*load.Referrers()) != 1 {
		return false
	}
	a, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.FieldAddr:
			fields[r.Field] = append(fields[r.Field], r)
		default:
			if r != ssa.Instruction(load) {
				return false
			}
		}
	}
	return true
}

func allStay(addrs []*ssa.FieldAddr) bool {
	var captured []*ssa.FreeVar
	return !slices.ContainsFunc(addrs, func(a *ssa.FieldAddr) bool { return !stays(a, &captured, 0) }) && len(captured) == 0
}
