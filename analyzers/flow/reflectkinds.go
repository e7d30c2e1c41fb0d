package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// (reflect.Value).Set writes a whole value, which may be a struct. Code that
// decodes data compares the Value's kind first:
//
//	case reflect.Slice:
//		v.Set(reflect.MakeSlice(v.Type(), n, n))
//
// kindsAt returns the kinds that a Value may have in a basic block. They are
// limited by the call that made it and, by a forward data-flow analysis of one
// function, by the comparisons on all paths to the block. Parameters, and
// Values that were loaded from memory, start with all kinds.

// A kindSet is a set of reflect.Kinds.
type kindSet uint32

const (
	anyKind kindSet = 1<<(reflect.UnsafePointer+1) - 1
	// hollow are the kinds that reflection writes as a whole or not at all,
	// see package proof.
	hollow = 1<<reflect.Struct | 1<<reflect.Func
	// composite are the kinds of values whose parts reflection writes that it
	// cannot set one by one.
	composite = 1<<reflect.Struct | 1<<reflect.Array
)

// replaces reports whether a call that assigns x to v may write a struct, or a
// function, to which a pointer leads. x is nil where the zero value or
// something unknown is assigned. Fields and elements do not count: reflection
// that comes upon a part of a struct or array can write that struct or array
// anyway.
func (e *extractor) replaces(v, x ssa.Value) bool {
	if v == nil || e.block == nil {
		return true
	}
	if call, ok := v.(*ssa.Call); ok && reflected(call.Call.StaticCallee()) {
		switch call.Call.StaticCallee().Name() {
		case "Field", "FieldByName", "FieldByIndex", "FieldByNameFunc", "Index":
			return false
		}
	}
	kinds := kindsAt(v, e.block)
	if x != nil {
		kinds &= kindsAt(x, e.block) | 1<<reflect.Interface
	}
	return kinds&hollow != 0
}

// composite reports whether a function that stores its argument number from in
// memory may store a struct or an array: not where types, or comparisons with
// kinds, show another kind. What it puts into a map or a channel has memory of
// its own.
func (e *extractor) composite(w *Word, arg func(int, bool) argument, from int) bool {
	switch {
	case w.says("mapped"), w.says("channelled"):
		return false
	case !w.says("replace"):
		return !w.says("put")
	}
	to, value := arg(0, false).value, arg(from, false).value
	if to == nil || value == nil || e.block == nil {
		return true
	}
	kinds := kindsAt(to, e.block)
	if named, ok := types.Unalias(value.Type()).(*types.Named); ok && named.Obj().Name() == "Value" {
		kinds &= kindsAt(value, e.block)
	}
	return kinds&composite != 0
}

// reflected reports whether a function is one of package reflect, or of its
// little sister.
func reflected(fn *ssa.Function) bool {
	if fn == nil || fn.Pkg == nil {
		return false
	}
	path := fn.Pkg.Pkg.Path()
	return path == "reflect" || path == "internal/reflectlite"
}

// kindsAt returns the kinds that a Value may have in a block.
func kindsAt(v ssa.Value, at *ssa.BasicBlock) kindSet {
	made := madeKinds(v)
	def, ok := v.(ssa.Instruction)
	start := at.Parent().Blocks[0]
	if ok && def.Block() != nil {
		start = def.Block()
	}
	if start == at {
		return made
	}
	in := map[*ssa.BasicBlock]kindSet{start: made}
	for work := []*ssa.BasicBlock{start}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for i, to := range b.Succs {
			if to == start { // there v becomes another Value
				continue
			}
			if kinds := in[to] | in[b]&kindsOn(b, i, v); kinds != in[to] {
				in[to] = kinds
				work = append(work, to)
			}
		}
	}
	return in[at]
}

// madeKinds returns the kinds that a Value may have by the call that made it.
func madeKinds(v ssa.Value) kindSet {
	if phi, ok := v.(*ssa.Phi); ok {
		kinds := kindSet(0)
		for _, x := range phi.Edges {
			if _, again := x.(*ssa.Phi); again {
				return anyKind
			}
			kinds |= madeKinds(x)
		}
		return kinds
	}
	call, ok := v.(*ssa.Call)
	if !ok || !reflected(call.Call.StaticCallee()) {
		return anyKind
	}
	switch fn := call.Call.StaticCallee(); fn.Name() {
	case "New", "NewAt", "Addr":
		return 1 << reflect.Pointer
	case "MakeMap", "MakeMapWithSize":
		return 1 << reflect.Map
	case "MakeSlice", "SliceAt", "Append", "AppendSlice":
		return 1 << reflect.Slice
	case "Slice", "Slice3":
		return 1<<reflect.Slice | 1<<reflect.String
	case "MakeChan":
		return 1 << reflect.Chan
	case "MakeFunc":
		return 1 << reflect.Func
	case "ValueOf":
		if i, ok := call.Call.Args[0].(*ssa.MakeInterface); ok && fn.Signature.Recv() == nil {
			return kindOf(i.X.Type())
		}
	}
	return anyKind
}

// kindOf returns the kind of values of a type, any for a type parameter.
func kindOf(t types.Type) kindSet {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return anyKind
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return 1 << reflect.Struct
	case *types.Array:
		return 1 << reflect.Array
	case *types.Signature:
		return 1 << reflect.Func
	case *types.Interface:
		return anyKind // that of what it holds
	case *types.Basic:
		if u.Kind() == types.Invalid {
			return anyKind
		}
	}
	return anyKind &^ (hollow | composite)
}

// kindsOn returns the kinds that v may have where block b ends and its i-th
// successor begins.
func kindsOn(b *ssa.BasicBlock, i int, v ssa.Value) kindSet {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return anyKind
	}
	cond, yes := branch.Cond, i == 0
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, yes = not.X, !yes
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return anyKind
	}
	x, op, y := cmp.X, cmp.Op, cmp.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
		op = mirrored(op)
	}
	c, ok := y.(*ssa.Const)
	if !ok || c.Value == nil || !isKindOf(x, v) {
		return anyKind
	}
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return anyKind
	}
	kinds := kindSet(0)
	for k := range reflect.UnsafePointer + 1 {
		if constant.Compare(constant.MakeUint64(uint64(k)), op, constant.ToInt(c.Value)) == yes {
			kinds |= 1 << k
		}
	}
	return kinds
}

// mirrored returns the comparison that gives for y and x what op gives for x and y.
func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// isKindOf reports whether k is v.Kind() or v.Type().Kind().
func isKindOf(k, v ssa.Value) bool {
	call, ok := k.(*ssa.Call)
	if !ok {
		return false
	}
	if call.Call.IsInvoke() {
		m := call.Call.Method
		if m.Name() != "Kind" || m.Pkg() == nil || m.Pkg().Path() != "reflect" && m.Pkg().Path() != "internal/reflectlite" {
			return false
		}
		typ, ok := call.Call.Value.(*ssa.Call)
		return ok && isMethodOf(typ, "Type", v)
	}
	return isMethodOf(call, "Kind", v)
}

// isMethodOf reports whether a call is one of Value v's method of that name.
func isMethodOf(call *ssa.Call, name string, v ssa.Value) bool {
	fn := call.Call.StaticCallee()
	return reflected(fn) && fn.Name() == name && fn.Signature.Recv() != nil &&
		len(call.Call.Args) == 1 && call.Call.Args[0] == v
}
