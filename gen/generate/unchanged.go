package generate

import (
	"context"
	"fmt"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/workspace"
)

// identity returns the fingerprint of all that decides a run's result: the
// request, the go command's environment, and the files of the main modules and
// of their local replacements. The standard library is taken to be that of the
// toolchain's version, and modules of the module cache to be those of go.sum,
// as the go command takes them. There is none for a run with -modfile or
// -overlay, which is always computed.
func (g *generator) identity(ctx context.Context) (string, error) {
	r := g.req
	env, err := workspace.Read(ctx, r.Dir, r.Env, r.Flags)
	if err != nil {
		return "", err
	}
	for _, flag := range []string{"modfile", "overlay"} {
		if file, ok := env.User.Last(flag); ok && file != "" {
			return "", fmt.Errorf("the files that -%s names are not looked at", flag)
		}
	}
	h := gen.BeginIdentity(env, r.Dir, r.Env, r.Flags, r.Patterns)
	h.Words("request", r.Configs, fmt.Sprint(r.Adopt, r.Force))
	h.Words("modules", r.Modules...)
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
