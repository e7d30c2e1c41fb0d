package collisions

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"
)

// typeOf spells a type so that it can be compared with one that was read from
// text: names of other packages have their paths, predeclared aliases are
// resolved.
func (c *checker) typeOf(t types.Type) string {
	s := types.TypeString(t, func(p *types.Package) string {
		if p == c.pass.Pkg {
			return ""
		}
		return p.Path()
	})
	return canonical(s)
}

// canonical gives predeclared types of two names one.
func canonical(s string) string {
	s = strings.ReplaceAll(s, "interface{}", "any")
	return regexp.MustCompile(`\b(byte|rune)\b`).ReplaceAllStringFunc(s, func(alias string) string {
		return map[string]string{"byte": "uint8", "rune": "int32"}[alias]
	})
}

// spelled spells the type of a variable whose file is not type-checked, or ""
// if its text does not tell.
func (c *checker) spelled(d decl) string {
	sp := &speller{file: d.file, pkg: c.pass.Pkg}
	var s string
	switch {
	case d.spec.Type != nil:
		s = sp.typ(d.spec.Type)
	case len(d.spec.Values) == len(d.spec.Names):
		s = sp.value(d.spec.Values[d.i])
	}
	if sp.unknown {
		return ""
	}
	return canonical(s)
}

type speller struct {
	file    *ast.File
	pkg     *types.Package
	unknown bool
}

func (sp *speller) no() string {
	sp.unknown = true
	return ""
}

// typ spells a type expression as types.TypeString would.
func (sp *speller) typ(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return sp.typ(e.X)
	case *ast.Ident:
		return sp.name(e)
	case *ast.StarExpr:
		return "*" + sp.typ(e.X)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		if !ok {
			return sp.no()
		}
		path := sp.path(x.Name)
		if path == "" {
			return sp.no()
		}
		if path == "unsafe" {
			return "unsafe." + e.Sel.Name
		}
		return path + "." + e.Sel.Name
	case *ast.ArrayType:
		if e.Len == nil {
			return "[]" + sp.typ(e.Elt)
		}
		if n, ok := e.Len.(*ast.BasicLit); ok && n.Kind == token.INT {
			return "[" + n.Value + "]" + sp.typ(e.Elt)
		}
	case *ast.MapType:
		return "map[" + sp.typ(e.Key) + "]" + sp.typ(e.Value)
	case *ast.ChanType:
		switch e.Dir {
		case ast.SEND:
			return "chan<- " + sp.typ(e.Value)
		case ast.RECV:
			return "<-chan " + sp.typ(e.Value)
		}
		return "chan " + sp.typ(e.Value)
	case *ast.InterfaceType:
		if len(e.Methods.List) == 0 {
			return "any"
		}
	case *ast.StructType:
		if len(e.Fields.List) == 0 {
			return "struct{}"
		}
	}
	return sp.no()
}

// name spells a name of the universe or of the package.
func (sp *speller) name(id *ast.Ident) string {
	if obj := sp.pkg.Scope().Lookup(id.Name); obj != nil {
		t, ok := obj.(*types.TypeName)
		if !ok || t.IsAlias() || isGeneric(t) {
			return sp.no()
		}
		return id.Name
	}
	switch obj := types.Universe.Lookup(id.Name).(type) {
	case *types.TypeName:
		if id.Name == "any" {
			return "any"
		}
		return types.Unalias(obj.Type()).String()
	case nil:
		// A type that only the other platform has. It may be an alias; its name
		// cannot be written here all the same.
		return id.Name
	}
	return sp.no()
}

func isGeneric(t *types.TypeName) bool {
	n, ok := t.Type().(*types.Named)
	return ok && n.TypeParams().Len() > 0
}

// path is the import path behind a qualifier, guessed by its last element when
// the import has no name.
func (sp *speller) path(name string) string {
	for _, spec := range sp.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if spec.Name != nil && spec.Name.Name == name || spec.Name == nil && path[strings.LastIndex(path, "/")+1:] == name {
			return path
		}
	}
	return ""
}

// value spells the type of an initialiser whose text shows it.
func (sp *speller) value(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return sp.value(e.X)
	case *ast.BasicLit:
		return map[token.Token]string{
			token.INT: "int", token.FLOAT: "float64", token.IMAG: "complex128", token.CHAR: "int32", token.STRING: "string",
		}[e.Kind]
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return "bool"
		}
	case *ast.CompositeLit:
		if e.Type != nil {
			return sp.typ(e.Type)
		}
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			if lit, ok := e.X.(*ast.CompositeLit); ok && lit.Type != nil {
				return "*" + sp.typ(lit.Type)
			}
		case token.SUB, token.ADD:
			return sp.value(e.X)
		case token.NOT:
			return "bool"
		}
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && len(e.Args) > 0 && sp.pkg.Scope().Lookup(id.Name) == nil {
			switch id.Name {
			case "make":
				return sp.typ(e.Args[0])
			case "new":
				return "*" + sp.typ(e.Args[0])
			}
			if t, ok := types.Universe.Lookup(id.Name).(*types.TypeName); ok && len(e.Args) == 1 {
				return types.Unalias(t.Type()).String()
			}
		}
	}
	return sp.no()
}
