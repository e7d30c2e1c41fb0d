package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/gen/rewrite"
)

// joined writes the containers of variables that have names in other packages too, one each:
//
//	type vnet_q_join1 struct{ V_state int }
//	func INIT_VNET_Q_JOIN1() *vnet_q_join1 { return (*vnet_q_join1)(runtime.Vnet(vnet_q_join1_module.Off)) }
//	var vnet_q_join1_module = runtime.VnetModule{Path: "example.com/q", Joined: "example.com/q.state", ...}
//
// The other packages write the like, with their names for the variable and its type. The module that is reserved first makes
// the memory; those that come later share its place in the table. So no package has to import another, and a program may
// have some of the packages only.
func (e *emitter) joined(f *file, rt func(string) *jen.Statement) error {
	for _, j := range e.part.Joined {
		fields, err := e.field(f, j.Var)
		if err != nil {
			return err
		}
		pointer := func() *jen.Statement { return f.qual("unsafe", "Pointer") }
		f.Commentf("%s holds one image's copy of %s, which is %s to the linker.", j.Container, j.Var.Name, j.Var.Join.Symbol)
		f.Type().Id(j.Container).Struct(fields...)
		f.Commentf("%s returns the current image's.", j.Hook)
		f.Func().Id(j.Hook).Params().Op("*").Id(j.Container).Block(
			jen.Return(jen.Parens(jen.Op("*").Id(j.Container)).Parens(rt("Vnet").Call(jen.Id(j.Module()).Dot("Off")))))
		values := jen.Dict{}
		if j.Var.Join.Template {
			values[jen.Id(rewrite.Field(j.Var))] = copyOf(j.Var)
		}
		newFunc, look := j.Stem+"_new", j.Stem+"_look"
		f.Func().Id(newFunc).Params().Add(pointer()).Block(
			jen.Return(pointer().Call(jen.Op("&").Id(j.Container).Values(values))))
		f.Func().Id(look).Params(jen.Id("at").Add(pointer())).Interface().Block(
			jen.Return(jen.Parens(jen.Op("*").Id(j.Container)).Parens(jen.Id("at"))))
		f.Var().Id(j.Module()).Op("=").Add(rt("VnetModule")).Values(jen.Dict{
			jen.Id("Path"):   jen.Lit(j.Var.Join.Vars[0].Pkg),
			jen.Id("Joined"): jen.Lit(j.Var.Join.Symbol),
			jen.Id("New"):    jen.Id(newFunc),
			jen.Id("Look"):   jen.Id(look),
		})
	}
	return nil
}

// join spells the statements that give these containers their places.
func (e *emitter) join(rt func(string) *jen.Statement) (out []jen.Code) {
	for _, j := range e.part.Joined {
		out = append(out, rt("VnetReserve").Call(jen.Op("&").Id(j.Module())))
	}
	return out
}
