package generate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/workspace"
)

// identity returns the fingerprint of all that decides a run's result: the
// request, the go command's environment, and the files of the main modules and
// of their local replacements. The standard library is taken to be that of the
// toolchain's version, and modules of the module cache to be those of go.sum,
// as the go command takes them.
func (g *generator) identity(ctx context.Context) (string, error) {
	env := new(goEnvironment)
	if err := workspace.ReadGoEnv(ctx, g.req.Dir, g.req.Env, env); err != nil {
		return "", err
	}
	h := fingerprint.New()
	r := g.req
	h.Words("request", r.Dir, r.Configs, fmt.Sprint(r.Adopt, r.Force))
	h.Words("flags", r.Flags...)
	h.Words("patterns", r.Patterns...)
	h.Words("environment", gen.Variables(r.Env)...)
	h.Words("go", env.GOROOT, env.GOVERSION, env.GOFLAGS, env.GOMOD, env.GOWORK)
	if err := h.Files([]string{env.GOENV, env.GOWORK}); err != nil {
		return "", err
	}
	roots, err := env.roots()
	if err != nil {
		return "", err
	}
	for _, root := range roots {
		if err := h.Tree(root); err != nil {
			return "", err
		}
	}
	return h.String(), nil
}

// A goEnvironment says which toolchain and which main modules a run is about.
type goEnvironment struct{ GOROOT, GOVERSION, GOFLAGS, GOENV, GOMOD, GOWORK string }

// roots lists the folders of the main modules, and of the folders that they, or
// the workspace, name in replace directives.
func (env *goEnvironment) roots() ([]string, error) {
	var roots []string
	seen := map[string]bool{}
	add := func(dir string) {
		if dir = filepath.Clean(dir); !seen[dir] {
			seen[dir] = true
			roots = append(roots, dir)
		}
	}
	replaced := func(base string, rs []*modfile.Replace) {
		for _, r := range rs {
			if r.New.Version == "" {
				add(under(base, r.New.Path))
			}
		}
	}
	var mains []string
	if env.GOWORK != "" && env.GOWORK != "off" {
		data, err := os.ReadFile(env.GOWORK)
		if err != nil {
			return nil, err
		}
		work, err := modfile.ParseWork(env.GOWORK, data, nil)
		if err != nil {
			return nil, err
		}
		base := filepath.Dir(env.GOWORK)
		add(filepath.Join(base, "vendor"))
		for _, use := range work.Use {
			mains = append(mains, under(base, use.Path))
		}
		replaced(base, work.Replace)
	} else if env.GOMOD != "" && env.GOMOD != os.DevNull {
		mains = []string{filepath.Dir(env.GOMOD)}
	}
	for _, dir := range mains {
		add(dir)
		file := filepath.Join(dir, "go.mod")
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		mod, err := modfile.Parse(file, data, nil)
		if err != nil {
			return nil, err
		}
		replaced(dir, mod.Replace)
	}
	slices.Sort(roots)
	return roots, nil
}

// under returns the path that a directive means in a file in a folder.
func under(base, path string) string {
	if path = filepath.FromSlash(path); filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}
