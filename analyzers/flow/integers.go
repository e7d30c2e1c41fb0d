package flow

import (
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An integer of another type than uintptr may be an address too:
//
//	n := uint64(uintptr(unsafe.Pointer(p)))
//	q := (*T)(unsafe.Pointer(uintptr(n)))
//
// There are too many integers to give each a node. [Program.Raw] stands for all
// that were made from addresses, except numbers that are only printed or
// compared. All integers that become addresses hold what it holds.

// integer follows a conversion between uintptr and another integer type.
func (e *extractor) integer(v *ssa.Convert) {
	from, to := isUintptr(v.X.Type()), isUintptr(v.Type())
	switch {
	case from && !to && (e.p.isWide(v.Type()) || isPartOf(v.X, v)):
		if x := e.use(v.X); x != 0 && e.p.lands(v, map[ssa.Value]bool{}) {
			e.copy(e.p.Raw, x)
		}
	case to && !from && (e.p.isWide(v.X.Type()) || e.p.isHalf(v.X.Type()) && isShifted(v)):
		if _, constant := v.X.(*ssa.Const); !constant && e.p.lands(v, map[ssa.Value]bool{}) {
			e.copy(e.node(v), e.p.rawOf(v.Type()))
			e.emit(Moved, e.node(v), 0, 0) // integers are added to unseen
		}
	}
}

// rawOf returns the node of numbers of type t that were made from integers. It
// is Raw, but for a named type only once the program has a conversion of that
// type to an address, or to a number that may be one. Errors such as
//
//	syscall.Errno(n)
//
// are put into interfaces everywhere and never become addresses.
func (p *Program) rawOf(t types.Type) Node {
	if _, named := types.Unalias(t).(*types.Named); !named || p.allOpen || p.opened[p.Type(t)] {
		return p.Raw
	}
	n, ok := p.raws[p.Type(t)]
	if !ok {
		n = p.node()
		p.raws[p.Type(t)] = n
	}
	return n
}

// opens notes that a conversion may make an address of a number of a named
// type. A conversion to an integer does not count: Raw has what the number
// holds.
func (e *extractor) opens(v ssa.Value, x ssa.Value) {
	t := x.Type()
	if _, named := types.Unalias(t).(*types.Named); !named || !isUintptr(t) {
		return
	}
	if to := v.Type().Underlying(); isUnsafe(to) || isUintptr(to) && e.p.lands(v, map[ssa.Value]bool{}) {
		e.p.open(t)
	}
}

func (p *Program) open(t types.Type) {
	if id := p.Type(t); isUintptr(t) && !p.opened[id] {
		p.opened[id] = true
		if n := p.raws[id]; n != 0 {
			p.link(Op{Kind: Copy, A: n, B: p.Raw})
		}
	}
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// openAll opens all types.
func (p *Program) openAll() {
	if !p.allOpen {
		p.allOpen = true
		for _, id := range slices.Sorted(maps.Keys(p.raws)) {
			p.open(p.types[id])
		}
	}
}

// isWide reports whether integers of a type may have the bits of an address.
func (p *Program) isWide(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	switch b.Kind() {
	case types.Int8, types.Uint8, types.Int16, types.Uint16:
		return false
	}
	return !p.isHalf(t)
}

// isHalf reports whether integers of a type may have half of the bits of an
// address.
func (p *Program) isHalf(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && p.wordBytes == 8 && (b.Kind() == types.Int32 || b.Kind() == types.Uint32)
}

// isShifted reports whether an integer is shifted to the left, as to put an
// address together.
func isShifted(v *ssa.Convert) bool {
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		shift, ok := r.(*ssa.BinOp)
		return ok && shift.Op == token.SHL && shift.X == v
	})
}

// lands reports whether a number may become an address: the function converts
// it to one, or passes it to where it is not followed. To compare it, to count
// with it, to take small numbers out of it, or to give it to the kernel is
// neither.
func (p *Program) lands(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.IndexAddr, *ssa.Index, *ssa.Slice, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		case *ssa.Lookup:
			if r.X == v {
				return true
			}
		case *ssa.BinOp:
			switch r.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.REM, token.MUL, token.QUO:
				continue
			case token.SHL, token.SHR:
				if r.X != v {
					continue
				}
			case token.ADD, token.SUB:
				if isOffset(v, r) {
					continue
				}
			}
			if p.lands(r, seen) {
				return true
			}
		case *ssa.Convert:
			if isPartOf(v, r) && !p.isWide(r.Type()) {
				return true
			}
			if !p.isWide(r.Type()) && !isUnsafe(r.Type().Underlying()) {
				continue
			}
			if isUnsafe(r.Type().Underlying()) || p.lands(r, seen) {
				return true
			}
		case *ssa.ChangeType, *ssa.Phi, *ssa.UnOp:
			if p.lands(r.(ssa.Value), seen) {
				return true
			}
		case ssa.CallInstruction:
			if p.landsIn(v, r.Common(), seen) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// isPartOf reports whether bytes are taken out of a number, as to store it byte
// by byte.
func isPartOf(v ssa.Value, c *ssa.Convert) bool {
	shift, ok := v.(*ssa.BinOp)
	if !ok || shift.Op != token.SHR {
		return false
	}
	if b, ok := c.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	by, ok := shift.Y.(*ssa.Const)
	return ok && by.Value != nil && by.Int64()%8 == 0
}

// isOffset reports whether a number is added to an address.
func isOffset(v ssa.Value, sum *ssa.BinOp) bool {
	base := sum.X
	if base == v {
		base = sum.Y
	}
	if !isUintptr(base.Type()) {
		return false
	}
	var c cast
	c.from(base)
	return c.address
}

// landsIn is lands for a number that is an argument.
func (p *Program) landsIn(v ssa.Value, c *ssa.CallCommon, seen map[ssa.Value]bool) bool {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name() == "append"
	}
	callee := c.StaticCallee()
	if callee == nil {
		return true
	}
	if w := p.Func(callee).Word; w != nil {
		return w.says("store") || w.says("ret") || w.says("set")
	}
	p.buildFor(callee)
	for i, a := range c.Args {
		if a != v {
			continue
		}
		if i >= len(callee.Params) || callee.Params[i].Referrers() == nil || p.lands(callee.Params[i], seen) {
			return true
		}
	}
	return false
}
