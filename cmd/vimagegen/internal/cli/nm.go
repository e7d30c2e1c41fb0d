package cli

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/nm"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// nm accounts for every symbol of writable data in what is built, or in an executable.
func (t *tool) nm(ctx context.Context, args []string) error {
	own := map[string]bool{"mode": false, "binary": false, "slot": false, "json": true, "tests": true}
	line, err := goflags.Parse("build", args, own)
	if err == goflags.ErrHelp {
		return err
	}
	if err != nil {
		return usageError{err.Error()}
	}
	c := &command{verb: "nm", dir: t.dir, mode: rewrite.Vimage, slot: "g"}
	if v, ok := line.Last("C"); ok {
		c.dir = absFrom(t.dir, v)
	}
	if v, ok := line.Last("mode"); ok {
		if c.mode, err = parseMode("mode", v); err != nil {
			return err
		}
	}
	if v, ok := line.Last("slot"); ok {
		c.slot = v
	}
	binary, _ := line.Last("binary")
	if _, ok := line.Last("mode"); ok && binary != "" {
		return usageError{"-binary and -mode cannot be used together: what is in the file tells itself"}
	}
	asJSON, tests := line.Bool("json"), line.Bool("tests")
	for name := range own {
		line = line.Without(name)
	}
	c.line = line.Without("C")
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	patterns := c.packages()
	if binary != "" {
		binary = absFrom(c.dir, binary)
		if patterns, err = mainPackage(binary, patterns); err != nil {
			return inputError{err}
		}
	}
	prog := startProgress(os.Stderr)
	defer prog.stop()
	r, err := t.account(ctx, c, prog, binary, tests, patterns)
	prog.stop()
	var program *load.ProgramError
	if errors.As(err, &program) {
		fmt.Fprintln(os.Stderr, strings.ReplaceAll(program.Text, c.dir+string(filepath.Separator), ""))
		return statusError(exitFailed)
	}
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "\t")
		err = enc.Encode(r)
	} else {
		err = nm.WriteText(os.Stdout, r)
	}
	if err == nil && r.Totals[nm.Unaccounted] > 0 {
		err = statusError(exitFailed)
	}
	return err
}

// mainPackage asks an executable what it was built of.
func mainPackage(file string, patterns []string) ([]string, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, errors.Unwrap(err))
	}
	if len(patterns) > 0 || info.Path == "command-line-arguments" {
		return patterns, nil
	}
	return []string{info.Path}, nil
}

func (t *tool) account(ctx context.Context, c *command, prog *progress, binary string, tests bool, patterns []string) (*nm.Report, error) {
	req := gen.Request{
		Dir: c.dir, Env: t.env, Flags: c.loading(), Patterns: patterns, Tests: tests, Slot: c.slot,
		Build: c.mode, Progress: prog.step, Trace: func(args []string) { t.trace(c, args) },
	}
	a := &nm.Accountant{Build: c.mode, Rel: func(path string) string { return gen.Rel(c.dir, path) }}
	var files map[string][]byte
	var lines []string
	if binary != "" || c.mode == plain {
		p, err := gen.Analyze(ctx, req)
		if err != nil {
			return nil, err
		}
		a.Plan, lines = p, gen.Problems(p, c.dir)
		if binary != "" {
			a.Build = ""
		}
	} else {
		res, err := gen.Generate(ctx, req)
		if err != nil {
			return nil, err
		}
		a.Plan, a.Names, files, lines = res.Plan, res.Names, res.Files, res.Problems
		if len(res.Refused) > 0 && c.mode == rewrite.Vimage {
			for _, r := range res.Refused {
				fmt.Fprintln(os.Stderr, r)
			}
			return nil, statusError(exitRefused)
		}
	}
	if lines != nil {
		return nil, t.problems(lines)
	}
	cfg := objects.Config{Dir: c.dir, Env: t.env, Flags: c.loading(), Trace: req.Trace}
	if binary != "" {
		prog.step("reading " + filepath.Base(binary))
		return nm.Binary(ctx, a, cfg, binary)
	}
	prog.step("compiling")
	w, err := workspace.Open(ctx, workspace.Config{Dir: c.dir, Env: t.env, Flags: c.loading(), Files: files})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return nm.Objects(ctx, a, w, cfg, tests, patterns)
}
