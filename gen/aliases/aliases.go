package aliases

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
)

// A Package is one package of the program.
type Package struct {
	Path  string // import path
	Name  string
	Dir   string
	Files []*File
	Asm   bool // it has files of assembly
	Cgo   bool // it has cgo files
}

// A File is a Go file of the package.
type File struct {
	Path   string
	Src    []byte
	Syntax *ast.File // with comments; nil if the file has no directives
}

// A Ref names a function of a package, as it is called in the files of [Link].
type Ref struct{ Pkg, Name string }

// A Pair are two functions that are linked by name, so that their types must be
// identical.
type Pair struct {
	Slot, Function Ref
	Spelled        string // the slot, as a person would: "netstack.BpfMtap"
}

// A Problem is a declaration that cannot be linked.
type Problem struct {
	Pos     token.Pos
	Message string
}

// A function is a declaration with one of the verbs.
type function struct {
	pkg  *Package
	file *File
	decl *ast.FuncDecl
	mark directive.Mark
}

// symbol returns the linker's name of the function.
func (f *function) symbol() string { return f.pkg.symbol(f.decl.Name.Name) }

func (p *Package) symbol(name string) string {
	if p.Name == "main" {
		return "main." + name
	}
	return escape(p.Path) + "." + name
}

// escape spells an import path as the linker does: dots in the last element, and
// what is no letter, are escaped.
func escape(path string) string {
	slash := strings.LastIndexByte(path, '/')
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c == '%' || c == '"' || c >= 0x7f || c == '.' && i > slash {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// A layer is a module's function for a slot, with its super function if it has
// one.
type layer struct {
	function *function
	super    *function
}

// A slot is a function that modules override.
type slot struct {
	function *function
	layers   []layer // the lowest first
}

// A linker finds slots and layers.
type linker struct {
	packages map[string]*Package // by import path
	slots    map[string]*slot    // by import path and name
	order    []*slot
	problems []Problem
}

// Link returns the files that take the place of those of the disk, by path, for
// a program whose packages are given, and the modules in load order, by import
// path; and the functions whose types have to be compared. If there are problems,
// the files are of no use.
func Link(packages []*Package, modules []string) (files map[string][]byte, pairs []Pair, problems []Problem) {
	k := &linker{packages: map[string]*Package{}, slots: map[string]*slot{}}
	for _, p := range packages {
		k.packages[p.Path] = p
	}
	for _, p := range packages {
		for _, f := range k.functions(p, directive.Weak) {
			s := &slot{function: f}
			k.slots[p.Path+"."+f.decl.Name.Name] = s
			k.order = append(k.order, s)
		}
	}
	for _, m := range modules {
		k.module(k.packages[m])
	}
	slices.SortStableFunc(k.problems, func(a, b Problem) int { return cmp.Compare(a.Pos, b.Pos) })
	if k.problems != nil {
		return nil, nil, k.problems
	}
	e := &editor{files: map[*File]*edits{}, out: map[string][]byte{}}
	for _, s := range k.order {
		if s.layers != nil {
			e.link(s)
		}
	}
	for _, p := range packages {
		if p.Name == "main" && p.Files != nil {
			e.imports(p, modules)
		}
	}
	return e.result(), e.pairs, nil
}

// functions returns a package's functions with one of the verbs.
func (k *linker) functions(p *Package, verbs ...string) (out []*function) {
	for _, f := range p.Files {
		if f.Syntax == nil {
			continue
		}
		for _, m := range directive.Marks(f.Syntax) {
			if slices.Contains(verbs, m.Verb) {
				out = append(out, &function{p, f, m.Func, m})
			}
		}
	}
	return out
}

func (k *linker) problem(f *function, format string, args ...any) {
	k.problems = append(k.problems, Problem{f.mark.Pos, fmt.Sprintf(format, args...)})
}

// module enters a module's layers.
func (k *linker) module(p *Package) {
	own := map[*slot]*layer{}
	var order []*slot
	for _, f := range k.functions(p, directive.Strong, directive.Refine) {
		s := k.slot(f)
		if s == nil {
			continue
		}
		if l := own[s]; l != nil {
			k.problem(f, "//vimage:%s %s: %s overrides it too, in the same module", f.mark.Verb, s, l.function.decl.Name.Name)
			continue
		}
		own[s] = &layer{function: f}
		order = append(order, s)
	}
	for _, f := range k.functions(p, directive.Super) {
		s := k.slot(f)
		if s == nil {
			continue
		}
		switch l := own[s]; {
		case l == nil || l.function.mark.Verb != directive.Refine:
			k.problem(f, "//vimage:super %s: the module has no function with //vimage:refine for it", s)
		case l.super != nil:
			k.problem(f, "//vimage:super %s: %s is one too, in the same module", s, l.super.decl.Name.Name)
		default:
			l.super = f
		}
	}
	for _, s := range order {
		for _, f := range []*function{s.function, own[s].function} {
			if f.pkg.Cgo {
				k.problem(f, "//vimage:%s: package %s has cgo files, and cannot have the assembly that is needed to link it",
					f.mark.Verb, f.pkg.Path)
			}
		}
		s.layers = append(s.layers, *own[s])
	}
}

// String spells a slot: "netstack.BpfMtap".
func (s *slot) String() string { return s.function.pkg.Name + "." + s.function.decl.Name.Name }

// slot returns the slot that a function names.
func (k *linker) slot(f *function) *slot {
	a := f.mark.Alias
	p, imported := k.imported(f.file.Syntax, a.Package)
	switch {
	case p == nil && !imported:
		k.problem(f, "//vimage:%s %s.%s: the file imports no package %s", f.mark.Verb, a.Package, a.Slot, a.Package)
		return nil
	case p == nil:
		return nil // the compiler says that it is not there
	}
	s := k.slots[p.Path+"."+a.Slot]
	if s == nil {
		k.problem(f, "//vimage:%s %s.%s: package %s has no function %s with //vimage:weak",
			f.mark.Verb, a.Package, a.Slot, p.Path, a.Slot)
	}
	return s
}

// imported returns the package that a file imports by a name, or by its path.
func (k *linker) imported(f *ast.File, name string) (p *Package, ok bool) {
	for _, spec := range f.Imports {
		at, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		is := path.Base(at)
		p := k.packages[at]
		if p != nil {
			is = p.Name
		}
		if spec.Name != nil {
			is = spec.Name.Name
		}
		if is == name || at == name {
			return p, true
		}
	}
	return nil, false
}

// Modules returns the import paths among packages that words of the command line
// name: import paths, or folders as seen from dir.
func Modules(packages []*Package, dir string, words []string) ([]string, error) {
	var out []string
	for _, w := range words {
		i := slices.IndexFunc(packages, func(p *Package) bool {
			return p.Path == w || (strings.HasPrefix(w, ".") || filepath.IsAbs(w)) && p.Dir == abs(dir, w)
		})
		if i < 0 {
			return nil, fmt.Errorf("module %s is no package of the program", w)
		}
		if p := packages[i]; slices.Contains(out, p.Path) {
			return nil, fmt.Errorf("module %s is named twice", w)
		} else if p.Name == "main" {
			return nil, fmt.Errorf("module %s is a main package", w)
		} else {
			out = append(out, p.Path)
		}
	}
	return out, nil
}

func abs(dir, path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return filepath.Clean(path)
}
