package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTable demands of each verb that the packages which the table names as its
// consumers mention it, and that doc.go and the manual explain it.
func TestTable(t *testing.T) {
	doc := read(t, "doc.go")
	manual := ""
	pages, _ := filepath.Glob("../../cmd/vimagegen/doc*.go")
	for _, page := range pages {
		manual += read(t, page)
	}
	names := constants(t)
	for _, e := range table() {
		for _, problem := range faults(t, e, names) {
			t.Errorf("%s: %s", e.verb, problem)
		}
		if !strings.Contains(manual, "//vimage:"+e.verb) {
			t.Errorf("%s: no page of cmd/vimagegen/doc*.go has //vimage:%s", e.verb, e.verb)
		}
		if !slices.ContainsFunc(strings.FieldsFunc(doc, func(r rune) bool { return strings.ContainsRune(" ,\t\n", r) }),
			func(word string) bool { return word == e.verb }) {
			t.Errorf("%s: doc.go does not list it", e.verb)
		}
		delete(names, e.verb)
	}
	delete(names, Tool)
	for verb, name := range names {
		t.Errorf("constant %s = %q has no entry in the table", name, verb)
	}
}

// TestTableFinds gives the check entries that are wrong.
func TestTableFinds(t *testing.T) {
	names := constants(t)
	for _, test := range []struct {
		entry entry
		want  string
	}{
		{entry{Shared, nil, (*reader).word, []string{"gen/plan"}}, "may stand above nothing"},
		{entry{Shared, []kind{variable}, nil, []string{"gen/plan"}}, "has no parser"},
		{entry{Shared, []kind{variable}, (*reader).word, nil}, "has no consumer"},
		{entry{Shared, []kind{variable}, (*reader).word, []string{"gen/pages"}}, "gen/pages does not mention directive.Shared"},
		{entry{"no-such", []kind{variable}, (*reader).word, []string{"gen/plan"}}, "no constant has this value"},
	} {
		if got := faults(t, test.entry, names); !slices.Equal(got, []string{test.want}) {
			t.Errorf("%+v: got %q, want %q", test.entry, got, test.want)
		}
	}
}

// faults returns what is wrong with an entry.
func faults(t *testing.T, e entry, names map[string]string) (all []string) {
	if len(e.above) == 0 {
		all = append(all, "may stand above nothing")
	}
	if e.parse == nil {
		all = append(all, "has no parser")
	}
	if len(e.consumers) == 0 {
		all = append(all, "has no consumer")
	}
	name, ok := names[e.verb]
	if !ok {
		return append(all, "no constant has this value")
	}
	for _, dir := range e.consumers {
		if !mentions(t, filepath.Join("../..", dir), name) {
			all = append(all, dir+" does not mention directive."+name)
		}
	}
	return all
}

// constants returns the names of this package's string constants, by value.
func constants(t *testing.T) map[string]string {
	names := map[string]string{}
	for _, f := range parse(t, ".") {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				spec := spec.(*ast.ValueSpec)
				if lit, ok := spec.Values[0].(*ast.BasicLit); ok && spec.Type == nil && lit.Kind == token.STRING {
					value, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					names[value] = spec.Names[0].Name
				}
			}
		}
	}
	return names
}

// mentions reports whether code of a folder, its tests apart, has
// directive.NAME.
func mentions(t *testing.T, dir, name string) (found bool) {
	for _, f := range parse(t, dir) {
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
				pkg, ok := sel.X.(*ast.Ident)
				found = found || ok && pkg.Name == "directive"
			}
			return true
		})
	}
	return found
}

func parse(t *testing.T, dir string) map[string]*ast.File {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(paths), err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = f
	}
	return files
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
