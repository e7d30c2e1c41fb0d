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

// A container's layout is the one that the compiler gives to the struct which
// gen/emit writes, and every variable is aligned as the linker aligns it.
func TestLayout(t *testing.T) {
	fset := token.NewFileSet()
	from := importer.ForCompiler(fset, "source", nil)
	for _, arch := range []string{"amd64", "386", "arm"} {
		for _, test := range []struct {
			fields string
			order  string // on amd64
			headed bool   // there
		}{
			{"", "", false},
			{"bool", "0", false},
			{"bool string int64 bool", "1|2 0 3", false},
			{"int64 bool", "0 1", false},
			{"[48]byte [3]byte [16]*int [17]byte", "2|0 3 1", false},
			{"map[int]int string [4]*int map[int]int", "1 2 0 3", false},
			{"*int [64]byte uint16 [2]string", "0 3|1 2", false},
			{"string []byte any", "0 1 2", false},
			{"[3]int8 int32", "1 0", false},
			{"bool struct{}", "0 1", false},
			{"struct{}", "0", false},
			{"struct{} *int", "1|0", false},
			{"[0]*int *int", "1|0", false},
			{"complex128 int8 float64", "0 2 1", false},
			{"uintptr int64 func()", "2|0 1", false},
			{"atomic.Int64 bool *incomplete unsafe.Pointer", "3|0 2 1", false},
			{"[1000]byte", "0", false},
			{"[1000]byte *int", "1|0", true},
			{"[60]string", "0", true},
		} {
			fields := strings.Fields(test.fields)
			order, headed := compiled(t, fset, from, arch, fields)
			if arch == "amd64" && (order != test.order || headed != test.headed) {
				t.Errorf("%s: {%s}: order %q, header %t, want %q, %t", arch, test.fields, order, headed, test.order, test.headed)
			}
		}
	}
}

// compiled checks the layout of a struct of the fields with the type checker's
// word, and returns its order, with | before the variables without pointers if
// there are others.
func compiled(t *testing.T, fset *token.FileSet, from types.Importer, arch string, names []string) (spelled string, headed bool) {
	t.Helper()
	sizes := types.SizesFor("gc", arch)
	check := func(text string) *types.Package {
		file, err := parser.ParseFile(fset, "p.go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: from, Sizes: sizes}
		pkg, err := conf.Check("p", fset, []*ast.File{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return pkg
	}
	head := "package p\n\nimport (\"sync/atomic\"; \"unsafe\"; \"runtime/cgo\")\n\nvar _ atomic.Int64\n\ntype incomplete struct { _ cgo.Incomplete }\n"
	var vars strings.Builder
	for i, f := range names {
		fmt.Fprintf(&vars, "var v%d %s\n", i, f)
	}
	pkg := check(head + vars.String() + "var _ unsafe.Pointer")
	var fields []laid
	for i := range names {
		typ := pkg.Scope().Lookup(fmt.Sprintf("v%d", i)).Type()
		fields = append(fields, laid{sizes.Sizeof(typ), sizes.Alignof(typ), bare(typ)})
	}
	order, l := lay(fields, sizes.Sizeof(types.Typ[types.Uintptr]))

	var b, offsets strings.Builder
	b.WriteString(head + "type container struct {\n_ [2]uintptr\n")
	for i, o := range order {
		fmt.Fprintf(&b, "_ [%d]byte\nf%d %s\n", o.pad, o.field, names[o.field])
		fmt.Fprintf(&offsets, "const o%d = unsafe.Offsetof(container{}.f%d)\n", o.field, o.field)
		switch {
		case i > 0 && fields[o.field].bare != fields[order[i-1].field].bare:
			spelled += "|"
		case i > 0:
			spelled += " "
		}
		spelled += fmt.Sprint(o.field)
	}
	if l.Tail > 0 {
		fmt.Fprintf(&b, "_ [%d]byte\n", l.Tail)
	}
	fmt.Fprintf(&b, "}\n\nconst size = unsafe.Sizeof(container{})\n%s", offsets.String())
	pkg = check(b.String())
	number := func(name string) int64 {
		n, _ := constant.Int64Val(pkg.Scope().Lookup(name).(*types.Const).Val())
		return n
	}
	if number("size") != l.Size || l.Size%linkAlign != 0 {
		t.Errorf("%s: %v: %d bytes, want %d", arch, names, l.Size, number("size"))
	}
	for _, o := range order {
		f, at := fields[o.field], number(fmt.Sprintf("o%d", o.field))
		if at%f.aligned() != 0 || (at >= l.Bare) != f.bare {
			t.Errorf("%s: %v: field %d of %+v is at %d; those without pointers begin at %d", arch, names, o.field, f, at, l.Bare)
		}
	}
	return spelled, l.Headed
}
