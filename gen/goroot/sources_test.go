package goroot

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/stdstate"
)

// sources reads GOROOT/src, for all platforms at once.
type sources struct {
	src      string
	packages map[string][]*ast.File
	decls    map[string]map[string][]ast.Node // by package and name
}

// fingerprint returns tables with the hashes of the sources that they name.
func fingerprint(t *testing.T, s *sources, tables []table) (out []table) {
	t.Helper()
	for _, x := range tables {
		y := table{heading: x.heading}
		for _, line := range x.sources {
			kind, rest, _ := strings.Cut(line.line, " ")
			hashes := s.hashes(t, kind, strings.Fields(rest))
			y.sources = append(y.sources, source{line.line, hashes})
		}
		out = append(out, y)
	}
	return out
}

func (s *sources) hashes(t *testing.T, kind string, args []string) (out []string) {
	t.Helper()
	switch kind {
	case "anchors":
		groups := map[string][]anchor{
			"common": common, "descriptors": descriptors, "views": views, "gSlot": gSlot, "carriers": carriers,
			"tags": tags, "clocks": clocks, "deadlocks": deadlocks, "labelSlot": labelSlot, "births": births,
			"shown": shown, "rights": rights, "checks": checks, "apart": apart, "wide": wide, "tables": tables,
		}
		for _, group := range args {
			if len(groups[group]) == 0 {
				t.Errorf("there is no group %s of anchors", group)
			}
			for _, a := range groups[group] {
				out = append(out, s.decl(t, a.pkg, a.decl))
			}
		}
	case "decl":
		for _, name := range args[1:] {
			out = append(out, s.decl(t, args[0], name))
		}
	case "file":
		text, err := os.ReadFile(filepath.Join(s.src, args[0]))
		if err != nil {
			return []string{args[0] + " missing"}
		}
		out = append(out, args[0]+" "+hash(text))
	case "names":
		for _, pkg := range args {
			out = append(out, counted(pkg, s.exported(t, pkg, func(*ast.FuncType) bool { return true })))
		}
	case "imports":
		for _, pkg := range args {
			var list []string
			for _, f := range s.parse(t, pkg) {
				for _, imp := range f.Imports {
					list = append(list, imp.Path.Value)
				}
			}
			out = append(out, counted(pkg, list))
		}
	case "empty":
		for _, dir := range args {
			if files, _ := filepath.Glob(filepath.Join(s.src, dir, "*.go")); len(files) > 0 {
				out = append(out, dir+" holds a package")
			}
		}
	case "help":
		text, err := exec.Command("go", "help", args[0]).Output()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, args[0]+" "+hash(text))
	case "release":
		out = append(out, strings.Join(strings.SplitN(runtime.Version(), ".", 3)[:2], "."))
	case "bodyless":
		for _, pkg := range s.standard(t) {
			if list := s.bodyless(t, pkg); len(list) > 0 {
				out = append(out, counted(pkg, list))
			}
		}
	case "callbacks":
		for _, pkg := range s.standard(t) {
			if list := s.exported(t, pkg, takesFunction); len(list) > 0 && !strings.Contains("/"+pkg+"/", "/internal/") {
				out = append(out, counted(pkg, list))
			}
		}
	case "vars":
		for _, pkg := range s.standard(t) {
			if list := s.variables(t, pkg); len(list) > 0 {
				out = append(out, counted(pkg, list))
			}
		}
	case "used":
		out = s.used(t)
	case "words":
		out = s.gone(t, wordNames(t))
	case "registrars":
		for _, r := range stdstate.Registrars() {
			out = append(out, s.gone(t, []string{r.Func})...)
		}
	case "writecheck":
		for _, e := range writecheckEdits(t) {
			out = append(out, s.decl(t, e[0], e[1]))
		}
	default:
		t.Fatalf("unknown kind of source %q", kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// decl hashes the declarations of a name, of all platforms.
func (s *sources) decl(t *testing.T, pkg, name string) string {
	nodes := s.declarations(t, pkg)[name]
	if len(nodes) == 0 {
		return pkg + "." + name + " missing"
	}
	var all []string
	for _, n := range nodes {
		var b bytes.Buffer
		if err := (&printer.Config{Mode: printer.RawFormat}).Fprint(&b, token.NewFileSet(), n); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Join(strings.Fields(b.String()), " "))
	}
	slices.Sort(all)
	return pkg + "." + name + " " + hash([]byte(strings.Join(all, "\n")))
}

// declarations returns the package-level declarations of a package by name.
func (s *sources) declarations(t *testing.T, pkg string) map[string][]ast.Node {
	if found, ok := s.decls[pkg]; ok {
		return found
	}
	byName := map[string][]ast.Node{}
	for _, f := range s.parse(t, pkg) {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				byName[functionName(d)] = append(byName[functionName(d)], d)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						byName[spec.Name.Name] = append(byName[spec.Name.Name], spec)
					case *ast.ValueSpec:
						for _, id := range spec.Names {
							byName[id.Name] = append(byName[id.Name], spec)
						}
					}
				}
			}
		}
	}
	if s.decls == nil {
		s.decls = map[string]map[string][]ast.Node{}
	}
	s.decls[pkg] = byName
	return byName
}

// parse returns the files of a package, of all platforms, without their
// comments.
func (s *sources) parse(t *testing.T, pkg string) (files []*ast.File) {
	if files, ok := s.packages[pkg]; ok {
		return files
	}
	paths, _ := filepath.Glob(filepath.Join(s.src, pkg, "*.go"))
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.Name == "main" && !strings.HasPrefix(pkg, "cmd/") {
			continue // a generator
		}
		files = append(files, f)
	}
	if s.packages == nil {
		s.packages = map[string][]*ast.File{}
	}
	s.packages[pkg] = files
	return files
}

// standard returns the packages of the standard library, vendored ones apart.
func (s *sources) standard(t *testing.T) (all []string) {
	err := filepath.WalkDir(s.src, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(s.src, p)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil || !d.IsDir():
			return err
		case rel == "cmd" || rel == "vendor" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), "_"):
			return fs.SkipDir
		case len(s.parse(t, rel)) > 0:
			all = append(all, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// exported returns the exported functions and methods whose type fits.
func (s *sources) exported(t *testing.T, pkg string, fits func(*ast.FuncType) bool) (names []string) {
	for name, nodes := range s.declarations(t, pkg) {
		fn, ok := nodes[0].(*ast.FuncDecl)
		if ok && ast.IsExported(name) && ast.IsExported(fn.Name.Name) && fits(fn.Type) {
			names = append(names, name)
		}
	}
	return names
}

func takesFunction(fn *ast.FuncType) bool {
	return slices.ContainsFunc(fn.Params.List, func(p *ast.Field) bool { _, ok := p.Type.(*ast.FuncType); return ok })
}

func (s *sources) bodyless(t *testing.T, pkg string) (names []string) {
	for name, nodes := range s.declarations(t, pkg) {
		if fn, ok := nodes[0].(*ast.FuncDecl); ok && fn.Body == nil {
			names = append(names, name)
		}
	}
	return names
}

func (s *sources) variables(t *testing.T, pkg string) (names []string) {
	for _, f := range s.parse(t, pkg) {
		for _, d := range f.Decls {
			if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.VAR {
				for _, spec := range gen.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// counted hashes a list of names.
func counted(name string, list []string) string {
	slices.Sort(list)
	list = slices.Compact(list)
	return fmt.Sprintf("%s %d %s", name, len(list), hash([]byte(strings.Join(list, "\n"))))
}

func hash(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(text))[:12] }
