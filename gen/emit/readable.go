package emit

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"path/filepath"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// readableContainer writes the type of a container of a committed build, and
// its hook, and returns what the module says of it. The fields are in the
// variables' order: the runtime of a stock toolchain grants them none of the
// rights for which other builds lay containers out.
func (e *emitter) readableContainer(f *file, n naming.Names, vars []*plan.Var, comments [2]string) (jen.Dict, error) {
	pointer := f.qual("unsafe", "Pointer")
	var fields []jen.Code
	for _, v := range vars {
		field, err := e.field(f, v)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	f.Comment(comments[0])
	f.Type().Id(n.Container).Struct(fields...)
	f.Comment(comments[1])
	f.Func().Id(n.Hook).Params().Op("*").Id(n.Container).Block(
		jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).
			Parens(f.qual(e.opts.Runtime, "Vnet").Call(jen.Id(n.Module()).Dot("Off")))))
	return jen.Dict{
		jen.Id("New"): jen.Func().Params().Add(pointer.Clone()).Block(
			jen.Return(pointer.Clone().Call(jen.Op("&").Id(n.Container).Values()))),
		jen.Id("Look"): jen.Func().Params(jen.Id("at").Add(pointer.Clone())).Interface().Block(
			jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).Parens(jen.Id("at")))),
	}, nil
}

// PlainName is the base name of the file with accessors that the plain build
// has beside a package whose exported variables are virtual.
const PlainName = naming.File + "_plain.go"

// Accessor is the name of the function that returns a variable's address.
func Accessor(v *plan.Var) string { return rewrite.Field(v) }

// accessors adds to a part's file the functions by which importers reach its
// exported variables in both builds, and returns the plain build's file with
// the same functions, nil if there are none.
//
//	func V_X() *int { return &INIT_VNET_P().V_X }     vimage
//	func V_X() *int { return &X }                     plain
func (e *emitter) accessors(f *file) (*file, error) {
	p := e.part
	if !e.opts.readable() || p.Test || p.Pkg.Name == "main" || p.Variant.ForTest != "" {
		return nil, nil
	}
	var plain *file
	for _, v := range p.Vars {
		if !v.Obj.Exported() {
			continue
		}
		if at := p.Variant.Types.Scope().Lookup(Accessor(v)); at != nil && !e.made(at) {
			err := fmt.Errorf("its accessor would be %s, which the package declares", Accessor(v))
			return nil, &TypeError{e.namer.prog.Fset.Position(v.Pos), v.Name, err}
		}
		if plain == nil {
			plain = newFile(p.Variant, e.namer)
		}
		for _, to := range []struct {
			*file
			address *jen.Statement
		}{{f, jen.Id(p.Hook).Call().Dot(rewrite.Field(v))}, {plain, jen.Id(v.Name)}} {
			t, err := e.namer.Type(to.file, v.Obj.Type(), v.Pkg)
			if err != nil {
				return nil, &TypeError{e.namer.prog.Fset.Position(v.Pos), v.Name, err}
			}
			to.Commentf("%s returns the address of the current image's %s.", Accessor(v), v.Name)
			to.Func().Id(Accessor(v)).Params().Op("*").Add(t).Block(jen.Return(jen.Op("&").Add(to.address)))
		}
	}
	return plain, nil
}

// made reports whether an earlier run declared an object.
func (e *emitter) made(obj types.Object) bool {
	base := filepath.Base(e.namer.prog.Fset.PositionFor(obj.Pos(), false).Filename)
	return strings.HasPrefix(base, strings.TrimSuffix(PlainName, ".go"))
}

// documented gives a field its variable's comments. Directives are left out.
func documented(v *plan.Var, field *jen.Statement) *jen.Statement {
	doc, beside := comments(v)
	var out jen.Statement
	for _, line := range lines(doc) {
		out.Comment(line).Line()
	}
	out.Add(field)
	for i, line := range lines(beside) {
		if i == 0 {
			out.Comment(line)
		}
	}
	return &out
}

// lines returns a comment's lines.
func lines(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, strings.TrimRight("// "+line, " "))
	}
	return out
}

// comments returns the text of the comment above a variable's declaration, and
// of that beside it.
func comments(v *plan.Var) (doc, beside string) {
	for _, d := range v.File.Syntax.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Pos() > v.Pos || v.Pos >= d.End() {
			continue
		}
		for _, s := range d.Specs {
			s, ok := s.(*ast.ValueSpec)
			if !ok || s.Pos() > v.Pos || v.Pos >= s.End() {
				continue
			}
			doc := s.Doc
			if !d.Lparen.IsValid() {
				doc = d.Doc
			}
			return doc.Text(), s.Comment.Text()
		}
	}
	return "", ""
}

// ownName returns the name of a package that a file imports without another, or
// "" if the file must give it one: a file of the package, of its tests too, may
// use the name for something else.
func (f *file) ownName(importPath string) string {
	if !f.namer.plain {
		return ""
	}
	if name, ok := f.names[importPath]; ok {
		return name
	}
	name := path.Base(importPath)
	if p := f.namer.byPath[importPath]; p != nil {
		name = p.Name
	}
	free := f.in.Name != name && types.Universe.Lookup(name) == nil
	for _, p := range f.namer.prog.Packages {
		free = free && (p.Path != f.in.Path || p.Types.Scope().Lookup(name) == nil)
	}
	for _, used := range f.names {
		free = free && used != name
	}
	if !free {
		name = ""
	}
	f.names[importPath] = name
	return name
}
