package pages

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
	"mvdan.cc/gofumpt/format"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/analyzers/sharedvars"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

const (
	pagePath   = "github.com/go-vimage/vimage/runtime/vdso/page"
	binaryPath = "encoding/binary"
	mathPath   = "math"
)

// An emitter writes the file of one page.
type emitter struct {
	f      *jen.File
	p      *sharedvars.Page
	schema page.Schema
	slots  []page.Slot
	size   int // of all variables, in bytes
	fset   *token.FileSet
	files  []*ast.File

	pub, reader, open string // names
}

func emit(p *sharedvars.Page, s page.Schema, fset *token.FileSet, files []*ast.File, in *Package) ([]byte, error) {
	slots, size, err := s.Layout()
	if err != nil {
		return nil, err
	}
	name := p.Spec.Name.Name
	e := &emitter{
		f: jen.NewFile(files[0].Name.Name), p: p, schema: s, slots: slots, size: size, fset: fset, files: files,
		pub: name + "Publisher", reader: name + "Reader", open: "Open",
	}
	if !ast.IsExported(name) {
		e.open = "open"
	}
	e.f.HeaderComment(naming.Header)
	e.f.ImportName(pagePath, "page")
	e.schemaFunc()
	e.encode()
	e.publisher()
	e.readerType()
	for i := range p.Fields {
		if err := e.fieldMethod(i); err != nil {
			return nil, err
		}
	}
	for i, fn := range p.Functions {
		if err := e.functionMethod(i, fn); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := e.f.Render(&b); err != nil {
		return nil, err
	}
	version := in.Version
	if version != "" && !strings.HasPrefix(version, "go") {
		version = "go" + version
	}
	return format.Source(b.Bytes(), format.Options{LangVersion: version, ModulePath: in.Module})
}

// local returns the name of a package-level function of the page's own.
func (e *emitter) local(what string) string { return "vdso_" + e.p.Name + "_" + what }

// upper returns a name with a capital.
func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

func varOf(v page.Var) jen.Code {
	return jen.Values(jen.Dict{
		jen.Id("Name"): jen.Lit(v.Name), jen.Id("Type"): jen.Lit(v.Type), jen.Id("Version"): jen.Lit(v.Version),
	})
}

func (e *emitter) schemaFunc() {
	var vars []jen.Code
	for _, v := range e.schema.Vars {
		vars = append(vars, jen.Line().Add(varOf(v)))
	}
	vars = append(vars, jen.Line())
	schema := jen.Qual(pagePath, "Schema")
	e.f.Commentf("%s describes page %s.", e.local("schema"), e.p.Name)
	e.f.Func().Id(e.local("schema")).Params().Add(schema).Block(jen.Return(schema.Clone().Values(jen.Dict{
		jen.Id("Name"): jen.Lit(e.schema.Name), jen.Id("Version"): jen.Lit(e.schema.Version),
		jen.Id("Vars"): jen.Index().Qual(pagePath, "Var").Values(vars...),
	})))
}

// at is the rest of a buffer from an offset.
func at(buffer string, offset int) *jen.Statement {
	return jen.Id(buffer).Index(jen.Lit(offset).Op(":"))
}

// unsigned returns the type of a scalar's bits, and its size.
func unsigned(elem string) (name string, size int) {
	bits := strings.TrimLeft(elem, "abcdefghijklmnopqrstuvwxyz")
	if elem == "bool" {
		bits = "8"
	}
	n, _ := strconv.Atoi(bits)
	return "uint" + bits, n / 8
}

// put encodes a scalar.
func put(to *jen.Statement, elem string, v *jen.Statement) *jen.Statement {
	name, size := unsigned(elem)
	switch {
	case elem == "bool":
		return jen.Qual(pagePath, "PutBool").Call(to, jen.Bool().Call(v))
	case size == 1:
		return to.Index(jen.Lit(0)).Op("=").Byte().Call(v)
	case strings.HasPrefix(elem, "float"):
		v = jen.Qual(mathPath, "Float"+name[4:]+"bits").Call(jen.Id(elem).Call(v))
	default:
		v = jen.Id(name).Call(v)
	}
	return jen.Qual(binaryPath, "NativeEndian").Dot("PutUint"+name[4:]).Call(to, v)
}

// get decodes a scalar.
func get(from *jen.Statement, elem string) *jen.Statement {
	name, size := unsigned(elem)
	if elem == "bool" {
		return from.Index(jen.Lit(0)).Op("!=").Lit(0)
	}
	v := from.Clone().Index(jen.Lit(0))
	if size > 1 {
		v = jen.Qual(binaryPath, "NativeEndian").Dot("Uint" + name[4:]).Call(from)
	}
	if strings.HasPrefix(elem, "float") {
		return jen.Qual(mathPath, "Float"+name[4:]+"frombits").Call(v)
	}
	return jen.Id(elem).Call(v)
}

// encode writes the function that lays a struct out.
func (e *emitter) encode() {
	name := e.p.Spec.Name.Name
	var body []jen.Code
	for _, s := range e.slots {
		if s.Kind.Elem == "string" {
			body = append(body, jen.If(jen.Len(jen.Id("t").Dot(s.Name)).Op(">").Lit(s.Kind.Len)).Block(
				jen.Return(jen.Qual("fmt", "Errorf").Call(
					jen.Lit(fmt.Sprintf("%s.%s: %%d bytes, and its capacity is %d", name, s.Name, s.Kind.Len)),
					jen.Len(jen.Id("t").Dot(s.Name))))))
		}
	}
	for _, s := range e.slots {
		field := jen.Id("t").Dot(s.Name)
		switch {
		case s.Kind.Elem == "string":
			body = append(body, jen.Qual(pagePath, "PutString").
				Call(at("b", s.Offset), jen.Lit(s.Kind.Len), jen.String().Call(field)))
		case s.Kind.Array:
			_, size := unsigned(s.Kind.Elem)
			body = append(body, jen.For(jen.List(jen.Id("i"), jen.Id("v")).Op(":=").Range().Add(field)).Block(
				put(jen.Id("b").Index(jen.Lit(s.Offset).Op("+").Lit(size).Op("*").Id("i").Op(":")), s.Kind.Elem, jen.Id("v"))))
		default:
			body = append(body, put(at("b", s.Offset), s.Kind.Elem, field))
		}
	}
	e.f.Commentf("%s lays a %s out as the page does.", e.local("encode"), name)
	e.f.Func().Id(e.local("encode")).Params(jen.Id("b").Index().Byte(), jen.Id("t").Op("*").Id(name)).Error().
		Block(append(body, jen.Return(jen.Nil()))...)
}

func (e *emitter) publisher() {
	name, pub := e.p.Spec.Name.Name, e.pub
	e.f.Commentf("A %s publishes a %s as page %s. Its methods may be called by several", pub, name, e.p.Name)
	e.f.Comment("goroutines.")
	e.f.Type().Id(pub).Struct(jen.Id("pub").Op("*").Qual(pagePath, "Publisher"), jen.Id("last").Id(name))

	// create writes a constructor.
	create := func(fn string, params []jen.Code, args []jen.Code) {
		params = append(params, jen.Id("first").Id(name), jen.Id("opts").Op("...").Qual(pagePath, "Option"))
		e.f.Func().Id(fn).Params(params...).
			Params(jen.Op("*").Id(pub), jen.Error()).Block(
			jen.If(
				jen.Err().Op(":=").Id(e.local("encode")).
					Call(jen.Make(jen.Index().Byte(), jen.Lit(e.size)), jen.Op("&").Id("first")),
				jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
			jen.List(jen.Id("pub"), jen.Err()).Op(":=").Add(args[0]).Call(append(args[1:],
				jen.Id(e.local("schema")).Call(),
				jen.Func().Params(jen.Id("b").Index().Byte()).Block(
					jen.Id(e.local("encode")).Call(jen.Id("b"), jen.Op("&").Id("first")),
				),
				jen.Id("opts").Op("..."))...),
			jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
			jen.Return(
				jen.Op("&").Id(pub).Values(jen.Dict{jen.Id("pub"): jen.Id("pub"), jen.Id("last"): jen.Id("first")}),
				jen.Nil(),
			))
	}
	constructor := "New" + upper(pub)
	if !ast.IsExported(name) {
		constructor = "new" + upper(pub)
	}
	e.f.Commentf("%s publishes at a path, \"\" for the usual one: see page.Create.", constructor)
	create(constructor, []jen.Code{jen.Id("path").String()}, []jen.Code{jen.Qual(pagePath, "Create"), jen.Id("path")})
	local := strings.Replace(constructor, "ew", "ewLocal", 1)
	e.f.Commentf("%s publishes in this process's memory: see page.Local.", local)
	create(local, nil, []jen.Code{jen.Qual(pagePath, "Local")})

	recv := jen.Id("p").Op("*").Id(pub)
	e.f.Comment("Publish calls change with the values and publishes what it made of them. If change")
	e.f.Comment("panics, or a string is longer than its capacity, nothing changes.")
	change := jen.Id("change").Func().Params(jen.Op("*").Id(name))
	e.f.Func().Params(recv.Clone()).Id("Publish").Params(change).Error().Block(
		jen.Var().Id("bad").Error(),
		jen.Err().Op(":=").Id("p").Dot("pub").Dot("Publish").Call(jen.Func().Params(jen.Id("b").Index().Byte()).Block(
			jen.Id("next").Op(":=").Id("p").Dot("last"),
			jen.Id("change").Call(jen.Op("&").Id("next")),
			jen.If(
				jen.Id("bad").Op("=").Id(e.local("encode")).Call(jen.Id("b"), jen.Op("&").Id("next")),
				jen.Id("bad").Op("==").Nil(),
			).Block(
				jen.Id("p").Dot("last").Op("=").Id("next")))),
		jen.If(jen.Id("bad").Op("!=").Nil()).Block(jen.Return(jen.Id("bad"))),
		jen.Return(jen.Err()))
	e.f.Comment("Close marks the page as abandoned. Its readers fall back.")
	e.f.Func().Params(recv.Clone()).Id("Close").Params().Error().Block(
		jen.Return(jen.Id("p").Dot("pub").Dot("Close").Call()),
	)
	e.f.Comment("Reader returns a reader of this publisher, in this process.")
	e.f.Func().Params(recv).Id("Reader").Params().Op("*").Id(e.reader).Block(
		jen.Return(jen.Id(e.local("reader")).Call(jen.Id("p").Dot("pub").Dot("Reader").Call())))
}
