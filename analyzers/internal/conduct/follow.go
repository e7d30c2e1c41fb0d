package conduct

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// follow finds where a parameter or free variable goes that stays after the
// call.
func (s *solver) follow(fn *ssa.Function, start ssa.Value, keep func(Kept)) {
	f := &follower{solver: s, fn: fn, keep: keep, seen: map[ssa.Value]bool{}, whole: map[ssa.Value]bool{}}
	f.carry(start)
	for len(f.todo) > 0 {
		v := f.todo[len(f.todo)-1]
		f.todo = f.todo[:len(f.todo)-1]
		refs := v.Referrers()
		if refs == nil {
			continue
		}
		for _, in := range *refs {
			f.step(v, in)
		}
	}
}

type follower struct {
	*solver
	fn   *ssa.Function
	keep func(Kept)
	seen map[ssa.Value]bool
	// whole are addresses of memory all of which is the parameter's value.
	whole map[ssa.Value]bool
	todo  []ssa.Value
}

func (f *follower) carry(v ssa.Value) {
	if !f.seen[v] {
		f.seen[v] = true
		f.todo = append(f.todo, v)
	}
}

// step looks at one use of a value that carries the parameter.
func (f *follower) step(v ssa.Value, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Store:
		if in.Val == v {
			f.into(in.Addr, false)
		}
	case *ssa.MapUpdate:
		if in.Value == v || in.Key == v {
			f.into(in.Map, false)
		}
	case *ssa.Send:
		if in.X == v {
			f.into(in.Chan, true)
		}
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send == v {
				f.into(st.Chan, true)
			}
		}
	case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.Phi, *ssa.TypeAssert, *ssa.Slice:
		f.whole[in.(ssa.Value)] = f.whole[v]
		f.carry(in.(ssa.Value))
	case *ssa.FieldAddr:
		if f.whole[v] {
			f.whole[in] = true
			f.carry(in)
		}
	case *ssa.Extract:
		if _, ok := in.Tuple.(*ssa.TypeAssert); ok {
			f.carry(in)
		}
	case *ssa.UnOp:
		if in.Op == token.MUL && cell(v) {
			f.carry(in)
		}
	case *ssa.MakeClosure:
		f.carry(in)
		lit := in.Fn.(*ssa.Function)
		for i, b := range in.Bindings {
			if b == v && i < len(lit.FreeVars) {
				for _, k := range f.free[lit.FreeVars[i]] {
					if k.Into != "" {
						f.keep(k)
					}
				}
			}
		}
	case *ssa.Call:
		f.call(v, in.Common(), in)
	case *ssa.Defer:
		f.call(v, in.Common(), nil)
	}
}

// cell reports whether v is memory that holds the variable itself: one that a
// literal captures.
func cell(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.FreeVar:
		return true
	case *ssa.FieldAddr:
		return cell(v.X)
	case *ssa.IndexAddr:
		return cell(v.X)
	case *ssa.Convert: // by way of unsafe.Pointer
		return cell(v.X)
	}
	return false
}

// into notes that the value was stored where addr leads.
func (f *follower) into(addr ssa.Value, sent bool) {
	// A field or element of memory made here is a carrier of its own.
	switch a := addr.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		if cell(a) {
			f.carry(a)
			f.same(a)
		}
	}
	for _, root := range f.Roots(addr) {
		switch root := root.(type) {
		case *ssa.Global:
			if f.found(addr, root) {
				f.keep(Kept{Into: GlobalName(root), Sent: sent})
			}
		case *ssa.Parameter:
			f.keep(Kept{To: slices.Index(f.fn.Params, root), Sent: sent})
		case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
			if root == addr {
				f.whole[root] = true
			}
			f.carry(root)
		}
	}
}

// same carries on with other addresses of the same field.
func (f *follower) same(addr ssa.Value) {
	a, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	for _, in := range *a.X.Referrers() {
		if b, ok := in.(*ssa.FieldAddr); ok && b.Field == a.Field {
			f.carry(b)
		}
	}
}

// call looks at a value that is handed on.
func (f *follower) call(v ssa.Value, call *ssa.CallCommon, result ssa.Value) {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && result != nil {
			f.carry(result)
		}
		return
	}
	callee := call.StaticCallee()
	if callee == nil || pools(callee) {
		return
	}
	conduct := f.Of(callee)
	for i, arg := range call.Args {
		if arg != v {
			continue
		}
		if name := Later(callee, i); name != "" {
			f.keep(Kept{Into: name})
			continue
		}
		if result != nil && slices.Contains(conduct.Returns, i) {
			f.carry(result)
		}
		for _, k := range conduct.Kept {
			if k.Param != i {
				continue
			}
			if k.Into != "" {
				f.keep(k)
			} else if k.To < len(call.Args) {
				f.into(call.Args[k.To], k.Sent)
			}
		}
	}
}

// pools reports whether a function puts what it is given into a pool.
func pools(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync" && fn.Name() == "Put" && fn.Signature.Recv() != nil
}
