package finding

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Enclosing names the top-level declaration around a position: a function,
// T.Method, a variable, constant or type, or the path of an import. Outside of
// any it returns "".
func Enclosing(file *ast.File, pos token.Pos) string {
	for _, decl := range file.Decls {
		if start := start(decl); pos < start || decl.End() < pos {
			continue
		}
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			return function(decl)
		case *ast.GenDecl:
			for i, spec := range decl.Specs {
				if pos <= spec.End() || i == len(decl.Specs)-1 {
					return specified(spec, pos)
				}
			}
		}
	}
	return ""
}

// start is where a declaration begins, with its comment.
func start(decl ast.Decl) token.Pos {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Doc != nil {
			return decl.Doc.Pos()
		}
	case *ast.GenDecl:
		if decl.Doc != nil {
			return decl.Doc.Pos()
		}
	}
	return decl.Pos()
}

func function(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	t := decl.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + decl.Name.Name
		default:
			return decl.Name.Name
		}
	}
}

func specified(spec ast.Spec, pos token.Pos) string {
	switch spec := spec.(type) {
	case *ast.ImportSpec:
		return strings.Trim(spec.Path.Value, "`\"")
	case *ast.TypeSpec:
		return spec.Name.Name
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.Pos() <= pos && pos < name.End() {
				return name.Name
			}
		}
		return spec.Names[0].Name
	}
	return ""
}

// standard reports whether a file of a package lies in a Go tree's source.
func standard(file, path string) bool {
	first, _, _ := strings.Cut(path, "/")
	if strings.Contains(first, ".") {
		return false
	}
	dir := filepath.ToSlash(filepath.Dir(file))
	root, ok := strings.CutSuffix(dir, "/src/"+strings.TrimSuffix(path, "_test"))
	if !ok {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "src", "unsafe", "unsafe.go"))
	return err == nil
}
