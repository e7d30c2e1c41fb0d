package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/report"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// reportFlags are those that report alone has.
type reportFlags struct {
	json, tests, std bool
	html, fate       string
}

func readReportFlags(line goflags.Line) (f reportFlags, err error) {
	for name, to := range map[string]*bool{"json": &f.json, "tests": &f.tests, "std": &f.std} {
		if v, ok := line.Last(name); ok {
			if *to, err = strconv.ParseBool(v); err != nil {
				return f, usageError{fmt.Sprintf("invalid value %q for flag -%s", v, name)}
			}
		}
	}
	if v, ok := line.Last("html"); ok {
		if f.html = v; v == "" {
			return f, usageError{"flag -html needs the name of a file"}
		}
	}
	if v, ok := line.Last("fate"); ok {
		fates := []string{plan.Virtual.String(), plan.Shared.String(), plan.Refused.String()}
		if f.fate = v; !slices.Contains(fates, v) {
			return f, usageError{fmt.Sprintf("invalid value %q for flag -fate: want %s", v, strings.Join(fates, ", "))}
		}
	}
	return f, nil
}

// report tells about every variable of a program. What is refused is part of the answer, not a failure.
func (t *tool) report(ctx context.Context, args []string) error {
	c, err := parseCommand("report", t.dir, t.env, args)
	if err != nil {
		return err
	}
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	c.untag()
	f := c.report
	var page *target
	if f.html != "" {
		if page, err = newTarget(workspace.AbsFrom(c.dir, f.html)); err != nil {
			return err
		}
	}
	prog := startProgress(os.Stderr, f.json || c.flag("x"))
	defer prog.stop()
	p, err := gen.Analyze(ctx, gen.Request{
		Dir: c.dir, Env: t.env, Flags: c.loading(), Patterns: c.packages(), Tests: f.tests, Slot: c.slot,
		Verdicts: t.verdicts(c), Progress: prog.step, Count: prog.count, Trace: func(args []string) { t.trace(c, args) },
	})
	if err == nil {
		err = p.Prog.BrokenError()
	}
	prog.stop()
	if errors.Is(err, load.ErrProgram) {
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Fprintln(os.Stderr, strings.ReplaceAll(line, c.dir+string(filepath.Separator), ""))
		}
		return statusError(exitFailed)
	}
	if err != nil {
		return err
	}
	if lines := gen.Problems(p, c.dir); lines != nil {
		return t.problems(lines)
	}
	if line := gen.Unfollowed(p, c.dir); line != "" {
		fmt.Fprintln(os.Stderr, line)
	}
	r := report.New(p, report.Options{Standard: f.std, Tests: f.tests})
	if f.fate != "" {
		r.Only(f.fate)
	}
	if page != nil {
		var b bytes.Buffer
		if err := report.WriteHTML(&b, r); err != nil {
			return err
		}
		if err := page.write(b.Bytes()); err != nil {
			return err
		}
	}
	switch {
	case f.json:
		return report.WriteJSON(os.Stdout, r)
	case page == nil:
		return report.WriteText(os.Stdout, r, gen.Speller(p.Prog, c.dir))
	}
	return nil
}

// A target is a file that is written as a whole or not at all.
type target struct {
	path string
	mode fs.FileMode // of the file that is there; 0 if there is none
}

// newTarget looks before the work is done whether there is a place to write to.
func newTarget(path string) (*target, error) {
	if to, err := filepath.EvalSymlinks(path); err == nil {
		path = to
	}
	t := &target{path: path}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case err == nil:
		t.mode = info.Mode()
		return t, nil
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: there is no such directory", filepath.Dir(path))
	}
	return t, nil
}

func (t *target) write(data []byte) error {
	if t.mode != 0 && !t.mode.IsRegular() { // a device, a pipe: renaming would put a file in its place
		return os.WriteFile(t.path, data, 0o666)
	}
	if old, err := os.ReadFile(t.path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	perm := fs.FileMode(0o666)
	if t.mode != 0 {
		perm = t.mode.Perm()
	}
	tmp := fmt.Sprintf("%s.%d.tmp", t.path, os.Getpid())
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, t.path)
	}
	if err != nil {
		os.Remove(tmp)
	}
	return err
}
