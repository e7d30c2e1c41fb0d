package aliases

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strconv"
)

// abi spells a function's signature without names of parameters and with import
// paths: "func(*example.com/netstack.Ifnet, []byte)". It compares declarations
// of a package at two times, so it need not see through aliases of types.
func (k *linker) abi(p *Package, f *File, typ *ast.FuncType) string { return k.spell(p, f, typ) }

// spell spells a type expression with import paths.
func (k *linker) spell(p *Package, f *File, typ ast.Expr) string {
	start, from, text := f.Syntax.FileStart, typ.Pos(), ""
	if fn, ok := typ.(*ast.FuncType); ok { // a declaration's name is in it
		from, text = fn.Params.Pos(), "func"
	}
	text += string(f.Src[from-start : typ.End()-start])
	own, err := parser.ParseExpr(text)
	if err != nil {
		return text
	}
	s := &speller{k: k, pkg: p, file: f}
	s.qualify(own)
	return types.ExprString(own)
}

// A speller qualifies the names in an expression.
type speller struct {
	k    *linker
	pkg  *Package
	file *File
}

func (s *speller) qualify(e ast.Node) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field: // its names stay, and those of parameters go
			s.qualify(n.Type)
			return false
		case *ast.FuncType:
			unnamed(n.Params)
			unnamed(n.Results)
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if at := s.importPath(id.Name); at != "" {
					id.Name = at
				}
			}
			return false
		case *ast.Ident:
			if types.Universe.Lookup(n.Name) == nil && token.IsIdentifier(n.Name) {
				n.Name = s.pkg.Path + "." + n.Name
			}
		}
		return true
	})
}

// unnamed drops the names in a list of parameters: (a, b T) becomes (T, T). The
// two are one expression, which is qualified once, as names with a path are no
// identifiers.
func unnamed(l *ast.FieldList) {
	if l == nil {
		return
	}
	var out []*ast.Field
	for _, f := range l.List {
		for range max(len(f.Names), 1) {
			out = append(out, &ast.Field{Type: f.Type})
		}
	}
	l.List = out
}

// importPath returns the path of what a file imports by a name.
func (s *speller) importPath(name string) string {
	for _, spec := range s.file.Syntax.Imports {
		at, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		is := path.Base(at)
		if p := s.k.packages[at]; p != nil {
			is = p.Name
		}
		if spec.Name != nil {
			is = spec.Name.Name
		}
		if is == name {
			return at
		}
	}
	return ""
}

// A symbol is an exported declaration of a kernel package.
type symbol struct{ name, abi string }

// exports returns the functions and types that a package exports, by name.
// Other declarations, and methods, are not compared.
func (k *linker) exports(p *Package) map[string]symbol {
	out := map[string]symbol{}
	add := func(id *ast.Ident, abi string) {
		if id.IsExported() {
			out[id.Name] = symbol{p.Path + "." + id.Name, abi}
		}
	}
	for _, f := range p.Files {
		if f.Syntax == nil {
			continue
		}
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Type.TypeParams == nil {
					add(d.Name, k.spell(p, f, d.Type))
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if t, ok := s.(*ast.TypeSpec); ok && t.TypeParams == nil {
						add(t.Name, k.spell(p, f, t.Type))
					}
				}
			}
		}
	}
	return out
}

// mentions returns the exported names of a package that a file of another has.
func (k *linker) mentions(f *File, of *Package) map[string]bool {
	out := map[string]bool{}
	if f.Syntax == nil {
		return out
	}
	s := &speller{k: k, file: f}
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && s.importPath(id.Name) == of.Path {
				out[sel.Sel.Name] = true
			}
		}
		return true
	})
	return out
}
