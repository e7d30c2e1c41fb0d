package verdicts

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/load"
	"golang.org/x/tools/go/ssa"
)

// identity returns the hash of what the proof reads.
func identity(prog *load.Program, all *files, in proof.Input) string {
	h := fingerprint.New()
	h.Words("sizes", fmt.Sprintf("%T %+v", prog.Sizes, prog.Sizes), fmt.Sprint(prog.Tests))
	for _, f := range all.list {
		h.Words("file", f.path, f.text)
	}
	for _, p := range prog.Packages {
		hashPackage(h, p)
	}
	i := &input{Hash: h, in: in, numbers: map[*ssa.Package]int{}}
	for n, p := range in.Packages {
		i.numbers[p.SSA] = n + 1
	}
	i.all()
	for _, p := range prog.Packages {
		if p.Types != nil {
			i.variablesOf(p)
		}
	}
	return h.String()
}

// hashPackage adds what the go command says of a package.
func hashPackage(h fingerprint.Hash, p *load.Package) {
	h.Words("package", p.ImportPath, p.Name, p.ForTest, fmt.Sprint(p.Standard, p.Info != nil, len(p.Errors)))
	h.Words("files", slices.Concat(p.GoFiles, p.CgoFiles, p.CompiledGoFiles)...)
	h.Words("imports", p.Imports...)
	for _, path := range slices.Sorted(maps.Keys(p.ImportMap)) {
		h.Words("as", path, p.ImportMap[path])
	}
	if m := p.Module; m != nil {
		h.Words("module", m.Path, m.Version, m.GoVersion, fmt.Sprint(m.Main))
	}
	if p.Info == nil {
		return
	}
	var versions []string
	for _, f := range p.Syntax {
		versions = append(versions, p.Info.FileVersions[f])
	}
	h.Words("versions", versions...)
}

// An input is the input of a proof that is being hashed.
type input struct {
	fingerprint.Hash
	in      proof.Input
	numbers map[*ssa.Package]int // places in in.Packages, from 1
}

// name spells a member of a package. Variants of a package have the same paths.
func (i *input) name(pkg *ssa.Package, m fmt.Stringer) string {
	return fmt.Sprint(i.numbers[pkg], " ", m)
}

func (i *input) function(fn *ssa.Function) string { return i.name(fn.Pkg, fn) }

func (i *input) functions(kind string, list []*ssa.Function) {
	var words []string
	for _, fn := range list {
		words = append(words, i.function(fn))
	}
	i.Words(kind, words...)
}

func (i *input) variables(kind string, list []*ssa.Global) {
	var words []string
	for _, g := range list {
		words = append(words, i.name(g.Pkg, g))
	}
	i.Words(kind, words...)
}

// all adds the fields of the input. Those that are functions are added by their
// values, but for Nearness, which follows from the packages' modules, and Assigns,
// which follows from the files' tokens. Analyze keeps nothing where Unseen or
// Registrars are set.
func (i *input) all() {
	in := i.in
	i.functions("roots", in.Roots)
	for _, pkg := range in.Libraries {
		i.Words("library", i.name(pkg, pkg))
	}
	i.Words("opened", fmt.Sprint(in.Opened))
	for _, s := range in.Seeds {
		i.Words("seed", s.Struct.String(), s.Field, i.function(s.Func))
	}
	for _, name := range slices.Sorted(maps.Keys(in.Linknames)) {
		i.Words("linkname", name, i.function(in.Linknames[name]))
	}
	for _, list := range in.Joined {
		i.variables("joined", list)
	}
	i.variables("outside", in.Outside)
	protecting := slices.SortedFunc(maps.Keys(in.Protecting), func(a, b proof.Name) int {
		return cmp.Or(cmp.Compare(a.Pkg, b.Pkg), cmp.Compare(a.Name, b.Name))
	})
	i.Words("protecting", fmt.Sprint(protecting))
	for _, p := range in.Packages {
		i.initializers(p)
	}
}

// variablesOf adds what the input says of a package's variables.
func (i *input) variablesOf(p *load.Package) {
	in := i.in
	library := in.Library != nil && in.Library(p.Path)
	words := []string{p.ImportPath, fmt.Sprint(in.InPlay(proof.Name{Pkg: p.Path}), library)}
	scope := p.Types.Scope()
	for _, name := range scope.Names() {
		n := proof.Name{Pkg: p.Path, Name: name}
		if _, ok := scope.Lookup(name).(*types.Var); ok && in.InPlay(n) {
			words = append(words, fmt.Sprint(name, " ", in.If(n), " ", in.Counts(n)))
		}
	}
	i.Words("variables", words...)
}

// initializers adds what the input says of a package's initializers.
func (i *input) initializers(p proof.Package) {
	words := []string{i.name(p.SSA, p.SSA)}
	for _, init := range p.InitOrder {
		words = append(words, fmt.Sprint(i.in.Static(init), i.in.Partly(init)))
	}
	i.Words("initializers", words...)
}
