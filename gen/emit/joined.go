package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// joined writes the containers of variables that have names in other packages
// too, one each:
//
//	type vnet_q_join1 struct { _ runtime.VnetHead; V_state int }
//	func INIT_VNET_Q_JOIN1() *vnet_q_join1 { return (*vnet_q_join1)(runtime.Vnet(vnet_q_join1_module.Off)) }
//	var vnet_q_join1_module = runtime.VnetModule{Path: "example.com/q", Joined: "example.com/q.state", ...}
//
// The other packages write the like, with their names for the variable and its
// type. The module that is reserved first makes the memory; those that come
// later share its place in the table. So no package has to import another, and
// a program may have some of the packages only.
func (e *emitter) joined(f *file, rt func(string) *jen.Statement) error {
	for _, j := range e.part.Joined {
		var values jen.Dict
		if j.Var.Join.Template {
			values = jen.Dict{jen.Id(rewrite.Field(j.Var)): copyOf(j.Var)}
		}
		module, err := e.container(f, j.Names, []*plan.Var{j.Var}, values, [2]string{
			j.Container + " holds one image's copy of " + j.Var.Name + ", which is " + j.Var.Join.Symbol + " to the linker.",
			j.Hook + " returns the current image's.",
		})
		if err != nil {
			return err
		}
		module[jen.Id("Path")] = jen.Lit(j.Var.Join.Vars[0].Pkg)
		module[jen.Id("Joined")] = jen.Lit(j.Var.Join.Symbol)
		f.Var().Id(j.Module()).Op("=").Add(rt("VnetModule")).Values(module)
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
