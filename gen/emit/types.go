package emit

import (
	"fmt"
	"go/types"
	pathpkg "path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/load"
)

// A Namer spells types in the packages of one program and collects the aliases
// that this takes.
type Namer struct {
	prog    *load.Program
	byPath  map[string]*load.Package
	aliases map[string][]alias // by the path of the package that declares them
	taken   func(name string) bool
	plain   bool                   // files are to be read and committed,
	adopted func(path string) bool // and can be added to these packages
}

type alias struct {
	name string
	t    types.Type
}

// NewNamer returns a namer for a program; taken reports whether an identifier
// is in use somewhere in it.
func NewNamer(prog *load.Program, taken func(name string) bool) *Namer {
	n := &Namer{prog: prog, byPath: map[string]*load.Package{}, aliases: map[string][]alias{}, taken: taken}
	for _, p := range prog.Packages {
		if n.byPath[p.Path] == nil {
			n.byPath[p.Path] = p
		}
	}
	return n
}

// Type spells t for use in a file of package from.
func (n *Namer) Type(f *file, t types.Type, from string) (jen.Code, error) {
	s := &speller{namer: n, file: f, from: from}
	c := s.spell(t)
	return c, s.err
}

type speller struct {
	namer *Namer
	file  *file
	from  string
	err   error
}

func (s *speller) spell(t types.Type) *jen.Statement {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return s.file.qual("unsafe", "Pointer")
		}
		return s.predeclared(t, t.Name())
	case *types.Alias:
		if !s.canName(t.Obj()) {
			return s.spell(types.Unalias(t))
		}
		return s.named(t.Obj(), t.TypeArgs())
	case *types.Named:
		if !s.canName(t.Obj()) {
			return s.alias(t, t.Obj().Pkg())
		}
		return s.named(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		return jen.Op("*").Add(s.spell(t.Elem()))
	case *types.Slice:
		return jen.Index().Add(s.spell(t.Elem()))
	case *types.Array:
		return jen.Index(jen.Lit(int(t.Len()))).Add(s.spell(t.Elem()))
	case *types.Map:
		return jen.Map(s.spell(t.Key())).Add(s.spell(t.Elem()))
	case *types.Chan:
		elem := s.spell(t.Elem())
		switch t.Dir() {
		case types.SendOnly:
			return jen.Chan().Op("<-").Add(elem)
		case types.RecvOnly:
			return jen.Op("<-").Chan().Add(elem)
		}
		return jen.Chan().Parens(elem)
	case *types.Signature:
		return jen.Func().Add(s.signature(t))
	case *types.Struct:
		return s.structType(t)
	case *types.Interface:
		return s.interfaceType(t)
	case *types.Union:
		var c *jen.Statement
		for term := range t.Terms() {
			one := s.spell(term.Type())
			if term.Tilde() {
				one = jen.Op("~").Add(one)
			}
			if c == nil {
				c = one
			} else {
				c = c.Op("|").Add(one)
			}
		}
		return c
	}
	s.err = fmt.Errorf("cannot spell type %s", t)
	return jen.Id("int")
}

func (s *speller) named(obj *types.TypeName, args *types.TypeList) *jen.Statement {
	if obj.Pkg() == nil {
		return s.predeclared(obj.Type(), obj.Name())
	}
	c := jen.Id(obj.Name())
	if obj.Pkg().Path() != s.from {
		c = s.file.qual(importPath(obj.Pkg().Path()), obj.Name())
	}
	if args.Len() == 0 {
		return c
	}
	var list []jen.Code
	for a := range args.Types() {
		list = append(list, s.spell(a))
	}
	return c.Index(jen.List(list...))
}

// predeclared spells a type of the universe, which the package may have given
// another meaning: then an alias in package runtime serves.
func (s *speller) predeclared(t types.Type, name string) *jen.Statement {
	if p := s.namer.byPath[s.from]; p.Types.Scope().Lookup(name) != nil {
		return s.alias(t, s.namer.byPath["runtime"].Types)
	}
	return jen.Id(name)
}

// importPath is what an import declaration writes for a package.
func importPath(path string) string { return strings.TrimPrefix(path, "vendor/") }

func (s *speller) signature(t *types.Signature) *jen.Statement {
	var params, results []jen.Code
	for i := range t.Params().Len() {
		p := t.Params().At(i).Type()
		if t.Variadic() && i == t.Params().Len()-1 {
			params = append(params, jen.Op("...").Add(s.spell(p.(*types.Slice).Elem())))
			continue
		}
		params = append(params, s.spell(p))
	}
	for v := range t.Results().Variables() {
		results = append(results, s.spell(v.Type()))
	}
	c := jen.Params(params...)
	switch len(results) {
	case 0:
		return c
	case 1:
		return c.Add(results[0])
	}
	return c.Params(results...)
}

func (s *speller) structType(t *types.Struct) *jen.Statement {
	for f := range t.Fields() {
		if !f.Exported() && f.Pkg() != nil && f.Pkg().Path() != s.from {
			return s.alias(t, f.Pkg())
		}
	}
	var fields []jen.Code
	for i := range t.NumFields() {
		f := t.Field(i)
		c := s.spell(f.Type())
		if !f.Embedded() {
			c = jen.Id(f.Name()).Add(c)
		}
		if tag := t.Tag(i); tag != "" {
			c = c.Lit(tag)
		}
		fields = append(fields, c)
	}
	return jen.Struct(fields...)
}

func (s *speller) interfaceType(t *types.Interface) *jen.Statement {
	for m := range t.Methods() {
		if !m.Exported() && m.Pkg() != nil && m.Pkg().Path() != s.from {
			return s.alias(t, m.Pkg())
		}
	}
	var list []jen.Code
	for m := range t.ExplicitMethods() {
		list = append(list, jen.Id(m.Name()).Add(s.signature(m.Signature())))
	}
	for e := range t.EmbeddedTypes() {
		list = append(list, s.spell(e))
	}
	return jen.Interface(list...)
}

// canName reports whether the package from can write the name of obj.
func (s *speller) canName(obj *types.TypeName) bool {
	pkg := obj.Pkg()
	if pkg == nil || pkg.Path() == s.from {
		return true
	}
	return obj.Exported() && s.namer.mayImport(s.from, pkg.Path()) && obj.Parent() == pkg.Scope()
}

// mayImport applies the go command's rule on internal folders, and keeps main
// packages and the vendored part of the standard library to themselves. An
// external test package may import everything that the package it tests may,
// and that package itself, even if it is a program.
func (n *Namer) mayImport(from, path string) bool {
	p, q := n.byPath[from], n.byPath[path]
	switch {
	case q == nil:
		return path == "unsafe"
	case q.Name == "main":
		return p.Path != q.Path && p.ForTest == q.Path
	case strings.HasPrefix(path, "vendor/"):
		return p.Standard
	}
	i := strings.LastIndex("/"+path+"/", "/internal/")
	if i < 0 {
		return true
	}
	root := strings.TrimSuffix(path[:max(i-1, 0)], "/")
	if q.Standard {
		return p.Standard && (root == "" || inTree(n.importer(p), root))
	}
	return root == "" || inTree(n.importer(p), root)
}

// importer is the import path by which the go command judges the imports of a
// package: that of the tested package for external tests, and that of their
// folder for files named on the command line.
func (n *Namer) importer(p *load.Package) string {
	path := p.Path
	if p.ForTest != "" {
		path = p.ForTest
	}
	if path != "command-line-arguments" {
		return path
	}
	dir := ""
	for _, q := range n.prog.Packages {
		m := q.Module
		if m == nil || !m.Main || len(m.Dir) < len(dir) {
			continue
		}
		if rel, err := filepath.Rel(m.Dir, p.Dir); err == nil && filepath.IsLocal(rel) {
			dir, path = m.Dir, pathpkg.Join(m.Path, filepath.ToSlash(rel))
		}
	}
	return path
}

// inTree reports whether a path is root or below it.
func inTree(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// alias makes an exported alias of t in a package that can name it and that
// from can import: home itself if it may, else one through which from came to
// know the type.
func (s *speller) alias(t types.Type, home *types.Package) *jen.Statement {
	n := s.namer
	where := home.Path()
	if !n.mayImport(s.from, where) {
		where = n.between(s.from, where)
	}
	if where == "" || where == s.from || n.adopted != nil && !n.adopted(where) {
		s.err = fmt.Errorf("no package can name type %s for package %s", t, s.from)
		return jen.Id("int")
	}
	for _, a := range n.aliases[where] {
		if types.Identical(a.t, t) {
			return s.file.qual(where, a.name)
		}
	}
	name := ""
	for i := len(n.aliases[where]) + 1; name == "" || n.taken(name); i++ {
		name = fmt.Sprintf("%s%d_%s", naming.Alias, i, n.byPath[where].Name)
	}
	n.aliases[where] = append(n.aliases[where], alias{name, t})
	return s.file.qual(where, name)
}

// ofTests reports whether the spelling of a type has the name of one that is
// declared in a test file.
func (n *Namer) ofTests(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return n.declaredInTests(t.Obj()) || n.anyOfTests(t.TypeArgs())
	case *types.Named:
		return n.declaredInTests(t.Obj()) || n.anyOfTests(t.TypeArgs())
	case *types.Map:
		return n.ofTests(t.Key()) || n.ofTests(t.Elem())
	case interface{ Elem() types.Type }:
		return n.ofTests(t.Elem())
	case *types.Signature:
		return n.ofTests(t.Params()) || n.ofTests(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if n.ofTests(v.Type()) {
				return true
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if n.ofTests(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			if n.ofTests(m.Type()) {
				return true
			}
		}
		for e := range t.EmbeddedTypes() {
			if n.ofTests(e) {
				return true
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if n.ofTests(term.Type()) {
				return true
			}
		}
	}
	return false
}

func (n *Namer) anyOfTests(list *types.TypeList) bool {
	for t := range list.Types() {
		if n.ofTests(t) {
			return true
		}
	}
	return false
}

func (n *Namer) declaredInTests(obj *types.TypeName) bool {
	return strings.HasSuffix(n.prog.Fset.PositionFor(obj.Pos(), false).Filename, "_test.go")
}

// between finds, breadth first over imports, a package that from may import and
// that may import target.
func (n *Namer) between(from, target string) string {
	seen := map[string]bool{from: true}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		p := n.byPath[queue[0]]
		if p == nil {
			continue
		}
		if p.Path != from && n.mayImport(from, p.Path) && n.mayImport(p.Path, target) && n.reaches(p, target) {
			return p.Path
		}
		for _, imp := range slices.Sorted(slices.Values(p.Imports)) {
			path, _, _ := strings.Cut(imp, " ")
			if !seen[path] {
				seen[path] = true
				queue = append(queue, path)
			}
		}
	}
	return ""
}

// reaches reports whether p imports target, however far away, so that an import
// added to it makes no cycle.
func (n *Namer) reaches(p *load.Package, target string) bool {
	seen := map[string]bool{}
	var visit func(p *load.Package) bool
	visit = func(p *load.Package) bool {
		if p == nil || seen[p.Path] {
			return false
		}
		seen[p.Path] = true
		if p.Path == target {
			return true
		}
		for _, imp := range p.Imports {
			path, _, _ := strings.Cut(imp, " ")
			if visit(n.byPath[path]) {
				return true
			}
		}
		return false
	}
	return visit(p)
}
