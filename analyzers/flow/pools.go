package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A sync.Pool's function New is followed for each package-level pool by itself, as long as the variable's address goes
// nowhere but to the pool's methods: what one pool makes does not come out of another.

// newOf returns the memory of field New of the package-level sync.Pool that an address leads to, or to an element of
// which; none for other addresses.
func (p *Program) newOf(addr ssa.Value) Node {
	g, ok := rootValue(addr).(*ssa.Global)
	if !ok {
		return 0
	}
	return p.cell(cellKey{kind: newCell, index: int32(p.globalIndex[p.Global(g)])})
}

// PoolMemory lists the memory of pools in a variable and in what it leads to, values of the types in, that types do not show: what
// lies in pools, and the function New of the variable's own.
func (p *Program) PoolMemory(g *Global, in func(func(TypeID))) (list []Node) {
	in(func(t TypeID) {
		if list == nil && isPool(p.TypeOf(t)) {
			list = append(list, p.Pooled)
		}
	})
	if poolIn(g.Obj.Type().(*types.Pointer).Elem()) != nil {
		list = append(list, p.newOf(g.Obj))
	}
	return list
}

// newOf is Program's for local variables too, in which composite literals are put together.
func (e *extractor) newOf(addr ssa.Value) Node {
	root := rootValue(addr)
	if e.own[root] == 0 {
		return e.p.newOf(addr)
	}
	n, ok := e.news[root]
	if !ok {
		n = e.p.node()
		e.news[root] = n
	}
	return n
}

// storePool follows a function that is stored in a pool, and a pool that is stored.
func (e *extractor) storePool(v *ssa.Store) {
	if fa, ok := v.Addr.(*ssa.FieldAddr); ok && isPool(core(fa.X.Type()).(*types.Pointer).Elem()) {
		e.copy(e.newOf(fa.X), e.use(v.Val))
		return
	}
	pool := poolIn(v.Val.Type())
	if pool == nil {
		return
	}
	from := e.p.FieldNamed(pool, "New")
	if load, ok := v.Val.(*ssa.UnOp); ok && e.newOf(load.X) != 0 {
		from = e.newOf(load.X)
	}
	e.copy(e.newOf(v.Addr), from)
}

// loadPool notes that a copy of a pool, or of what has pools in it, goes where it is known by type alone.
func (e *extractor) loadPool(v *ssa.UnOp) {
	if pool := poolIn(v.Type()); pool != nil {
		e.copy(e.p.FieldNamed(pool, "New"), e.p.newOf(v.X))
	}
}

// tiePool notes that the address of a pool, or of what has pools in it, goes there.
func (p *Program) tiePool(g *ssa.Global, t types.Type) {
	if pool := poolIn(t); pool != nil {
		p.tie(p.newOf(g), p.FieldNamed(pool, "New"))
	}
}

// poolIn returns sync.Pool if there are such in a value of type t itself, else nil.
func poolIn(t types.Type) *types.Named {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return poolIn(u.Elem())
	case *types.Struct:
		if isPool(t) {
			return types.Unalias(t).(*types.Named)
		}
		for f := range u.Fields() {
			if pool := poolIn(f.Type()); pool != nil {
				return pool
			}
		}
	}
	return nil
}

func isPool(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Pool"
}
