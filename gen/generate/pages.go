package generate

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-vimage/vimage/gen/pages"
)

// Pages computes the publishers and readers of shared pages (package gen/pages)
// of the named packages. Code of a package may use what is generated, so a
// caller writes the result before it calls [Run]. With clean the generated
// files go; the .abi files, which are the record of what was published, stay.
func Pages(ctx context.Context, req Request, clean bool) (*Result, error) {
	g := &generator{req: req, res: new(Result), scope: map[string]*folder{}}
	named, err := g.named(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range named {
		f, err := g.read(p)
		if err != nil {
			return nil, err
		}
		want := map[string][]byte{}
		if !clean {
			if want, err = g.pagesOf(p, f); err != nil {
				return nil, err
			}
		}
		if pkg := pageChanges(f, want); len(pkg.Changes) > 0 {
			g.res.Packages = append(g.res.Packages, pkg)
		}
	}
	return g.res, nil
}

// pagesOf returns what is generated for one package, by base name.
func (g *generator) pagesOf(p *listed, f *folder) (map[string][]byte, error) {
	in := &pages.Package{Dir: p.Dir, Files: map[string][]byte{}, Version: p.Module.GoVersion, Module: p.Module.Path}
	for _, name := range p.GoFiles {
		in.Files[name] = f.files[name]
	}
	in.ABI = func(base string) ([]byte, error) { return optional(filepath.Join(p.Dir, base)) }
	want, problems, err := pages.Files(in)
	for _, w := range problems {
		w.Pos.Filename = g.rel(w.Pos.Filename)
		g.res.Problems = append(g.res.Problems, w.Pos.String()+": "+w.Message)
	}
	if err != nil {
		return nil, InputError{err}
	}
	return want, nil
}

// pageChanges compares what is wanted with the disk.
func pageChanges(f *folder, want map[string][]byte) *Package {
	pkg := &Package{Dir: f.Dir}
	for _, name := range sortedKeys(want) {
		path := filepath.Join(f.Dir, name)
		have, err := optional(path)
		if err == nil && (have == nil || string(have) != string(want[name])) {
			pkg.Changes = append(pkg.Changes, Change{path, have, want[name]})
		}
	}
	for _, name := range sortedKeys(f.files) {
		if pages.Generated(name) && want[name] == nil && f.origins[name] == authors && isOurs(f.files[name]) {
			pkg.Changes = append(pkg.Changes, Change{filepath.Join(f.Dir, name), f.files[name], nil})
		}
	}
	return pkg
}

// optional reads a file, nil if there is none.
func optional(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
