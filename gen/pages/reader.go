package pages

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/sharedvars"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// Names of a reader's stubs: those of variables and of functions.
func fieldStub(i int) string    { return "v" + strconv.Itoa(i) }
func functionStub(i int) string { return "f" + strconv.Itoa(i) }

// stubOf returns the type of the stub that reads some variables.
func stubOf(slots []page.Slot) string {
	one := true
	for _, s := range slots {
		one = one && s.Kind.OneWord()
	}
	switch {
	case one && len(slots) == 1:
		return "Word"
	case one && len(slots) == 2:
		return "Pair"
	}
	return "Group"
}

// slotsOf returns the slots of some fields.
func (e *emitter) slotsOf(fields []*sharedvars.Field) (out []page.Slot) {
	for _, f := range fields {
		for _, s := range e.slots {
			if s.Name == f.Name {
				out = append(out, s)
			}
		}
	}
	return out
}

func (e *emitter) readerType() {
	name := e.p.Spec.Name.Name
	fields := []jen.Code{jen.Id("r").Op("*").Qual(pagePath, "Reader")}
	declare := []jen.Code{jen.Id("t").Op(":=").Op("&").Id(e.reader).Values(jen.Dict{jen.Id("r"): jen.Id("r")})}
	add := func(stub string, slots []page.Slot) {
		kind := stubOf(slots)
		fields = append(fields, jen.Id(stub).Qual(pagePath, kind))
		args := []jen.Code{jen.Op("&").Id("t").Dot(stub)}
		for _, s := range slots {
			args = append(args, jen.Qual(pagePath, "Var").Add(varOf(s.Var)))
		}
		declare = append(declare, jen.Id("r").Dot(kind).Call(args...))
	}
	for i, f := range e.p.Fields {
		add(fieldStub(i), e.slotsOf([]*sharedvars.Field{f}))
	}
	for i, fn := range e.p.Functions {
		add(functionStub(i), e.slotsOf(fn.Uses))
	}
	e.f.Commentf("A %s reads page %s. Its methods may be called by several goroutines.", e.reader, e.p.Name)
	e.f.Type().Id(e.reader).Struct(fields...)
	open := e.open + upper(name)
	e.f.Commentf("%s reads the page at a path, \"\" for the usual one. While there is none, methods", open)
	e.f.Comment("fall back, and the reader looks for one: see Err.")
	e.f.Func().Id(open).Params(jen.Id("path").String()).Op("*").Id(e.reader).Block(
		jen.Return(jen.Id(e.local("reader")).Call(jen.Qual(pagePath, "Open").Call(jen.Lit(e.p.Name), jen.Id("path")))))
	e.f.Func().Id(e.local("reader")).Params(jen.Id("r").Op("*").Qual(pagePath, "Reader")).Op("*").Id(e.reader).Block(
		append(declare, jen.Id("r").Dot("Start").Call(), jen.Return(jen.Id("t")))...)

	recv := jen.Id("t").Op("*").Id(e.reader)
	e.f.Comment("Close ends the look for a page. From then on methods fall back.")
	e.f.Func().Params(recv.Clone()).Id("Close").Params().Block(jen.Id("t").Dot("r").Dot("Close").Call())
	e.f.Comment("Err returns why there is no page, nil if there is one.")
	e.f.Func().Params(recv.Clone()).Id("Err").Params().Error().Block(jen.Return(jen.Id("t").Dot("r").Dot("Err").Call()))
	e.f.Comment("Check looks now whether there is another page, or none. The reader does so by")
	e.f.Comment("itself four times a period.")
	e.f.Func().Params(recv).Id("Check").Params().Error().Block(jen.Return(jen.Id("t").Dot("r").Dot("Check").Call()))
}

// words returns the number of words of variables.
func words(slots []page.Slot) (n int) {
	for _, s := range slots {
		n += s.Kind.Words()
	}
	return n
}

// typeOf returns a field's type.
func typeOf(f *sharedvars.Field) *jen.Statement {
	if f.Array != "" {
		return jen.Id(f.Array)
	}
	elem := jen.Id(f.Kind.Elem)
	if f.Named != "" {
		elem = jen.Id(f.Named)
	}
	if f.Kind.Array {
		return jen.Index(jen.Lit(f.Kind.Len)).Add(elem)
	}
	return elem
}

// scalarOf decodes a scalar from its word.
func scalarOf(f *sharedvars.Field, word string) *jen.Statement {
	v := jen.Qual(pagePath, upper(f.Kind.Elem)).Call(jen.Id(word))
	if f.Named != "" {
		v = jen.Id(f.Named).Call(v)
	}
	return v
}

// decode stores a variable, which is in the buffer b at an offset.
func decode(to *jen.Statement, f *sharedvars.Field, offset int) *jen.Statement {
	named := func(v *jen.Statement) *jen.Statement {
		if f.Named != "" {
			return jen.Id(f.Named).Call(v)
		}
		return v
	}
	switch {
	case f.Kind.Elem == "string":
		return to.Op("=").Add(named(jen.Qual(pagePath, "String").Call(at("b", offset), jen.Lit(f.Kind.Len))))
	case f.Kind.Array:
		_, size := unsigned(f.Kind.Elem)
		from := jen.Id("b").Index(jen.Lit(offset).Op("+").Lit(size).Op("*").Id("i").Op(":"))
		return jen.For(jen.Id("i").Op(":=").Range().Add(to.Clone())).Block(
			to.Clone().Index(jen.Id("i")).Op("=").Add(named(get(from, f.Kind.Elem))),
		)
	}
	return to.Op("=").Add(named(get(at("b", offset), f.Kind.Elem)))
}

// fieldMethod writes the method that reads a field.
func (e *emitter) fieldMethod(i int) error {
	f := e.p.Fields[i]
	slots := e.slotsOf([]*sharedvars.Field{f})
	load := jen.Id("t").Dot(fieldStub(i)).Dot("Load")
	if f.Fallback != "" {
		e.f.Commentf("%s returns the variable, or what %s returns where the page has none of type %s.",
			f.Name, f.Fallback, f.Type)
	} else {
		e.f.Commentf("%s returns the variable. It reports false where the page has none of type %s.", f.Name, f.Type)
	}
	method := e.f.Func().Params(jen.Id("t").Op("*").Id(e.reader)).Id(f.Name).Params()
	give := func(ok bool, v *jen.Statement) jen.Code {
		if f.Fallback != "" {
			return jen.Return(v)
		}
		return jen.Return(v, jen.Lit(ok))
	}
	var body []jen.Code
	zero := jen.Id("v")
	if f.Fallback != "" {
		method.Add(typeOf(f))
		zero = jen.Id(f.Fallback).Call()
	} else {
		method.Params(jen.Id("v").Add(typeOf(f)), jen.Id("ok").Bool())
	}
	if f.Kind.OneWord() {
		body = append(body,
			jen.If(jen.List(jen.Id("w"), jen.Id("ok")).Op(":=").Add(load).Call(), jen.Id("ok")).Block(
				give(true, scalarOf(f, "w")),
			))
	} else {
		if f.Fallback != "" {
			body = append(body, jen.Var().Id("v").Add(typeOf(f)))
		}
		body = append(body,
			jen.Var().Id("words").Index(jen.Lit(words(slots))).Uint64(),
			jen.If(jen.Add(load).Call(jen.Id("words").Index(jen.Op(":")))).Block(
				jen.Id("b").Op(":=").Qual(pagePath, "Bytes").Call(jen.Id("words").Index(jen.Op(":"))),
				decode(jen.Id("v"), f, 0), give(true, jen.Id("v"))))
	}
	method.Block(append(body, give(false, zero))...)
	return nil
}

// functionMethod writes the method that calls a function with the page's
// variables, or its fallback.
func (e *emitter) functionMethod(i int, fn *sharedvars.Function) error {
	name := fn.Decl.Name.Name
	slots := e.slotsOf(fn.Uses)
	params, args, err := e.params(fn.Decl)
	if err != nil {
		return err
	}
	results, err := e.results(fn.Decl)
	if err != nil {
		return err
	}
	page := e.p.Spec.Name.Name
	load := jen.Id("vdso_r").Dot(functionStub(i)).Dot("Load")
	var load1 []jen.Code // decodes
	var cond jen.Code
	var before []jen.Code
	values := jen.Dict{}
	switch stubOf(slots) {
	case "Word":
		cond = jen.List(jen.Id("vdso_0"), jen.Id("vdso_ok")).Op(":=").Add(load).Call().Op(";").Id("vdso_ok")
		values[jen.Id(fn.Uses[0].Name)] = scalarOf(fn.Uses[0], "vdso_0")
	case "Pair":
		read := func(op, try string) jen.Code {
			return jen.List(jen.Id("vdso_0"), jen.Id("vdso_1"), jen.Id("vdso_ok")).Op(op).
				Id("vdso_r").Dot(functionStub(i)).Dot(try).Call()
		}
		before = append(before, read(":=", "Try"), jen.If(jen.Op("!").Id("vdso_ok")).Block(read("=", "Again")))
		cond = jen.Id("vdso_ok")
		values[jen.Id(fn.Uses[0].Name)] = scalarOf(fn.Uses[0], "vdso_0")
		values[jen.Id(fn.Uses[1].Name)] = scalarOf(fn.Uses[1], "vdso_1")
	default:
		before = append(before, jen.Var().Id("vdso_words").Index(jen.Lit(words(slots))).Uint64())
		cond = jen.Add(load).Call(jen.Id("vdso_words").Index(jen.Op(":")))
	}
	load1 = append(load1, jen.Id("vdso_t").Op(":=").Id(page).Values(values))
	if stubOf(slots) == "Group" {
		load1 = append(load1, jen.Id("b").Op(":=").Qual(pagePath, "Bytes").Call(jen.Id("vdso_words").Index(jen.Op(":"))))
		offset := 0
		for j, f := range fn.Uses {
			load1 = append(load1, decode(jen.Id("vdso_t").Dot(f.Name), f, offset))
			offset += slots[j].Kind.Words() * 8
		}
	}
	load1 = append(load1, jen.Return(jen.Id(name).Call(append([]jen.Code{jen.Op("&").Id("vdso_t")}, args...)...)))
	e.f.Commentf("%s calls %s with the page's variables, which are of one moment, or %s where",
		sharedvars.Method(name), name, fn.Fallback)
	e.f.Comment("there is no page with them.")
	recv := jen.Id("vdso_r").Op("*").Id(e.reader)
	e.f.Func().Params(recv).Id(sharedvars.Method(name)).Params(params...).Params(results...).Block(
		append(before, jen.If(cond).Block(load1...), jen.Return(jen.Id(fn.Fallback).Call(args...)))...)
	return nil
}

// params returns a function's parameters but the first, and the arguments that
// hand them on.
func (e *emitter) params(decl *ast.FuncDecl) (params, args []jen.Code, err error) {
	n := 0
	for _, f := range decl.Type.Params.List {
		names := max(len(f.Names), 1)
		t, err := e.spell(f.Type)
		if err != nil {
			return nil, nil, err
		}
		for range names {
			if n++; n == 1 {
				continue
			}
			id := "vdso_p" + strconv.Itoa(n-1)
			params = append(params, jen.Id(id).Add(t))
			args = append(args, jen.Id(id))
		}
	}
	return params, args, nil
}

func (e *emitter) results(decl *ast.FuncDecl) (results []jen.Code, err error) {
	for _, f := range decl.Type.Results.List {
		t, err := e.spell(f.Type)
		if err != nil {
			return nil, err
		}
		for range max(len(f.Names), 1) {
			results = append(results, t)
		}
	}
	return results, nil
}

// spell returns a type as its author spelled it, and imports what it mentions.
func (e *emitter) spell(t ast.Expr) (*jen.Statement, error) {
	switch t := t.(type) {
	case *ast.SelectorExpr:
		id, ok := t.X.(*ast.Ident)
		if !ok {
			break
		}
		path, err := e.imported(id)
		if err != nil {
			return nil, err
		}
		e.f.ImportAlias(path, id.Name)
		return jen.Qual(path, t.Sel.Name), nil
	case *ast.StarExpr:
		elem, err := e.spell(t.X)
		return jen.Op("*").Add(elem), err
	case *ast.ParenExpr:
		return e.spell(t.X)
	case *ast.MapType:
		key, err := e.spell(t.Key)
		if err != nil {
			return nil, err
		}
		value, err := e.spell(t.Value)
		return jen.Map(key).Add(value), err
	case *ast.ArrayType:
		elem, err := e.spell(t.Elt)
		if t.Len == nil {
			return jen.Index().Add(elem), err
		}
		length, lengthErr := e.text(t.Len)
		return jen.Index(length).Add(elem), errors.Join(err, lengthErr)
	}
	return e.text(t)
}

// text returns an expression that mentions no other package.
func (e *emitter) text(x ast.Expr) (*jen.Statement, error) {
	var foreign ast.Node
	ast.Inspect(x, func(n ast.Node) bool {
		if _, ok := n.(*ast.SelectorExpr); ok {
			foreign = n
		}
		return true
	})
	if foreign != nil {
		return nil, fmt.Errorf("%s: a type of another package inside of this type: declare a type for it",
			e.fset.Position(x.Pos()))
	}
	var b bytes.Buffer
	err := format.Node(&b, e.fset, x)
	return jen.Id(b.String()), err
}

// imported returns the path of the package that a file knows by a name.
func (e *emitter) imported(id *ast.Ident) (string, error) {
	for _, f := range e.files {
		if id.Pos() < f.FileStart || id.Pos() > f.FileEnd {
			continue
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			name := path[strings.LastIndexByte(path, '/')+1:]
			if spec.Name != nil {
				name = spec.Name.Name
			}
			if name == id.Name {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("%s: no import is named %s: give it this name in the import declaration",
		e.fset.Position(id.Pos()), id.Name)
}
