package nm

import (
	"context"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/objects/objfile"
	"github.com/go-vimage/vimage/gen/workspace"
)

// Objects compiles what a workspace shows of packages and all that they import,
// and accounts for the symbols of those that the plan has.
func Objects(ctx context.Context, a *Accountant, w *workspace.Workspace, cfg objects.Config, tests bool, patterns []string) (*Report, error) {
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Name,Export"}
	if tests {
		args = append(args, "-test")
	}
	there := cfg
	there.Go, there.Env = w.Go, w.Env
	list, err := objects.List[struct{ ImportPath, Name, Export string }](ctx, there, slices.Concat(args, cfg.Flags, w.Flags, []string{"--"}, patterns))
	if err != nil {
		return nil, err
	}
	var packages []string
	var symbols []Symbol
	for _, l := range list {
		path, _, _ := strings.Cut(l.ImportPath, " ")
		if l.Export == "" || !a.covers(path) || l.Name == "main" && strings.HasSuffix(path, ".test") {
			continue
		}
		ws, err := objects.Writables(ctx, cfg, l.Export)
		if err != nil {
			return nil, err
		}
		name := l.Name
		if l.ImportPath != path { // tests import a main package by its path
			name = ""
		}
		found := a.Account(path, objfile.Prefix(path, name), ws)
		for _, s := range found {
			s.Package = l.ImportPath
			symbols = append(symbols, s)
		}
		if found != nil || !a.Plan.Packages[path].Standard {
			packages = append(packages, l.ImportPath)
		}
	}
	return NewReport(packages, symbols), nil
}

// covers reports whether all of a package's variables are in the plan.
func (a *Accountant) covers(path string) bool {
	pkg := a.Plan.Packages[path]
	return pkg != nil && (!pkg.Standard || pkg.Replayed)
}

// Binary accounts for the symbols of the plan's packages in an executable.
// Symbols that bear no package's name are passed over: the linker, the runtime
// and C libraries bring many.
func Binary(ctx context.Context, a *Accountant, cfg objects.Config, file string) (*Report, error) {
	all, err := objects.Binary(ctx, cfg, file)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, &load.ProgramError{Text: file + ": no symbols of writable data: it was linked without its symbol table"}
	}
	prefixes := map[string]string{} // -> path
	for path, pkg := range a.Plan.Packages {
		if a.covers(path) {
			prefixes[objfile.Prefix(path, pkg.Name)] = path
		}
	}
	by := map[string][]objects.Writable{}
	for _, w := range all {
		best := ""
		for prefix := range prefixes {
			if strings.HasPrefix(w.Name, prefix) && len(prefix) > len(best) {
				best = prefix
			}
		}
		if best != "" {
			by[prefixes[best]] = append(by[prefixes[best]], w)
		}
	}
	var packages []string
	var symbols []Symbol
	for path, ws := range by {
		found := a.Account(path, objfile.Prefix(path, a.Plan.Packages[path].Name), ws)
		symbols = append(symbols, found...)
		if found != nil || !a.Plan.Packages[path].Standard {
			packages = append(packages, path)
		}
	}
	return NewReport(packages, symbols), nil
}
