package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
)

// container writes the type of some variables' container, and its hook, and
// returns what the module says of it. Values are the fields that New fills.
//
//	type vnet_p struct { _ runtime.VnetHead; V_x ... }
//	func INIT_VNET_P() *vnet_p { return (*vnet_p)(runtime.Vnet(vnet_p_module.Off)) }
func (e *emitter) container(f *file, n naming.Names, vars []*plan.Var, values jen.Dict, comments [2]string) (jen.Dict, error) {
	rt := func(name string) *jen.Statement { return f.qual(e.opts.Runtime, name) }
	pointer := func() *jen.Statement { return f.qual("unsafe", "Pointer") }
	if e.opts.readable() {
		return e.readableContainer(f, n, vars, comments)
	}
	layout := e.opts.Lay(vars)
	fields, err := e.laidOut(f, layout)
	if err != nil {
		return nil, err
	}
	f.Comment(comments[0])
	f.Type().Id(n.Container).Struct(fields...)
	f.Comment(comments[1])
	f.Comment("//")
	f.Comment("//go:nocheckptr") // checkptr takes a container's variables for several objects
	f.Func().Id(n.Hook).Params().Op("*").Id(n.Container).Block(
		jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).Parens(rt("Vnet").Call(jen.Id(n.Module()).Dot("Off")))))
	// Functions with names: literals would take numbers of the author's.
	newFunc, look, shift := n.Stem+"_new", n.Stem+"_look", n.Stem+"_shift"
	f.Func().Id(newFunc).Params().Add(pointer()).Block(
		jen.Return(pointer().Call(jen.Op("&").Id(n.Container).Values(values))))
	f.Comment("//go:nocheckptr")
	f.Func().Id(look).Params(jen.Id("at").Add(pointer())).Interface().Block(
		jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).Parens(jen.Id("at"))))
	module := jen.Dict{
		jen.Id("Bare"): jen.Lit(int(layout.Bare)),
		jen.Id("New"):  jen.Id(newFunc),
		jen.Id("Look"): jen.Id(look),
	}
	if layout.Headed {
		shifted := jen.Struct(jen.Id("_").Index(rt("VnetShift")).Add(rt("VnetPad")), jen.Id("c").Id(n.Container))
		content := jen.Dict{}
		if len(values) > 0 {
			content[jen.Id("c")] = jen.Id(n.Container).Values(values)
		}
		f.Func().Id(shift).Params().Add(pointer()).Block(
			jen.Return(pointer().Call(jen.Op("&").Parens(jen.Op("&").Add(shifted).Values(content)).Dot("c"))))
		module[jen.Id("Shift")] = jen.Id(shift)
	}
	return module, nil
}

// laidOut spells a container's fields.
func (e *emitter) laidOut(f *file, layout plan.Layout) ([]jen.Code, error) {
	rt := func(name string) *jen.Statement { return f.qual(e.opts.Runtime, name) }
	pad := func(n int64) *jen.Statement { return jen.Id("_").Index(jen.Lit(int(n))).Add(rt("VnetPad")) }
	out := []jen.Code{jen.Id("_").Add(rt("VnetHead"))}
	for _, place := range layout.Fields {
		if place.Pad > 0 {
			out = append(out, pad(place.Pad))
		}
		field, err := e.field(f, place.Var)
		if err != nil {
			return nil, err
		}
		out = append(out, field)
	}
	if layout.Tail > 0 {
		out = append(out, pad(layout.Tail))
	}
	return out, nil
}
