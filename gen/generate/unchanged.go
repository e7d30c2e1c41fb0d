package generate

import (
	"context"
	"fmt"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// identity returns the fingerprint of all that decides a run's result: the
// request, the go command's environment, and the files of the main modules and
// of their local replacements. The standard library is taken to be that of the
// toolchain's version, and modules of the module cache to be those of go.sum,
// as the go command takes them. There is none for a run with -modfile or
// -overlay, which is always computed.
func (g *generator) identity(ctx context.Context) (string, error) {
	env := new(goEnvironment)
	if err := workspace.ReadGoEnv(ctx, g.req.Dir, g.req.Env, env); err != nil {
		return "", err
	}
	r := g.req
	user := append(goflags.Env(env.GOFLAGS), goflags.Words(r.Flags)...)
	for _, flag := range []string{"modfile", "overlay"} {
		if file, ok := user.Last(flag); ok && file != "" {
			return "", fmt.Errorf("the files that -%s names are not looked at", flag)
		}
	}
	h := fingerprint.New()
	h.Words("request", r.Dir, r.Configs, fmt.Sprint(r.Adopt, r.Force))
	h.Words("flags", r.Flags...)
	h.Words("patterns", r.Patterns...)
	h.Words("modules", r.Modules...)
	h.Words("environment", gen.Variables(r.Env)...)
	h.Words("go", env.GOROOT, env.GOVERSION, env.GOFLAGS, env.GOMOD, env.GOWORK)
	if err := h.Files([]string{env.GOENV, env.GOWORK}); err != nil {
		return "", err
	}
	for _, root := range workspace.Roots(env.GOMOD, env.GOWORK) {
		if err := h.Tree(root); err != nil {
			return "", err
		}
	}
	return h.String(), nil
}

// A goEnvironment says which toolchain and which main modules a run is about.
type goEnvironment struct{ GOROOT, GOVERSION, GOFLAGS, GOENV, GOMOD, GOWORK string }
