package emit

import (
	"go/ast"
	"go/types"
	"path"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
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
		jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).Parens(f.qual(e.opts.Runtime, "Vnet").Call(jen.Id(n.Module()).Dot("Off")))))
	return jen.Dict{
		jen.Id("New"): jen.Func().Params().Add(pointer.Clone()).Block(
			jen.Return(pointer.Clone().Call(jen.Op("&").Id(n.Container).Values()))),
		jen.Id("Look"): jen.Func().Params(jen.Id("at").Add(pointer.Clone())).Interface().Block(
			jen.Return(jen.Parens(jen.Op("*").Id(n.Container)).Parens(jen.Id("at")))),
	}, nil
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

// comments returns the text of the comment above a variable's declaration, and of that beside it.
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
