package emit

import (
	"go/constant"
	"go/types"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/gen/rewrite"
)

// static makes a part's file in the static build: the struct, and the first
// values that are constants.
func (e *emitter) static() (*file, error) {
	p := e.part
	f := newFile(p.Variant, e.namer)
	if err := e.plain(f); err != nil {
		return nil, err
	}
	if len(p.Vars) == 0 {
		return f, nil
	}
	var fields []jen.Code
	for _, v := range p.Vars {
		field, err := e.field(f, v)
		if err != nil {
			return nil, err
		}
		if e.opts.Align64 {
			fields = append(fields, jen.Id("_").Index(jen.Lit(0)).Add(f.qual("sync/atomic", "Int64")))
		}
		fields = append(fields, field)
	}
	f.Commentf("%s holds the package's virtual variables.", p.Container)
	f.Type().Id(p.Container).Struct(fields...)
	values := jen.Dict{}
	for v, c := range p.Laid {
		values[jen.Id(rewrite.Field(v))] = literal(v.Obj.Type(), c)
	}
	f.Commentf("%s is the one instance.", p.Static())
	if len(values) == 0 {
		f.Var().Id(p.Static()).Id(p.Container)
		return f, nil
	}
	f.Var().Id(p.Static()).Op("=").Id(p.Container).Values(values)
	return f, nil
}

// literal spells a constant of a type's, without any predeclared name that the
// package may have given another meaning.
func literal(t types.Type, c constant.Value) jen.Code {
	basic := t.Underlying().(*types.Basic)
	switch {
	case basic.Info()&types.IsBoolean != 0 && constant.BoolVal(c):
		return truth()
	case basic.Info()&types.IsBoolean != 0:
		return jen.Lit(0).Op("!=").Lit(0)
	case basic.Info()&types.IsString != 0:
		return jen.Lit(constant.StringVal(c))
	case basic.Info()&types.IsInteger != 0:
		return jen.Op(constant.ToInt(c).ExactString())
	case basic.Info()&types.IsComplex != 0:
		return real(constant.Real(c)).Op("+").Add(real(constant.Imag(c))).Op("*").Op("1i")
	}
	return real(c)
}

// real spells a number so that it is read back the same.
func real(c constant.Value) *jen.Statement {
	f, _ := constant.Float64Val(c)
	return jen.Parens(jen.Op(strconv.FormatFloat(f, 'e', -1, 64)))
}
