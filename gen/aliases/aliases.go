package aliases

import (
	"cmp"
	"errors"
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

	Imports []string // import paths
	// Tested reports that the package's tests are built.
	Tested bool
	// Dispatches reports that the package has committed files by which its
	// slots call the modules that are loaded.
	Dispatches bool

	taken []string // names that were declared
}

// A File is a Go file of the package.
type File struct {
	Path   string
	Src    []byte
	Syntax *ast.File // with comments; nil if no file of the package has directives
}

// A Ref names a function of a package, as it is called in the files of [Link].
type Ref struct{ Pkg, Name string }

// Options say how to link.
type Options struct {
	Modules []string // import paths, in load order: the lowest first
	// Loadable asks for slots that dispatch to the modules that are loaded when
	// they are called. The Modules are then linked into the program and not
	// loaded; calls of their functions are direct. Those of other modules of
	// the program go by pointers.
	Loadable bool
	// Readable asks for text that is committed: laid out as people write it,
	// without directives for positions.
	Readable bool
	// Own, if it is not nil, reports which packages can be changed, by import
	// path.
	Own  func(path string) bool
	File string // base name of the files that are added; "" is for vimage_aliases.go
}

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

// args returns the arguments of the directive.
func (f *function) args() directive.Alias { return f.mark.Args.(directive.Alias) }

// symbol returns the linker's name of the function.
func (f *function) symbol() string { return f.pkg.symbol(f.decl.Name.Name) }

func (p *Package) symbol(name string) string {
	if p.Name == "main" && !p.Tested { // in a test binary it is a package like others
		return "main." + name
	}
	return escape(p.Path) + "." + name
}

// escape spells an import path as the linker does: dots in the last element,
// and what is no letter, are escaped.
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
	group    *group
	layers   []layer // the lowest first
}

// A group has slots that change at once.
type group struct {
	pkg   *Package
	name  string // as in a directive, or the slot's own
	slots []*slot
}

// A module is a package with layers.
type module struct {
	pkg   *Package
	own   map[*slot]*layer
	hooks []*function
}

// A linker finds slots and layers.
type linker struct {
	packages map[string]*Package // by import path
	slots    map[string]*slot    // by import path and name
	order    []*slot
	groups   []*group
	modules  []*module // with layers, in the order of the packages
	problems []Problem
}

// Link returns the files that take the place of those of the disk, by path, for
// a program whose packages are given, dependencies first; and the functions
// whose types have to be compared. If there are problems, the files are of no
// use.
func Link(packages []*Package, opts Options) (files map[string][]byte, pairs []Pair, problems []Problem, err error) {
	k := &linker{packages: map[string]*Package{}, slots: map[string]*slot{}}
	for _, p := range packages {
		k.packages[p.Path] = p
	}
	for _, p := range packages {
		for _, f := range k.functions(p, directive.Weak) {
			k.declare(f)
		}
	}
	chosen := opts.Modules
	if opts.Loadable {
		chosen = nil
		for _, p := range packages {
			if p.Name != "main" && (opts.Own == nil || opts.Own(p.Path)) {
				chosen = append(chosen, p.Path)
			}
		}
	}
	for _, m := range chosen {
		k.module(k.packages[m])
	}
	k.checkFiles(packages, opts)
	k.checkGroups(opts)
	slices.SortStableFunc(k.problems, func(a, b Problem) int { return cmp.Compare(a.Pos, b.Pos) })
	if k.problems != nil {
		return nil, nil, k.problems, nil
	}
	e := &editor{opts: opts, files: map[*File]*edits{}, out: map[string][]byte{}}
	if opts.Loadable {
		if err := e.loadable(k); err != nil {
			return nil, nil, nil, err
		}
	} else {
		for _, s := range k.order {
			if s.layers != nil {
				e.link(s)
			}
		}
	}
	for _, p := range packages {
		if len(opts.Modules) == 0 || opts.Readable {
			break
		}
		if p.Name == "main" && p.Files != nil {
			e.imports(k, p.Name, filepath.Join(p.Dir, importsName))
		} else if p.Tested {
			e.imports(k, p.Name+"_test", filepath.Join(p.Dir, testImportsName))
		}
	}
	return e.result(), e.pairs, nil, nil
}

// declare enters a slot, and its group.
func (k *linker) declare(f *function) {
	s := &slot{function: f}
	k.slots[f.pkg.Path+"."+f.decl.Name.Name] = s
	k.order = append(k.order, s)
	name := f.args().Group
	named := cmp.Or(name, f.decl.Name.Name)
	i := slices.IndexFunc(k.groups, func(g *group) bool { return g.pkg == f.pkg && g.name == named })
	if i >= 0 && (name == "" || k.groups[i].slots[0].function.args().Group == "") {
		k.problem(f, "//vimage:weak: a group and a slot without a group have the same name %s", named)
		i = -1
	}
	if i < 0 {
		i = len(k.groups)
		k.groups = append(k.groups, &group{pkg: f.pkg, name: named})
	}
	s.group = k.groups[i]
	s.group.slots = append(s.group.slots, s)
	if first := s.group.slots[0].function; first.args().PerImage != f.args().PerImage {
		k.problem(f, "//vimage:weak group=%s: all slots of a group are per=image, or none is: %s differs", name,
			first.decl.Name.Name)
	}
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
			k.problem(f, "//vimage:%s %s: %s overrides it too, in the same module", f.mark.Verb, s,
				l.function.decl.Name.Name)
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
		s.layers = append(s.layers, *own[s])
	}
	hooks := k.functions(p, directive.Module)
	if order != nil || hooks != nil {
		k.modules = append(k.modules, &module{p, own, hooks})
	}
}

// checkGroups finds modules that override groups in part, and loadable ones
// whose slots are both per image and not.
func (k *linker) checkGroups(opts Options) {
	for _, m := range k.modules {
		k.checkDispatch(m, opts)
		if opts.Loadable {
			k.checkNeeds(m)
		}
		var first *slot
		for _, s := range k.order {
			l := m.own[s]
			if l == nil {
				continue
			}
			if first == nil {
				first = s
			}
			if opts.Loadable && first.perImage() != s.perImage() {
				k.problem(l.function,
					"//vimage:%s %s: the module overrides slots that are per=image and slots that are not, such "+
						"as %s: want two modules",
					l.function.mark.Verb, s, first)
			}
			for _, other := range s.group.slots {
				if m.own[other] == nil {
					k.problem(l.function,
						"//vimage:%s %s: the module does not override %s, which is in the same group %s",
						l.function.mark.Verb, s, other, s.group.name)
				}
			}
		}
		for i, h := range m.hooks {
			for _, other := range m.hooks[:i] {
				if other.args().Hook == h.args().Hook {
					k.problem(h, "//vimage:module %s: %s is one too, in the same module", h.args().Hook,
						other.decl.Name.Name)
				}
			}
		}
	}
}

// fromFiles is the import path that the go command gives to a package which is
// named by its files. Nothing else is compiled with them.
const fromFiles = "command-line-arguments"

// checkFiles finds slots and modules in a package to which no file can be
// added.
func (k *linker) checkFiles(packages []*Package, opts Options) {
	for _, p := range packages {
		if p.Path != fromFiles || !opts.Loadable {
			continue
		}
		for _, f := range k.functions(p, directive.Weak, directive.Strong, directive.Refine, directive.Module) {
			k.problem(f, "//vimage:%s: a file has to be added to the package, so name it by its folder and not by files",
				f.mark.Verb)
		}
	}
}

// checkNeeds finds modules that need one which is loaded apart from them.
func (k *linker) checkNeeds(m *module) {
	for _, n := range k.needs(m) {
		if n.perImage() == m.perImage() {
			continue
		}
		f := m.first()
		k.problem(f,
			"//vimage:%s: the package needs the module %s by an import, and one of the two is per=image, and "+
				"the other is not",
			f.mark.Verb, n.pkg.Path)
	}
}

// first returns a declaration of the module.
func (m *module) first() *function {
	if s := m.slots(); len(s) > 0 {
		return m.own[s[0]].function
	}
	return m.hooks[0]
}

// checkDispatch finds slots of packages that a committed build does not change.
func (k *linker) checkDispatch(m *module, opts Options) {
	for s, l := range m.own {
		if p := s.function.pkg; opts.Own != nil && !opts.Own(p.Path) && !p.Dispatches {
			k.problem(l.function, "//vimage:%s %s: package %s has no committed build that calls modules: adopt it too",
				l.function.mark.Verb, s, p.Path)
		}
	}
}

func (s *slot) perImage() bool { return s.function.args().PerImage }

// String spells a slot: "netstack.BpfMtap".
func (s *slot) String() string { return s.function.pkg.Name + "." + s.function.decl.Name.Name }

// slot returns the slot that a function names.
func (k *linker) slot(f *function) *slot {
	a := f.args()
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
	if len(words) > 0 && slices.ContainsFunc(packages, func(p *Package) bool { return p.Path == fromFiles }) {
		return nil, errors.New("modules are linked into a package that is named by its folder, and not by files")
	}
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
