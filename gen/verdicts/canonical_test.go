package verdicts

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/gen/load"
)

// form returns the canonical form of a package of one file, "" if that does not
// compile.
func form(t *testing.T, src string) string {
	t.Helper()
	prog := &load.Program{Fset: token.NewFileSet(), Files: map[string]*load.File{}}
	syntax, err := parser.ParseFile(prog.Fset, "p.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	p := &load.Package{Listed: &load.Listed{Name: "p"}, Info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
	}}
	if strings.Contains(src, "//imports syscall") {
		p.Imports = []string{"syscall"}
	}
	conf := types.Config{Importer: importer.Default()}
	if _, err := conf.Check("p", prog.Fset, []*ast.File{syntax}, p.Info); err != nil {
		return ""
	}
	f := &load.File{Path: "p.go", Src: []byte(src), Syntax: syntax, Package: p}
	p.Files = []*load.File{f}
	prog.Packages, prog.Files["p.go"] = []*load.Package{p}, f
	text, offsets := newValues(prog).canonical(prog.Fset, f)
	for _, at := range offsets {
		if strings.ContainsAny(src[at:at+1], " \t\n;") {
			t.Errorf("token at byte %d of\n%s", at, src)
		}
	}
	if n := strings.Count(text, "\n") - strings.Count(text, ";\n"); n != len(offsets) {
		t.Errorf("%d offsets of %d tokens in\n%s", len(offsets), n, text)
	}
	return text
}

// TestSame has edits on which no constraint depends.
func TestSame(t *testing.T) {
	for _, c := range [][2]string{
		{"package p", "// Package p is one.\npackage p\n\n"},
		{
			"package p; var x = f(1, 2); func f(a, b int) int { return a }",
			"package p\nvar x = f(\n1,\n2,\n)\nfunc f(a,\nb int) int {\nreturn a\n}",
		},
		{"package p; func f(a int) int { b := a; return b }", "package p; func f(x int) int { y := x; return y }"},
		{
			"package p; func f(v any) { switch v := v.(type) { case int: _ = v } }",
			"package p; func f(w any) { switch v := w.(type) { case int: _ = v } }",
		},
		{
			`package p; var x = f("a"); func f(string) int { return 0 }`,
			`package p; var x = f("b"); func f(string) int { return 1 }`,
		},
		{`package p; var x, y = "a", 1`, `package p; var x, y = "b", 2`},
		{
			`package p; var x = []string{"a"}; var y = struct{n int}{n: 1}`,
			`package p; var x = []string{"b"}; var y = struct{n int}{n: 2}`,
		},
		{
			`package p; func f(s string) bool { t := "a"; return s == "b" || t == s+"c" }`,
			`package p; func f(s string) bool { t := "x"; return s == "y" || t == s+"z" }`,
		},
		{`package p; const c = 1; func f(int) { f(c) }`, `package p; const c = 2; func f(int) { f(c) }`},
		{`package p; const ( c = "a"; d = "b" ); var x = c`, `package p; const ( c = "x"; d = "y" ); var x = c`},
	} {
		if a, b := form(t, c[0]), form(t, c[1]); a != b || a == "" {
			t.Errorf("differ:\n%s\n%s\n%s", c[0], c[1], b)
		}
	}
}

// TestOther has edits on which a constraint, a type or an order may depend.
func TestOther(t *testing.T) {
	for _, c := range [][2]string{
		{"package p; var x, y int", "package p; var y, x int"},
		{"package p; func f(a, b int) int { return a }", "package p; func f(a, b int) int { return b }"},
		{
			"package p; var a int; func f(b int) int { return a }",
			"package p; var a int; func f(a int) int { return a }",
		},
		{"package p; var x [2]int", "package p; var x [3]int"},
		{"package p; var x = [...]int{2: 1}", "package p; var x = [...]int{3: 1}"},
		{"package p; const n = 2; var x [n]int", "package p; const n = 3; var x [n]int"},
		{"package p; const n = 2; var x [n]int; var y = n", "package p; const n = 3; var x [n]int; var y = n"},
		{"package p; const N = 2; var x = N", "package p; const N = 3; var x = N"},
		{
			"package p; const ( n = 2; m ); var x = n; var y [m]int",
			"package p; const ( n = 3; m ); var x = n; var y [m]int",
		},
		{
			"package p; const n = 1; const m = n + 1; var x [m]int",
			"package p; const n = 2; const m = n + 1; var x [m]int",
		},
		{`package p; const s = "a"; var x [len(s)]int`, `package p; const s = "ab"; var x [len(s)]int`},
		{`package p; var x = [len("a")]int{}`, `package p; var x = [len("ab")]int{}`},
		{"package p; type t struct{ f int `a` }", "package p; type t struct{ f int `b` }"},
		{"package p; func f(s []int) []int { return s[:1:1] }", "package p; func f(s []int) []int { return s[:1:2] }"},
		{
			"package p; func f(n uintptr) uintptr { return n >> 8 }",
			"package p; func f(n uintptr) uintptr { return n >> 9 }",
		},
		{
			"package p; func f(n int) bool { k := 25; return n == k }",
			"package p; func f(n int) bool { k := 22; return n == k }",
		},
		{
			"package p; func f(n int) bool { var k = 25; return n == k }",
			"package p; func f(n int) bool { var k = 22; return n == k }",
		},
		{"package p; func f(n int) bool { return n == 25 }", "package p; func f(n int) bool { return n == 22 }"},
		{
			"package p; const k = 25; func f(n int) bool { return n == k }",
			"package p; const k = 22; func f(n int) bool { return n == k }",
		},
		{"package p; var x = make([]int, 1)", "package p; var x = make([]int, 2)"},
		{
			"package p; type k uint; var x = g(k(25)); func g(k) int { return 0 }",
			"package p; type k uint; var x = g(k(22)); func g(k) int { return 0 }",
		},
		{"package p; func f(n int) { switch n { case 1: } }", "package p; func f(n int) { switch n { case 2: } }"},
		{
			"package p //imports syscall\n" + `var x = f("a"); func f(string) int { return 0 }`,
			"package p //imports syscall\n" + `var x = f("b"); func f(string) int { return 0 }`,
		},
		{
			"package p\n//go:linkname f a.f\nfunc f(int) { f(1) }",
			"package p\n//go:linkname f a.f\nfunc f(int) { f(2) }",
		},
		{
			`package p; import "runtime"; func f() { runtime.GOMAXPROCS(0) }`,
			`package p; import "runtime"; func f() { runtime.GOMAXPROCS(1) }`,
		},
		{
			`package p; import "runtime"; const n = 0; func f() { runtime.GOMAXPROCS(n) }`,
			`package p; import "runtime"; const n = 1; func f() { runtime.GOMAXPROCS(n) }`,
		},
		{"package p; var x = 1", "package p; var x = 1.5"},
		{"package p; var x = 1", "package p; var x = 'a'"},
		{"package p; func f() { x := 1; _ = x }", "package p; func f() { x := 1; { x := 2; _ = x }; _ = x }"},
		{"package p; func f(a, b *int) { *a = 1 }", "package p; func f(b, a *int) { *a = 1 }"},
	} {
		if a, b := form(t, c[0]), form(t, c[1]); a == b || a == "" || b == "" {
			t.Errorf("same:\n%s\n%s\n%s", c[0], c[1], b)
		}
	}
}
