package crossing

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// pools reports shared pools whose content has references.
func (c *checker) pools() {
	for _, m := range c.Pkg.Members {
		g, ok := m.(*ssa.Global)
		if !ok || !c.Shared(g) || !isPool(g.Type().(*types.Pointer).Elem()) {
			continue
		}
		held := c.heldBy(g)
		if held == nil {
			continue
		}
		c.report(rulePool, g.Name(), g.Pos(), "%s is a pool that is shared, in every build: a %s that one image puts back, with what it refers to, another takes out; let the pool be virtual, or pool memory without references",
			g.Name(), types.TypeString(held, types.RelativeTo(c.pass.Pkg)))
	}
}

func isPool(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Pool"
}

// heldBy returns a type of what a pool holds that has references beyond bytes,
// or nil.
func (c *checker) heldBy(g *ssa.Global) types.Type {
	var found types.Type
	consider := func(v ssa.Value) {
		if m, ok := v.(*ssa.MakeInterface); ok && found == nil && !bytesOnly(m.X.Type()) {
			found = m.X.Type()
		}
	}
	fns := append([]*ssa.Function{c.Pkg.Func("init")}, c.Funcs...)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store: // the pool's field New
					if made := function(in.Val); made != nil && c.rootedAt(in.Addr, g) {
						for _, b := range made.Blocks {
							if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(r.Results) == 1 {
								consider(r.Results[0])
							}
						}
					}
				case ssa.CallInstruction:
					call := in.Common()
					if callee := call.StaticCallee(); callee != nil && callee.String() == "(*sync.Pool).Put" && c.rootedAt(call.Args[0], g) {
						consider(call.Args[1])
					}
				}
			}
		}
	}
	return found
}

func (c *checker) rootedAt(v ssa.Value, g *ssa.Global) bool {
	for _, root := range c.Roots(v) {
		if root == g {
			return true
		}
		if a, ok := root.(*ssa.Alloc); ok { // a literal that is then stored
			for _, in := range *a.Referrers() {
				if s, ok := in.(*ssa.Store); ok && s.Addr == g {
					return true
				}
				if load, ok := in.(*ssa.UnOp); ok && slices.ContainsFunc(*load.Referrers(), func(in ssa.Instruction) bool {
					s, ok := in.(*ssa.Store)
					return ok && s.Addr == g
				}) {
					return true
				}
			}
		}
	}
	return false
}

// bytesOnly reports whether what is pooled is memory that refers to nothing
// else: a buffer, an array, a slice or a struct of plain values, or a pointer
// to one.
func bytesOnly(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
		case "bytes.Buffer", "strings.Builder":
			return true
		}
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		return !refers(s.Elem())
	}
	return !refers(t)
}
