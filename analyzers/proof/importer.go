package proof

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/ssa"
)

// An importer stands for all code that may be written against the libraries of a program. It calls whatever they
// export, with what it got from them and with functions of its own, puts what it got wherever it can reach
// ([flow.Program.ExposeOutside]), embeds it in types of its own, and reads what it is led to. What it makes itself, it may change; but the memory of a library's variable it changes
// through the library's functions alone: where it writes by itself, that is seen when it is there to be looked at. What opens
// a plugin never is.
type importer struct {
	opens bool      // plugins
	has   flow.Node // what it got
	parts flow.Node // what that leads to
	funcs []*flow.Func
	vars  []*flow.Global
	known map[flow.TypeID]bool // the types of what it gets and can name the parts of
	call  *flow.Call           // the calls of function values that it got
	site  int32
}

// imported has a reach follow what the importers of some packages can do.
func (r *reach) imported(pkgs []*ssa.Package, opened bool, unseen func(*ssa.Function) bool) {
	if len(pkgs) == 0 {
		return
	}
	p := r.p
	im := &importer{opens: opened, has: p.Outside, parts: p.NewNode(), known: map[flow.TypeID]bool{}}
	r.importer = im
	for _, pkg := range pkgs {
		for _, fn := range Exported(pkg) {
			if unseen != nil && unseen(fn) {
				continue
			}
			im.calling(r, fn)
		}
		for _, g := range exportedVars(pkg) {
			v := p.Global(g)
			im.vars = append(im.vars, v)
			if t := g.Type().(*types.Pointer).Elem(); v.Content != 0 { // and not what all pointers to such lead to
				r.edge(v.Content, edge{edgeCopy, im.has, 0})
				im.get(r, t)
			} else {
				im.get(r, g.Type())
			}
		}
	}
	r.add(im.has, foreign)
	im.call = &flow.Call{Static: -1, Target: im.has, Args: slices.Repeat([]flow.Node{im.has}, maxArgs), Results: slices.Repeat([]flow.Node{im.has}, maxArgs)}
	im.site = int32(len(r.sites))
	r.sites = append(r.sites, &site{call: im.call, in: -1, first: -1})
	r.edge(im.has, edge{edgeCall, 0, im.site})
	r.edge(im.has, edge{edgeMethods, 0, 0})
	r.edge(im.has, edge{edgeImport, 0, 0})
}

// calling has it call a function with what it has, and take the results.
func (im *importer) calling(r *reach, fn *ssa.Function) {
	f := r.p.Func(fn)
	im.funcs = append(im.funcs, f)
	r.activate(f)
	for i, t := range paramTypes(fn.Signature) {
		im.get(r, t)
		r.edge(im.has, edge{edgeCopy, f.Params[i], 0})
	}
	for _, n := range f.Results {
		r.edge(n, edge{edgeCopy, im.has, 0})
	}
	for v := range fn.Signature.Results().Variables() {
		im.get(r, v.Type())
	}
}

// instance has it call the methods of an instance of a generic type. Exported
// lists them as they are written, for instances that the importer makes.
func (im *importer) instance(r *reach, t types.Type) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.TypeArgs().Len() == 0 || types.IsInterface(named) || r.p.Parametric(r.p.Type(t)) {
		return
	}
	for sel := range types.NewMethodSet(types.NewPointer(named)).Methods() {
		if sel.Obj().Exported() {
			if fn := r.p.SSA.MethodValue(sel); fn != nil {
				im.calling(r, fn)
			}
		}
	}
}

// maxArgs is how many arguments of a function value that it calls are looked at; Go programs have fewer.
const maxArgs = 64

// get gives it a value of a type, and what it can reach from that, and lets it store there.
func (im *importer) get(r *reach, t types.Type) {
	im.look(r, t)
	r.links()
}

func (im *importer) look(r *reach, t types.Type) {
	id := r.p.Type(t)
	if im.known[id] {
		return
	}
	im.known[id] = true
	im.instance(r, t)
	r.p.ExposeOutside(t)
	for _, n := range r.p.Behind(t) {
		r.edge(n, edge{edgeCopy, im.has, 0})
	}
	if !types.IsInterface(t) {
		r.make(id)
		r.add(im.has, heldType(id))
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		im.look(r, u.Elem())
	case *types.Slice:
		im.look(r, types.NewPointer(u.Elem()))
	case *types.Signature:
		for _, t := range paramTypes(u) {
			im.look(r, t)
		}
		for v := range u.Results().Variables() {
			im.look(r, v.Type())
		}
	case *types.Interface:
		for m := range u.Methods() {
			im.look(r, m.Type())
		}
	case *types.Array:
		im.look(r, u.Elem())
	case *types.Chan:
		im.look(r, u.Elem())
	case *types.Map:
		im.look(r, u.Key())
		im.look(r, u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() {
				im.look(r, types.NewPointer(f.Type()))
			}
		}
	}
}

// answer has it answer a call of what may be a function or method of its own. A method that is not exported is that of an
// embedded value, one that it got.
func (im *importer) answer(r *reach, id int32) {
	s := r.sites[id]
	if s.open {
		return
	}
	s.open = true
	if m := s.call.Method; m != nil && !m.Exported() {
		r.edge(im.has, edge{edgeEmbed, 0, id})
		return
	}
	switch {
	case s.call.Method != nil:
		im.get(r, s.call.Method.Type())
	case s.call.Sig != 0:
		im.get(r, r.p.TypeOf(s.call.Sig))
	}
	for _, n := range s.call.Args {
		r.edge(n, edge{edgeCopy, im.has, 0})
	}
	for _, n := range s.call.Results {
		r.edge(im.has, edge{edgeCopy, n, 0})
	}
}

// calls returns the functions that it calls.
func (im *importer) calls(r *reach) []flow.FuncID {
	var out []flow.FuncID
	for _, f := range im.funcs {
		out = append(out, f.ID)
	}
	return append(out, r.sites[im.site].list...)
}

// steps enters what it does into the graph.
func (im *importer) steps(g *graph) {
	if im.opens {
		i := g.at(im.has)
		g.events[i] = append(g.events[i], event{kind: flow.Unknown, value: -1, by: -1, in: -1, after: true})
	}
	g.step(im.has, im.parts, step{kind: stepContent, in: -1})
	g.step(im.parts, im.has, step{kind: stepCopy, in: -1})
	for _, f := range im.funcs {
		for i, t := range paramTypes(f.SSA().Signature) {
			g.step(im.has, f.Params[i], step{kind: stepIn, aux: int32(g.r.p.Type(t)), in: f.ID, pos: f.SSA().Pos()})
		}
		for _, n := range f.Results {
			g.step(n, im.has, step{kind: stepReturn, aux: int32(f.ID), in: -1, pos: f.SSA().Pos()})
		}
	}
	for _, v := range im.vars {
		g.step(v.Addr, im.has, step{kind: stepCopy, in: -1})
	}
	for _, id := range slices.Sorted(maps.Keys(im.known)) { // what lies in memory of its own, or of the libraries'
		for _, n := range g.r.p.Behind(g.r.p.TypeOf(id)) {
			g.step(n, im.has, step{kind: stepCopy, in: -1})
		}
	}
	g.methods(im.has, -1, token.NoPos)
	for _, s := range g.r.sites {
		if !s.open {
			continue
		}
		if m := s.call.Method; m != nil && !m.Exported() {
			for _, id := range s.list {
				if f := g.r.p.Funcs[id]; len(f.Params) > 0 && f.SSA().Signature.Recv() != nil {
					g.step(im.has, f.Params[0], step{kind: stepReceive, aux: int32(g.r.p.Type(f.SSA().Signature.Recv().Type())), in: s.in, pos: s.call.Pos})
				}
			}
			continue
		}
		for _, a := range s.call.Args {
			g.step(a, im.has, step{kind: stepOut, aux: int32(s.in), in: -1, pos: s.call.Pos})
		}
		for _, n := range s.call.Results {
			g.step(im.has, n, step{kind: stepCopy, in: -1, pos: s.call.Pos})
		}
	}
}

// paramTypes lists the types of what a function gets, the receiver's first.
func paramTypes(sig *types.Signature) []types.Type {
	var out []types.Type
	if recv := sig.Recv(); recv != nil {
		out = append(out, recv.Type())
	}
	for v := range sig.Params().Variables() {
		out = append(out, v.Type())
	}
	return out
}

// Exported lists a package's exported functions, and the exported methods of all its types: one that is not exported
// may be had all the same.
func Exported(pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	for _, m := range members(pkg) {
		switch m := m.(type) {
		case *ssa.Function:
			if m.Object() != nil && m.Object().Exported() {
				out = append(out, m)
			}
		case *ssa.Type:
			named, ok := m.Type().(*types.Named)
			if !ok || types.IsInterface(named) {
				continue
			}
			if named.TypeParams() != nil { // the methods as they are written
				for fn := range named.Methods() {
					if f := pkg.Prog.FuncValue(fn); f != nil && fn.Exported() {
						out = append(out, f)
					}
				}
				continue
			}
			set := types.NewMethodSet(types.NewPointer(named))
			for sel := range set.Methods() {
				if sel.Obj().Exported() {
					if f := pkg.Prog.MethodValue(sel); f != nil {
						out = append(out, f)
					}
				}
			}
		}
	}
	return out
}

func exportedVars(pkg *ssa.Package) []*ssa.Global {
	var out []*ssa.Global
	for _, m := range members(pkg) {
		if g, ok := m.(*ssa.Global); ok && g.Object() != nil && g.Object().Exported() {
			out = append(out, g)
		}
	}
	return out
}

// members lists a package's members by name.
func members(pkg *ssa.Package) []ssa.Member {
	var out []ssa.Member
	for _, m := range pkg.Members {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b ssa.Member) int { return cmp.Compare(a.Name(), b.Name()) })
	return out
}
