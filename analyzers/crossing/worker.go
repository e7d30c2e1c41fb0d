package crossing

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// workers reports goroutines that run functions which they take from a shared
// channel.
func (c *checker) workers() {
	for _, fn := range c.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if start, ok := in.(*ssa.Go); ok {
					c.worker(start)
				}
			}
		}
	}
}

func (c *checker) worker(start *ssa.Go) {
	body := start.Call.StaticCallee()
	if body == nil {
		return
	}
	for _, b := range body.Blocks {
		for _, in := range b.Instrs {
			ch, got := received(in)
			if ch == nil || !c.runs(got) {
				continue
			}
			if g := c.sharedChannel(start, body, ch); g != nil {
				c.report(ruleWorker, g.Name(), start.Pos(), "this goroutine runs the functions that it takes from shared %s in the image that it was started in, in every build, whoever sends them: send functions that vimage.Bind has tied to their image, or let each image have its own workers", g.Name())
				return
			}
		}
	}
}

// received returns the channel that an instruction receives from, and what it
// got.
func received(in ssa.Instruction) (ch, got ssa.Value) {
	switch in := in.(type) {
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			return in.X, in
		}
	case *ssa.Select:
		for _, st := range in.States {
			if st.Dir == types.RecvOnly {
				if _, ok := st.Chan.Type().Underlying().(*types.Chan).Elem().Underlying().(*types.Signature); ok {
					return st.Chan, in
				}
			}
		}
	}
	return nil, nil
}

// runs reports whether a received value is called, or a function or method of
// it.
func (c *checker) runs(v ssa.Value) bool {
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if seen[v] || v.Referrers() == nil {
			return false
		}
		seen[v] = true
		for _, in := range *v.Referrers() {
			switch in := in.(type) {
			case ssa.CallInstruction:
				if in.Common().Value == v {
					return true
				}
			case *ssa.Extract, *ssa.Field, *ssa.FieldAddr, *ssa.Phi, *ssa.ChangeType:
				if visit(in.(ssa.Value)) {
					return true
				}
			case *ssa.UnOp:
				if visit(in) {
					return true
				}
			case *ssa.Store:
				if in.Val == v {
					if visit(in.Addr) {
						return true
					}
				}
			}
		}
		return false
	}
	return visit(v)
}

// sharedChannel returns the shared variable that the channel is reached from:
// named in the goroutine's function, or handed to it.
func (c *checker) sharedChannel(start *ssa.Go, body *ssa.Function, ch ssa.Value) *ssa.Global {
	for _, root := range c.Roots(ch) {
		switch root := root.(type) {
		case *ssa.Global:
			if c.Shared(root) {
				return root
			}
		case *ssa.Parameter:
			for i, p := range body.Params {
				if p == root && i < len(start.Call.Args) {
					if g := c.sharedValue(start.Call.Args[i]); g != nil {
						return g
					}
				}
			}
		case *ssa.FreeVar:
			if m, ok := start.Call.Value.(*ssa.MakeClosure); ok {
				for i, f := range body.FreeVars {
					if f == root {
						if g := c.sharedValue(m.Bindings[i]); g != nil {
							return g
						}
					}
				}
			}
		}
	}
	return nil
}

// sharedValue returns the shared variable that a value comes from, or that
// holds the only way to values of its type.
func (c *checker) sharedValue(v ssa.Value) *ssa.Global {
	for _, root := range c.Roots(v) {
		if g, ok := root.(*ssa.Global); ok && c.Shared(g) {
			return g
		}
	}
	// A pool type's own methods and constructor start the workers: is a shared
	// variable of that type?
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() != c.pass.Pkg {
		return nil
	}
	for _, name := range c.pass.Pkg.Scope().Names() {
		g, ok := c.Pkg.Members[name].(*ssa.Global)
		if !ok || !c.Shared(g) {
			continue
		}
		gt := g.Type().(*types.Pointer).Elem()
		if p, ok := gt.Underlying().(*types.Pointer); ok {
			gt = p.Elem()
		}
		if types.Identical(gt, named) {
			return g
		}
	}
	return nil
}
