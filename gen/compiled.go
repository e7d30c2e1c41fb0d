package gen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects/objfile"
	"github.com/go-vimage/vimage/gen/verdicts"
	"github.com/go-vimage/vimage/gen/workspace"
)

// profile returns the flag for the profile that the go command would take for
// all that a main package is built from. Of a package that is named by itself
// it does not know.
func profile(prog *load.Program) []string {
	if prog.Tests || len(prog.Roots) != 1 || prog.Roots[0].Name != "main" {
		return nil
	}
	file := filepath.Join(prog.Roots[0].Dir, "default.pgo")
	if _, err := os.Stat(file); err != nil {
		return nil
	}
	return []string{"-pgo=" + file}
}

// compiled compiles packages plain, with the user's flags, and reads their
// objects. The packages are named by their IDs; a variant of a package is
// compiled with its tests.
func compiled(
	ctx context.Context, req Request, env *workspace.Environment, prog *load.Program, ids []string,
) (map[string][]*objfile.Symbol, error) {
	req.step("compiling what is laid out")
	ws, err := workspace.Open(ctx, workspace.Config{Dir: req.Dir, Env: req.Env, Flags: req.Flags, Environment: env})
	if err != nil {
		return nil, err
	}
	defer ws.Close()
	args := []string{"list", "-export", "-json=ImportPath,Export"}
	var patterns []string
	for _, id := range ids {
		lp := prog.ByID[id]
		if lp.ForTest != "" && !slices.Contains(args, "-test") {
			args = append(args, "-test")
		}
		switch {
		case id == "command-line-arguments":
			patterns = append(patterns, req.Patterns...)
		case lp.ForTest != "":
			patterns = append(patterns, lp.ForTest)
		default:
			patterns = append(patterns, lp.Path)
		}
	}
	slices.Sort(patterns)
	args = append(args, profile(prog)...)
	cmd := exec.CommandContext(ctx, ws.Go, slices.Concat(args, req.Flags, ws.Flags, []string{"--"}, slices.Compact(patterns))...)
	cmd.Dir, cmd.Env = req.Dir, ws.Env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if req.Trace != nil {
		req.Trace(cmd.Args)
	}
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		return nil, &load.ProgramError{Text: strings.TrimSpace(said.String())}
	} else if err != nil {
		return nil, err
	}
	symbols := map[string][]*objfile.Symbol{}
	for dec := json.NewDecoder(&out); ; {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); err == io.EOF {
			return symbols, nil
		} else if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, p.ImportPath) || p.Export == "" {
			continue
		}
		members, err := objfile.Read(p.Export)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			symbols[p.ImportPath] = append(symbols[p.ImportPath], m.Symbols...)
		}
	}
}

// anyEdited reports whether people edit files of some packages, or of others
// that these are compiled with.
func anyEdited(prog *load.Program, ids []string) bool {
	seen := map[string]bool{}
	var edited func(id string) bool
	edited = func(id string) bool {
		p := prog.ByID[id]
		if p == nil || seen[id] {
			return false
		}
		seen[id] = true
		return verdicts.Edited(p.Listed) || slices.ContainsFunc(p.Imports, edited)
	}
	return slices.ContainsFunc(ids, edited)
}
