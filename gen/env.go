package gen

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// readEnv reads what the request's go command sees. What is wrong with it is the
// user's.
func readEnv(ctx context.Context, req Request) (*workspace.Environment, error) {
	env, err := workspace.Read(ctx, req.Dir, req.Env, req.Flags)
	if err != nil {
		return nil, &load.ProgramError{Text: err.Error()}
	}
	return env, nil
}

// inModule reports what the go command says of patterns that have no module to be in. It is asked without an
// overlay: with one, go list never ends on a pattern in the file system's root.
func inModule(ctx context.Context, req Request, env *workspace.Environment) error {
	if env.GOMOD != "" && env.GOMOD != os.DevNull || env.GOWORK != "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "--"}, req.Patterns...)...)
	cmd.Dir, cmd.Env = req.Dir, req.Env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return &load.ProgramError{Text: strings.TrimSpace(stderr.String())}
	}
	return nil
}

// languageVersion turns a toolchain's version into a language version: go1.26.8 -> go1.26.
func languageVersion(v string) string {
	major, rest, ok := strings.Cut(v, ".")
	if !ok || !strings.HasPrefix(major, "go") {
		return ""
	}
	n := 0
	for n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
		n++
	}
	return major + "." + rest[:n]
}

// loadFlags picks the flags that decide what a build consists of. -overlay is the workspace's affair.
func loadFlags(user goflags.Line) []string {
	var out []string
	for _, w := range user {
		switch w.Name {
		case "tags", "mod", "modfile", "race", "msan", "asan", "compiler", "modcacherw", "installsuffix":
			out = append(out, "-"+w.Name+"="+w.Value)
		}
	}
	return out
}

// contents reads the files of the overlay that the go command will see: the
// user's, with the base laid over it.
func contents(overlay workspace.Overlay, base map[string][]byte) (out map[string][]byte, err error) {
	out = map[string][]byte{}
	for path, from := range overlay {
		if from == "" {
			continue
		}
		if out[path], err = os.ReadFile(from); err != nil {
			return nil, fmt.Errorf("reading overlay: %w", err)
		}
	}
	for path, text := range base {
		if text != nil {
			out[path] = text
		}
	}
	return out, nil
}

// linkerSet reads the variables that -ldflags=-X sets.
func linkerSet(user goflags.Line, prog *load.Program) map[plan.Key]bool {
	set := map[plan.Key]bool{}
	for _, value := range user.All("ldflags") {
		if pattern, flags, ok := strings.Cut(value, "="); ok && !strings.HasPrefix(pattern, "-") && !strings.ContainsAny(pattern, " \t") {
			value = flags
		}
		words, err := goflags.Split(value)
		if err != nil {
			continue // the go command reports it
		}
		for i, w := range words {
			name, ok := strings.CutPrefix(strings.TrimLeft(w, "-"), "X=")
			if (w == "-X" || w == "--X") && i+1 < len(words) {
				name, ok = words[i+1], true
			}
			if !ok || !strings.HasPrefix(w, "-") {
				continue
			}
			name, _, _ = strings.Cut(name, "=")
			dot := strings.LastIndex(name, ".")
			if dot < 0 {
				continue
			}
			k := plan.Key{Pkg: name[:dot], Name: name[dot+1:]}
			set[k] = true
			if k.Pkg == "main" {
				for _, root := range prog.Roots {
					if root.Name == "main" {
						set[plan.Key{Pkg: root.Path, Name: k.Name}] = true
					}
				}
			}
		}
	}
	return set
}
