package goroot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// used returns the declarations that the added files mention. A local variable
// of the same name as a declaration counts too.
func (s *sources) used(t *testing.T) (out []string) {
	for _, opts := range []Options{{Apart: true, Watch: true}, {Check: true}, {Slot: SlotLabel}} {
		opts.GOROOT = filepath.Dir(s.src)
		overlay, err := Overlay(opts)
		if err != nil {
			t.Fatal(err)
		}
		for file, text := range overlay.Files {
			dir, base := filepath.Split(file)
			if !strings.HasPrefix(base, "vnet_") {
				continue
			}
			pkg, _ := filepath.Rel(s.src, dir)
			known := s.declarations(t, filepath.ToSlash(pkg))
			f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && len(known[id.Name]) > 0 && id.Name != "_" {
					out = append(out, s.decl(t, filepath.ToSlash(pkg), id.Name))
				}
				return true
			})
		}
	}
	return out
}

// gone returns those functions that no package declares. A name is as x/tools'
// ssa prints it: path.F, (path.T).M or (*path.T).M.
func (s *sources) gone(t *testing.T, names []string) (out []string) {
	for _, name := range names {
		method := strings.NewReplacer("(*", "", "(", "", ")", "", "[T]", "").Replace(name)
		dir, base := path.Split(method)
		pkg, decl, _ := strings.Cut(base, ".")
		known := s.declarations(t, dir+pkg)
		typ, m, isMethod := strings.Cut(decl, ".")
		if len(known[decl]) == 0 && !(isMethod && (hasMethod(known[typ], m) || isGeneric(known[typ]))) {
			out = append(out, name+" is gone")
		}
	}
	return out
}

// hasMethod reports whether a type is an interface with a method, or a struct
// that embeds something, whose methods are not looked at.
func hasMethod(nodes []ast.Node, method string) bool {
	for _, n := range nodes {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			continue
		}
		switch typ := spec.Type.(type) {
		case *ast.InterfaceType:
			for _, f := range typ.Methods.List {
				if len(f.Names) == 0 || f.Names[0].Name == method {
					return true
				}
			}
		case *ast.StructType:
			for _, f := range typ.Fields.List {
				if len(f.Names) == 0 {
					return true
				}
			}
		}
	}
	return false
}

func isGeneric(nodes []ast.Node) bool {
	return slices.ContainsFunc(nodes, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		return ok && spec.TypeParams != nil
	})
}

// wordNames returns the functions of words.txt that are named in full, of Go's
// own packages.
func wordNames(t *testing.T) (names []string) {
	text, err := os.ReadFile("../../analyzers/flow/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		name, _, _ := strings.Cut(line, " ")
		if name == "" || name[0] == '#' || strings.HasSuffix(name, "*") || strings.Contains(name, "golang.org/") ||
			strings.HasPrefix(name, "C.") || strings.Contains(name, "Vnet") || strings.Contains(name, "vnet") {
			continue
		}
		names = append(names, name)
	}
	if len(names) < 100 {
		t.Fatalf("words.txt names %d functions", len(names))
	}
	return names
}

// writecheckEdits returns package and declaration of the edits of writecheck.
func writecheckEdits(t *testing.T) (all [][2]string) {
	f, err := parser.ParseFile(token.NewFileSet(), "../../internal/writecheck/overlay.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "edits" {
			return true
		}
		for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
			lit := e.(*ast.CompositeLit)
			file, err := strconv.Unquote(lit.Elts[0].(*ast.BasicLit).Value)
			name, err2 := strconv.Unquote(lit.Elts[1].(*ast.BasicLit).Value)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			all = append(all, [2]string{path.Dir(file), regexp.MustCompile(`[(*)]`).ReplaceAllString(name, "")})
		}
		return false
	})
	if len(all) < 10 {
		t.Fatalf("writecheck has %d edits", len(all))
	}
	return all
}
