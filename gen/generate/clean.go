package generate

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
)

// Clean computes how the named packages become what they were before they were
// adopted: files of ours go, and our constraint is taken from the author's.
func Clean(ctx context.Context, req Request) (*Result, error) {
	g := &generator{req: req, res: new(Result)}
	named, err := g.named(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range named {
		f, err := g.read(p)
		if err != nil {
			return nil, err
		}
		pkg := &Package{Dir: f.Dir}
		g.unfinished(f)
		g.outputs(f, nil, pkg)
		for _, name := range sortedKeys(f.adopted) {
			path := filepath.Join(f.Dir, name)
			released, err := Release(f.files[name])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			pkg.Changes = append(pkg.Changes, Change{path, f.files[name], released})
		}
		slices.SortFunc(pkg.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
		if len(pkg.Changes) > 0 {
			g.res.Packages = append(g.res.Packages, pkg)
		}
	}
	return g.res, nil
}
