package identity

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// A side is one of the two builds.
type side struct {
	label string // plain, nop, ... or the revision
	mode  rewrite.Build
	dir   string // where the go command runs
	work  *workspace.Workspace
	names []rewrite.Name
	flags []string // the user's
	clean func()
	trace func(args []string)
}

// Plain is the build in which nothing is rewritten.
const Plain rewrite.Build = "plain"

// open prepares a build of the source as it is in a folder.
func open(ctx context.Context, cfg Config, mode rewrite.Build, dir string) (*side, error) {
	s := &side{label: string(mode), mode: mode, dir: dir, trace: cfg.Trace, clean: func() {}}
	env := append(slices.Clip(cfg.Env), "PWD="+dir)
	var files map[string][]byte
	var embedexec []string
	if mode != Plain {
		res, err := gen.Generate(ctx, gen.Request{
			Dir: dir, Env: env, Flags: cfg.Flags, Patterns: cfg.Patterns, Tests: cfg.Tests, Build: mode,
			Verdicts: cfg.Verdicts, Progress: cfg.Progress, Trace: cfg.Trace,
		})
		switch {
		case err != nil:
			return nil, err
		case len(res.Problems) > 0:
			return nil, &load.ProgramError{Text: strings.Join(res.Problems, "\n")}
		case len(res.Refused) > 0 && mode == rewrite.Vimage:
			return nil, &load.ProgramError{Text: fmt.Sprint(res.Refused[0])}
		}
		files, s.names = res.Files, res.Names
		if res.Embeds {
			embedexec = cfg.Embedexec
		}
	}
	// Folders must not tell, and every package is to be compiled for its own
	// sake.
	s.flags = append([]string{"-trimpath"}, cfg.Flags...)
	var err error
	s.work, err = workspace.Open(ctx, workspace.Config{Dir: dir, Env: env, Flags: s.flags, Files: files, Embedexec: embedexec})
	if err != nil {
		return nil, err
	}
	s.clean = func() { s.work.Close() }
	return s, nil
}

// A listed package is what go list says of it.
type listed struct {
	ImportPath, Name, Dir, Export, ForTest string
	Standard, DepOnly                      bool
	Module                                 *struct{ Path string }
	GoFiles, CgoFiles                      []string
}

// path is the import path without the variant.
func (l *listed) path() string {
	path, _, _ := strings.Cut(l.ImportPath, " ")
	return path
}

// compile builds the packages and says where their objects are, without those
// of the standard library.
func (s *side) compile(ctx context.Context, cfg Config) ([]*listed, error) {
	args := []string{"list", "-export", "-json=ImportPath,Name,Dir,Export,ForTest,Standard,DepOnly,Module,GoFiles,CgoFiles"}
	if cfg.Deps {
		args = append(args, "-deps")
	}
	if cfg.Tests {
		args = append(args, "-test")
	}
	list, err := objects.List[listed](ctx, s.goCommand(), slices.Concat(args, s.flags, s.work.Flags, []string{"--"}, cfg.Patterns))
	if err != nil {
		return nil, err
	}
	var all []*listed
	for _, p := range list {
		generated := p.Name == "main" && strings.HasSuffix(p.ImportPath, ".test") // the go command's main of tests
		if p.Export != "" && !p.Standard && !generated {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *listed) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return all, nil
}

func (s *side) goCommand() objects.Config {
	return objects.Config{Go: s.work.Go, Dir: s.dir, Env: s.work.Env, Trace: s.trace}
}

// openRevision prepares a build of a git revision, in a work tree of its own.
func openRevision(ctx context.Context, cfg Config) (_ *side, err error) {
	git := func(args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return "", &load.ProgramError{Text: fmt.Sprintf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))}
		}
		return strings.TrimSuffix(string(out), "\n"), nil
	}
	rev, err := git("rev-parse", "--verify", "--end-of-options", cfg.Base+"^{commit}")
	if err != nil {
		return nil, &load.ProgramError{Text: cfg.Base + " is no revision of a git repository here"}
	}
	prefix, err := git("rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "vimage-base-")
	if err != nil {
		return nil, err
	}
	tree := filepath.Join(tmp, "tree")
	clean := func() {
		// Also when the context is done: git keeps a note of the tree.
		cmd := exec.Command("git", "worktree", "remove", "--force", tree)
		cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
		_ = cmd.Run()
		os.RemoveAll(tmp)
	}
	defer func() {
		if err != nil {
			clean()
		}
	}()
	if _, err := git("worktree", "add", "--detach", "--force", tree, rev); err != nil {
		return nil, err
	}
	s, err := open(ctx, cfg, Plain, filepath.Join(tree, filepath.FromSlash(prefix)))
	if err != nil {
		return nil, err
	}
	s.label = cfg.Base
	s.clean = func() { s.work.Close(); clean() }
	return s, nil
}

// gcflags are the user's flags for the compiler that are for a package's, with
// others behind them.
func (s *side) gcflags(pkg string, more string) []string {
	flags := []string{"-gcflags=" + pkg + "=" + more}
	for _, v := range goflags.Words(s.flags).All("gcflags") {
		if pattern, rest, ok := strings.Cut(v, "="); ok && !strings.HasPrefix(pattern, "-") && !strings.ContainsAny(pattern, " \t") {
			v = rest
		}
		flags = append(flags, "-gcflags="+pkg+"="+strings.TrimSpace(v+" "+more))
	}
	return flags
}
