package gen

import (
	"bytes"
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/aliases"
	"github.com/go-vimage/vimage/gen/load"
)

// aliasFile is the base name of the file that declares groups and modules in a
// committed build.
const aliasFile = "zz_vnet_alias.go"

// A linking is what the modules of a Request make of the program's files.
type linking struct {
	loadable bool
	files    map[string][]byte // by path
	pairs    []aliases.Pair
	problems []string
}

// link reads the files of a listed program that are not the standard library's,
// and links the modules to it.
func link(req Request, listing *load.Listing, overlay map[string][]byte) (*linking, error) {
	dir := req.Dir
	fset := token.NewFileSet()
	var packages []*aliases.Package
	tests := map[string]bool{}
	for _, l := range listing.Packages {
		if path, ok := strings.CutSuffix(l.ImportPath, ".test"); ok && l.Name == "main" {
			tests[path] = true
		}
	}
	for _, l := range listing.Packages {
		if l.Standard || l.Error != nil || l.ForTest != "" ||
			strings.Contains(l.ImportPath, " ") || strings.HasSuffix(l.ImportPath, ".test") {
			continue
		}
		p := &aliases.Package{
			Path: l.ImportPath, Name: l.Name, Dir: l.Dir, Imports: l.Imports,
			Dispatches: slices.Contains(l.IgnoredGoFiles, aliasFile),
			Tested:     tests[l.ImportPath],
		}
		packages = append(packages, p)
		marked := false
		for _, name := range slices.Concat(l.GoFiles, l.CgoFiles) {
			f := &aliases.File{Path: filepath.Join(l.Dir, name)}
			var ok bool
			if f.Src, ok = overlay[f.Path]; !ok {
				var err error
				if f.Src, err = os.ReadFile(f.Path); err != nil {
					return nil, err
				}
			}
			marked = marked || bytes.Contains(f.Src, []byte("//vimage:"))
			p.Files = append(p.Files, f)
		}
		for _, f := range p.Files {
			if !marked {
				break
			}
			syntax, err := parser.ParseFile(fset, f.Path, f.Src, parser.ParseComments|parser.SkipObjectResolution)
			if err == nil { // else the loader says so
				f.Syntax = syntax
			}
		}
	}
	paths, err := aliases.Modules(packages, dir, req.Modules)
	if err != nil {
		return &linking{problems: []string{"vimagegen: " + err.Error()}}, nil
	}
	opts := aliases.Options{Modules: paths, Loadable: req.Loadable}
	if c := req.Committed; c != nil {
		opts = aliases.Options{Modules: paths, Loadable: true, Readable: true, Own: c.Adopted, File: aliasFile}
	}
	k := &linking{loadable: opts.Loadable}
	var problems []aliases.Problem
	k.files, k.pairs, problems, err = aliases.Link(packages, opts)
	if err != nil {
		return nil, err
	}
	for _, q := range problems {
		at := fset.Position(q.Pos)
		at.Filename = Rel(dir, at.Filename)
		k.problems = append(k.problems, at.String()+": "+q.Message)
	}
	return k, nil
}

// mismatched compares the types of functions that were linked by name.
func (k *linking) mismatched(prog *load.Program, dir string) []string {
	variants := map[string][]*load.Package{} // by path
	for _, p := range prog.Packages {
		variants[p.Path] = append(variants[p.Path], p)
	}
	find := func(p *load.Package, name string) *types.Func {
		if p == nil || p.Types == nil {
			return nil
		}
		fn, _ := p.Types.Scope().Lookup(name).(*types.Func)
		return fn
	}
	var out []string
	for _, pair := range k.pairs {
		for _, p := range variants[pair.Function.Pkg] {
			// A module is compiled for a package's tests if the slot's package is.
			variant := strings.TrimPrefix(p.ImportPath, p.Path)
			kernel := cmp.Or(prog.ByID[pair.Slot.Pkg+variant], prog.ByID[pair.Slot.Pkg])
			slot, fn := find(kernel, pair.Slot.Name), find(p, pair.Function.Name)
			if slot == nil || fn == nil || types.Identical(slot.Type(), fn.Type()) {
				continue
			}
			at := prog.Fset.Position(fn.Pos())
			at.Filename = Rel(dir, at.Filename)
			out = append(out, fmt.Sprintf("%s: function %s is %s, but %s is %s", at, pair.Function.Name,
				signature(fn), pair.Spelled, signature(slot)))
		}
	}
	slices.SortFunc(out, cmp.Compare[string])
	return slices.Compact(out)
}

// signature spells a function's type, without variants of packages.
func signature(fn *types.Func) string {
	return types.TypeString(fn.Type(), func(p *types.Package) string {
		path, _, _ := strings.Cut(p.Path(), " ")
		return path
	})
}

// over returns files with others on top.
func over(base, top map[string][]byte) map[string][]byte {
	out := maps.Clone(base)
	if out == nil {
		out = map[string][]byte{}
	}
	maps.Copy(out, top)
	return out
}
