package plan

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// A container's size is the one that the compiler gives to the struct which gen/emit writes: on 32-bit machines with
// an aligned field of no size before each.
func TestStructBytes(t *testing.T) {
	for _, arch := range []string{"amd64", "386", "arm"} {
		for _, fields := range []string{
			"", "bool", "bool int64 bool", "int64 bool", "string []byte any", "[3]int8 int32", "bool struct{}", "struct{}",
			"struct{} bool", "[0]func() int8", "complex128 int8 float64", "uintptr int64", "int64 struct{}", "atomic.Int64 bool",
		} {
			got, want := layouts(t, arch, strings.Fields(fields))
			if got != want {
				t.Errorf("%s: {%s}: %d bytes, want %d", arch, fields, got, want)
			}
		}
	}
}

func layouts(t *testing.T, arch string, fields []string) (got, want int64) {
	t.Helper()
	sizes := types.SizesFor("gc", arch)
	var b strings.Builder
	b.WriteString("package p\n\nimport (\"sync/atomic\"; \"unsafe\")\n\nvar _ atomic.Int64\n\ntype container struct {\n")
	for i, f := range fields {
		if arch != "amd64" {
			b.WriteString("_ [0]atomic.Int64\n")
		}
		fmt.Fprintf(&b, "f%d %s\n", i, f)
	}
	b.WriteString("}\n\nconst size = unsafe.Sizeof(container{})\n")
	for i, f := range fields {
		fmt.Fprintf(&b, "var v%d %s\n", i, f)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", b.String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Sizes: sizes}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, _ = constant.Int64Val(pkg.Scope().Lookup("size").(*types.Const).Val())
	var list []types.Type
	for i := range fields {
		list = append(list, pkg.Scope().Lookup(fmt.Sprintf("v%d", i)).Type())
	}
	return structBytes(sizes, list), want
}
