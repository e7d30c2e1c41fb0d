package proof

import (
	"go/types"
	"iter"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A dispatcher says what a call of an interface's method does where no more than
// one package is seen, if the interface is in a package-level variable. It knows
// two kinds of such calls:
//
//   - The variable is unexported, and only ever holds values of one type: the
//     call is one of that type's method. Example:
//
//     var out io.Writer = new(bytes.Buffer)
//
//   - Every type of the interface's own package, and of this one, that implements
//     the interface writes the receiver in that method: the call writes, as
//     class-hierarchy analysis says. Example: Inc of prometheus.Gauge. This is
//     likely and not proved, as a third package may have a type that does not.
type dispatcher struct {
	pkg          *ssa.Package
	summary      func(*types.Func) *Summary // of any package's function or interface method; nil if there is none
	functions    map[*types.Func]*ssa.Function
	concrete     []*types.Named             // the package's types that are no interfaces
	holds        map[*ssa.Global]types.Type // what unexported interface variables hold, if that is one type
	implementers typeutil.Map               // by interface: []types.Type
}

func newDispatcher(in OpenInput, summary func(*types.Func) *Summary) *dispatcher {
	d := &dispatcher{pkg: in.Package.SSA, summary: summary, functions: map[*types.Func]*ssa.Function{}}
	for _, fn := range in.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok {
			d.functions[obj] = fn
		}
	}
	for named := range namedTypes(d.pkg.Pkg) {
		if !types.IsInterface(named) {
			d.concrete = append(d.concrete, named)
		}
	}
	d.holds = singleTypes(append(slices.Clone(in.Funcs), d.pkg.Func("init")))
	return d
}

// namedTypes yields the types that a package declares at its top, without
// generic ones.
func namedTypes(pkg *types.Package) iter.Seq[*types.Named] {
	return func(yield func(*types.Named) bool) {
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() {
				continue
			}
			if named, ok := tn.Type().(*types.Named); ok && named.TypeParams().Len() == 0 && !yield(named) {
				return
			}
		}
	}
}

// call returns the summary of a call of an interface's method, and the function
// that the call surely runs, if that is one; no summary if nothing is known.
func (d *dispatcher) call(c *ssa.CallCommon) (*Summary, *ssa.Function) {
	load, ok := c.Value.(*ssa.UnOp)
	if !ok {
		return nil, nil
	}
	g, ok := load.X.(*ssa.Global)
	if !ok {
		return nil, nil
	}
	if t := d.holds[g]; t != nil {
		if m := method(t, c.Method); m != nil {
			return d.summary(m), d.pkg.Prog.FuncValue(m)
		}
	}
	return d.anyOf(c.Value.Type(), c.Method), nil
}

// anyOf returns a summary of an interface's method by the types that implement
// the interface, if all write the receiver.
func (d *dispatcher) anyOf(iface types.Type, m *types.Func) *Summary {
	if _, ok := types.Unalias(iface).(*types.TypeParam); ok || m.Pkg() == nil {
		return nil
	}
	found := false
	if m.Pkg() != d.pkg.Pkg { // its own package's types
		s := d.summary(m)
		if s == nil || s.Params[0]&Writes == 0 {
			return nil
		}
		found = true
	}
	for impl := range d.methods(iface, m) {
		s := d.summary(impl)
		if s == nil || len(s.Params) == 0 || s.Params[0]&Writes == 0 {
			return nil
		}
		found = true
	}
	if !found {
		return nil
	}
	s := &Summary{Params: []Effect{Writes | Leaves}, Returns: 1}
	for i := range m.Signature().Params().Len() {
		s.Params = append(s.Params, Leaves)
		s.Returns |= 1 << min(i+1, 63)
	}
	return s
}

// changes reports whether a method of an interface type is known to write its
// receiver.
func (d *dispatcher) changes(iface types.Type) bool {
	u, ok := iface.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range u.Methods() {
		if d.anyOf(iface, m) != nil {
			return true
		}
	}
	return false
}

// methods yields this package's methods that a call of an interface's method
// may run.
func (d *dispatcher) methods(iface types.Type, m *types.Func) iter.Seq[*types.Func] {
	impls, ok := d.implementers.At(iface).([]types.Type)
	if !ok {
		u := iface.Underlying().(*types.Interface)
		for _, named := range d.concrete {
			if t := types.NewPointer(named); types.Implements(named, u) || types.Implements(t, u) {
				impls = append(impls, t)
			}
		}
		d.implementers.Set(iface, impls)
	}
	return func(yield func(*types.Func) bool) {
		for _, t := range impls {
			if f := method(t, m); f != nil && !yield(f) {
				return
			}
		}
	}
}

// method returns the method of a type that stands for an interface's.
func method(t types.Type, m *types.Func) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name())
	f, _ := obj.(*types.Func)
	return f
}

// singleTypes returns the unexported interface variables whose every value that
// functions store is of one type. A variable whose address is used in another
// way is left out.
func singleTypes(fns []*ssa.Function) map[*ssa.Global]types.Type {
	out, drop := map[*ssa.Global]types.Type{}, map[*ssa.Global]bool{}
	var visit func(*ssa.Function)
	visit = func(fn *ssa.Function) {
		var operands []*ssa.Value
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				operands = in.Operands(operands[:0])
				for _, op := range operands {
					g, ok := (*op).(*ssa.Global)
					if !ok {
						continue
					}
					switch in := in.(type) {
					case *ssa.UnOp: // a load
						continue
					case *ssa.Store:
						if t := dynamicType(in.Val, true); in.Addr == g && t != nil && (out[g] == nil || types.Identical(out[g], t)) {
							out[g] = t
							continue
						}
					}
					drop[g] = true
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			visit(anon)
		}
	}
	for _, fn := range fns {
		if fn != nil && fn.Parent() == nil {
			visit(fn)
		}
	}
	for g := range out {
		if obj := g.Object(); drop[g] || obj == nil || obj.Exported() || !types.IsInterface(obj.Type()) {
			delete(out, g)
		}
	}
	return out
}

// dynamicType returns the type of what an interface value holds, nil if it is
// not seen. With calls, a function that returns values of one type is seen too.
func dynamicType(v ssa.Value, calls bool) types.Type {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X.Type()
	case *ssa.ChangeInterface:
		return dynamicType(v.X, calls)
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if !calls || fn == nil || fn.Signature.Results().Len() != 1 {
			return nil
		}
		var one types.Type
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok {
				continue
			}
			t := dynamicType(ret.Results[0], false)
			if t == nil || one != nil && !types.Identical(one, t) {
				return nil
			}
			one = t
		}
		return one
	}
	return nil
}

// abstract enters summaries for the methods of the package's own interfaces,
// for its importers.
func (d *dispatcher) abstract(summaries map[*types.Func]*Summary) {
	for named := range namedTypes(d.pkg.Pkg) {
		if iface, ok := named.Underlying().(*types.Interface); ok {
			for m := range iface.ExplicitMethods() {
				if s := d.anyOf(named, m); s != nil {
					summaries[m] = s
				}
			}
		}
	}
}

// word is what package flow asks of a call of an interface's method.
func (d *dispatcher) word(p *flow.Program, c *ssa.CallCommon) (*flow.Word, *flow.Func) {
	s, fn := d.call(c)
	if s == nil {
		return nil, nil
	}
	if fn == nil {
		return s.word(c.Method.FullName()), nil
	}
	return s.word(fn.String()), p.Func(fn)
}
