package gen

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/emit"
	"github.com/go-vimage/vimage/gen/plan"
)

// A Planned package is what an [Emitter] is asked about: a folder's package, with
// its external tests, and the plan that decides on them.
type Planned struct {
	Dir      string          // absolute
	Packages []*plan.Package // the package, and its external tests if there are any
	Plan     *plan.Plan
}

// A File is one that a committed build has beside its author's.
type File struct {
	Name  string // base name
	Text  []byte // a Go file, without a constraint for its build
	Plain bool   // of the plain build; else of the vimage build
}

// An Emitter makes a kind of files, such as containers with their accessors. It
// is a pure function: it reads and writes no file, and returns the same files, in
// any order, for the same package. It returns nil for a package that needs none.
// Names must begin with zz_vnet, which package generate knows as its own.
type Emitter func(*Planned) ([]File, error)

// containers is the emitter of what package emit made of all packages at once,
// since one can need an alias in another.
func containers(emitted map[string][]byte) Emitter {
	return func(p *Planned) (out []File, _ error) {
		for path, text := range emitted {
			if filepath.Dir(path) == p.Dir {
				base := filepath.Base(path)
				out = append(out, File{base, text, base == emit.PlainName})
			}
		}
		return out, nil
	}
}

// aliasFiles is the emitter of the files that declare groups and modules, which
// package aliases made of all packages at once.
func aliasFiles(files map[string][]byte) Emitter {
	return func(p *Planned) ([]File, error) {
		if text, ok := files[filepath.Join(p.Dir, aliasFile)]; ok {
			return []File{{Name: aliasFile, Text: text}}, nil
		}
		return nil, nil
	}
}

// planned returns the packages that have committed builds, by folder.
func planned(p *plan.Plan, adopted func(path string) bool) (out []*Planned) {
	byDir := map[string]*Planned{}
	for _, pkg := range p.Order {
		if pkg.Standard || !adopted(pkg.Path) {
			continue
		}
		dir := pkg.Variants[0].Dir
		if byDir[dir] == nil {
			byDir[dir] = &Planned{Dir: dir, Plan: p}
			out = append(out, byDir[dir])
		}
		byDir[dir].Packages = append(byDir[dir].Packages, pkg)
	}
	for _, of := range out {
		slices.SortFunc(of.Packages, func(a, b *plan.Package) int { return strings.Compare(a.Path, b.Path) })
	}
	return out
}

// ask returns the files that emitters make, by path.
func ask(emitters []Emitter, packages []*Planned) (map[string]File, error) {
	out := map[string]File{}
	for _, p := range packages {
		for _, emitter := range emitters {
			files, err := emitter(p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.Dir, err)
			}
			for _, f := range files {
				path := filepath.Join(p.Dir, f.Name)
				if _, ok := out[path]; ok {
					return nil, fmt.Errorf("%s: two emitters make this file", path)
				}
				out[path] = f
			}
		}
	}
	return out, nil
}
