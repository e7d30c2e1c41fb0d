package cli

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/nm"
	"github.com/go-vimage/vimage/gen/objects"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
)

// nm accounts for every symbol of writable data in what is built, or in an
// executable.
func (t *tool) nm(ctx context.Context, args []string) error {
	own := map[string]bool{"mode": false, "binary": false, "slot": false, "json": true, "tests": true}
	c, line, err := ownLine("nm", t.dir, args, own)
	if err != nil {
		return err
	}
	c.mode, c.slot = rewrite.Vimage, "g"
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
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	patterns := c.packages()
	if binary != "" {
		binary = workspace.AbsFrom(c.dir, binary)
		if patterns, err = mainPackage(binary, patterns); err != nil {
			return inputError{err}
		}
	}
	prog := startProgress(os.Stderr, line.Bool("json") || c.flag("x"))
	defer prog.stop()
	r, err := t.account(ctx, c, prog, binary, line.Bool("tests"), patterns)
	prog.stop()
	if err != nil {
		return failed(c, err)
	}
	return answer(r, line.Bool("json"), r.Totals[nm.Unaccounted] == 0, func(w io.Writer) error { return nm.WriteText(w, r) })
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
		Build: c.mode, Verdicts: t.verdicts(c),
		Progress: prog.step, Count: prog.count, Trace: func(args []string) { t.trace(c, args) },
	}
	a := &nm.Accountant{Build: c.mode}
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
		c.embeds = res.Embeds
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
	a.Rel = gen.Speller(a.Plan.Prog, c.dir)
	cfg := objects.Config{Dir: c.dir, Env: t.env, Flags: c.loading(), Trace: req.Trace}
	if binary != "" {
		prog.step("reading " + filepath.Base(binary))
		return nm.Binary(ctx, a, cfg, binary)
	}
	prog.step("compiling")
	w, err := workspace.Open(ctx, workspace.Config{Dir: c.dir, Env: t.env, Flags: c.loading(), Files: files, Embedexec: t.embedexec(c)})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return nm.Objects(ctx, a, w, cfg, tests, patterns)
}
