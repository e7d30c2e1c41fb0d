package crossing

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// store reports a value of an image's that goes where a shared variable leads.
func (c *checker) store(fn *ssa.Function, addr, val ssa.Value, pos token.Pos) {
	if fn.Parent() == nil && fn.Name() == "init" {
		return // the declaration's own initialiser: whoever plans a build sees to it
	}
	for _, root := range c.Roots(addr) {
		g, ok := root.(*ssa.Global)
		if !ok || !c.Shared(g) {
			continue
		}
		w := provenance{checker: c, seen: map[ssa.Value]bool{}}
		if why := w.of(val); why != "" {
			c.report(ruleStore, g.Name(), pos, "%s goes into %s, which is shared: other images then reach it, in every build; store a copy that refers to nothing, or let %s be virtual", why, g.Name(), g.Name())
			return
		}
	}
}

// A provenance says what of an image's a value has, or "".
type provenance struct {
	*checker
	seen map[ssa.Value]bool
}

func (w *provenance) of(v ssa.Value) string {
	if v == nil || w.seen[v] {
		return ""
	}
	w.seen[v] = true
	switch v := v.(type) {
	case *ssa.Const, *ssa.Builtin, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return ""
	case *ssa.Function:
		return "" // finds its image's state when it is called
	case *ssa.MakeInterface:
		return w.of(v.X)
	case *ssa.ChangeType:
		return w.of(v.X)
	case *ssa.ChangeInterface:
		return w.of(v.X)
	case *ssa.Convert:
		return w.of(v.X)
	case *ssa.TypeAssert:
		return w.of(v.X)
	case *ssa.Slice:
		return w.of(v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if why := w.of(e); why != "" {
				return why
			}
		}
		return ""
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			if why := w.of(b); why != "" {
				return "a function literal with " + why
			}
		}
		return ""
	case *ssa.Alloc:
		return w.stored(v)
	case *ssa.Global:
		if w.Virtual(v) {
			return "the address of virtual " + v.Name()
		}
		return ""
	case *ssa.Parameter:
		if refers(v.Type()) && !harmless(v.Type()) {
			return fmt.Sprintf("a reference from the caller (%s)", v.Name())
		}
		return ""
	case *ssa.FreeVar:
		return w.captured(v)
	case *ssa.Call:
		return w.call(v)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && refers(v.Type()) {
			return w.call(call)
		}
		return w.read(v)
	case *ssa.UnOp:
		if cell, ok := v.X.(*ssa.Alloc); ok {
			return w.of(cell)
		}
		if cell, ok := v.X.(*ssa.FreeVar); ok {
			return w.of(cell)
		}
		return w.read(v)
	case *ssa.Lookup, *ssa.Field, *ssa.Index, *ssa.FieldAddr, *ssa.IndexAddr:
		return w.read(v)
	}
	return ""
}

// read says where a value is read from.
func (w *provenance) read(v ssa.Value) string {
	for _, root := range w.Roots(v) {
		switch root := root.(type) {
		case *ssa.Global:
			if w.Virtual(root) {
				return "what is read from virtual " + root.Name()
			}
		case *ssa.Parameter:
			if refers(v.Type()) && !harmless(v.Type()) {
				return w.of(root)
			}
		}
	}
	return ""
}

// stored looks at what is stored in memory that is made here.
func (w *provenance) stored(a *ssa.Alloc) string {
	var look func(addr ssa.Value) string
	look = func(addr ssa.Value) string {
		for _, in := range *addr.Referrers() {
			why := ""
			switch in := in.(type) {
			case *ssa.Store:
				if in.Addr == addr {
					why = w.of(in.Val)
				}
			case *ssa.FieldAddr:
				why = look(in)
			case *ssa.IndexAddr:
				why = look(in)
			}
			if why != "" {
				return why
			}
		}
		return ""
	}
	return look(a)
}

// captured looks at what the enclosing function binds a free variable to.
func (w *provenance) captured(v *ssa.FreeVar) string {
	fn := v.Parent()
	for _, b := range fn.Parent().Blocks {
		for _, in := range b.Instrs {
			if m, ok := in.(*ssa.MakeClosure); ok && m.Fn == fn {
				for i, f := range fn.FreeVars {
					if f == v {
						return w.of(m.Bindings[i])
					}
				}
			}
		}
	}
	return ""
}

// call says what a call's result has of an image's: a callee that uses virtual
// state may return it.
func (w *provenance) call(call *ssa.Call) string {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		if b.Name() != "append" {
			return ""
		}
		for _, arg := range call.Call.Args[1:] {
			if why := w.of(arg); why != "" {
				return why
			}
		}
		return ""
	}
	callee := call.Call.StaticCallee()
	if callee == nil || !refers(call.Type()) {
		return ""
	}
	for _, i := range w.Of(callee).Returns {
		if i < len(call.Call.Args) {
			if why := w.of(call.Call.Args[i]); why != "" {
				return why
			}
		}
	}
	if returns := w.returned(callee); returns != "" {
		return returns
	}
	return ""
}

// returned says whether a function of this package returns what it reads from
// virtual state.
func (w *provenance) returned(fn *ssa.Function) string {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if r, ok := in.(*ssa.Return); ok {
				for _, v := range r.Results {
					for _, root := range w.Roots(v) {
						if g, ok := root.(*ssa.Global); ok && refers(v.Type()) && w.Virtual(g) {
							return "what " + fn.Name() + " returns of virtual " + g.Name()
						}
					}
				}
			}
		}
	}
	return ""
}

// harmless reports whether references of a type belong to the program: types of
// package reflect.
func harmless(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && (named.Obj().Pkg().Path() == "reflect" || named.Obj().Pkg().Path() == "time")
}
