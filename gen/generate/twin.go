package generate

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/gofumpt/format"

	"github.com/go-vimage/vimage/analyzers/naming"
)

const headerLine = "// " + naming.Header + "\n"

// twinOf makes a file of ours of a text that has the author's constraints.
func twinOf(text []byte, version, module string) ([]byte, error) {
	text = bytes.TrimPrefix(text, []byte(headerLine))
	text, err := Release(text)
	if err != nil {
		return nil, err
	}
	if text, err = constrained(text); err != nil {
		return nil, err
	}
	if text, err = withoutGenerate(text); err != nil {
		return nil, err
	}
	return finished(text, version, module)
}

// plainOf makes a file of ours of the plain build.
func plainOf(text []byte, version, module string) ([]byte, error) {
	text, err := Adopt(bytes.TrimPrefix(text, []byte(headerLine)))
	if err != nil {
		return nil, err
	}
	return finished(text, version, module)
}

// finished formats a file of ours and seals it.
func finished(text []byte, version, module string) (_ []byte, err error) {
	text = append([]byte(headerLine+"\n"), text...)
	if version != "" {
		version = "go" + version
	}
	if text, err = format.Source(text, format.Options{LangVersion: version, ModulePath: module}); err != nil {
		return nil, fmt.Errorf("%w, in:\n%s", err, text)
	}
	return sealed(text), nil
}

// withoutGenerate removes //go:generate lines: the author's file has them.
func withoutGenerate(text []byte) ([]byte, error) {
	if !bytes.Contains(text, []byte("//go:generate ")) {
		return text, nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	at := 0
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:generate ") && fset.PositionFor(c.Pos(), false).Column == 1 {
				from, to := fset.File(f.FileStart).Offset(c.Pos()), fset.File(f.FileStart).Offset(c.End())
				out.Write(text[at:from])
				at = min(to+1, len(text))
			}
		}
	}
	out.Write(text[at:])
	return out.Bytes(), nil
}

// left refuses files that no configuration builds if they declare
// package-level variables or init functions, or have an identifier with the
// name of a virtual variable: their vimage build is not known.
func (g *generator) left(f *folder, made []*outcome) {
	for _, name := range sortedKeys(f.files) {
		src := f.files[name]
		if _, _, built := g.textOf(f, name, made); built || f.origins[name] != authors {
			continue
		}
		path := filepath.Join(f.Dir, name)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || file.Name.Name != f.Name && file.Name.Name != f.Name+"_test" || neverBuilt(src) {
			continue
		}
		at := func(p token.Pos) string { return fmt.Sprintf("line %d", fset.PositionFor(p, false).Line) }
		reason := ""
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				if d.Tok == token.VAR && !onlyBlank(d) {
					reason = cmp.Or(reason, "declares variables at "+at(d.Pos()))
				}
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					reason = cmp.Or(reason, "has an init function at "+at(d.Pos()))
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && slices.ContainsFunc(made, func(o *outcome) bool { return o.names[id.Name] }) {
				reason = cmp.Or(reason, "may mention the virtual variable "+id.Name+" at "+at(id.Pos()))
			}
			return true
		})
		if ok := f.adopted[name]; ok {
			reason = cmp.Or(reason, "has the constraint "+not)
		}
		if reason != "" {
			g.refuse(path, "the file %s, and no configuration builds it: %s (-config names others)", reason, configNames(made))
		}
	}
}

// onlyBlank reports whether a declaration declares no variable that has a name.
func onlyBlank(d *ast.GenDecl) bool {
	for _, s := range d.Specs {
		for _, name := range s.(*ast.ValueSpec).Names {
			if name.Name != "_" {
				return false
			}
		}
	}
	return true
}

// neverBuilt reports whether a file's constraint asks for the tag ignore.
func neverBuilt(src []byte) bool {
	h, err := parseHeader(src)
	if err != nil {
		return false
	}
	own, err := h.own(src)
	if err != nil || own == "" {
		return false
	}
	x, err := constraint.Parse("//go:build " + own)
	if err != nil {
		return false
	}
	with := x.Eval(func(string) bool { return true })
	without := x.Eval(func(tag string) bool { return tag != "ignore" })
	return with && !without
}

func sortedKeys[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }

// importsC reports whether a file is for cgo.
func importsC(src []byte) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	return err == nil && slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` })
}
