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
	"github.com/go-vimage/vimage/gen/listings"
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

// report tells about every variable of a program. What is refused is part of
// the answer, not a failure.
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
	made, err := t.reported(ctx, c)
	if err != nil {
		return err
	}
	os.Stderr.WriteString(made.Line)
	if page != nil {
		if err := page.write(made.Page); err != nil {
			return err
		}
	}
	_, err = os.Stdout.Write(made.Text)
	return err
}

// A reported is what report prints and writes. The cache keeps it, as it keeps
// what build makes.
type reported struct {
	Line string // for standard error
	Text []byte // for standard output
	Page []byte // for the file of -html
}

// reported returns the report of an unchanged program from the cache, and makes
// that of another.
func (t *tool) reported(ctx context.Context, c *command) (*reported, error) {
	f := c.report
	prog := startProgress(os.Stderr, f.json || c.flag("x"))
	defer prog.stop()
	req := gen.Request{
		Dir: c.dir, Env: t.env, Flags: c.loading(), Patterns: c.packages(), Tests: f.tests, Slot: c.slot,
		Verdicts: t.verdicts(c), Progress: prog.step, Count: prog.count, Trace: func(args []string) { t.trace(c, args) },
	}
	out := new(reported)
	memory := t.newRecall(c)
	if memory != nil {
		req.Listings = listings.New(listingStore{memory})
		req.Known = func(id *gen.Identity) bool {
			memory.key = memory.keyOf(id.ID)
			return memory.get(memory.key, out)
		}
	}
	p, err := gen.Analyze(ctx, req)
	prog.stop()
	if errors.Is(err, gen.ErrKnown) {
		t.note(c, unchanged)
		return out, nil
	}
	if err == nil {
		err = p.Prog.BrokenError()
	}
	if errors.Is(err, load.ErrProgram) {
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Fprintln(os.Stderr, strings.ReplaceAll(line, c.dir+string(filepath.Separator), ""))
		}
		return nil, statusError(exitFailed)
	}
	if err != nil {
		return nil, err
	}
	if lines := gen.Problems(p, c.dir); lines != nil {
		return nil, t.problems(lines)
	}
	if out, err = spelled(p, c); err == nil && memory != nil {
		req.Trace = nil
		if memory.still(ctx, req) {
			memory.put(memory.key, out)
		}
	}
	return out, err
}

// spelled makes the report of a plan.
func spelled(p *plan.Plan, c *command) (*reported, error) {
	f := c.report
	out := new(reported)
	if line := gen.Unfollowed(p, c.dir); line != "" {
		out.Line = line + "\n"
	}
	r := report.New(p, report.Options{Standard: f.std, Tests: f.tests})
	if f.fate != "" {
		r.Only(f.fate)
	}
	var text, page bytes.Buffer
	var err error
	if f.html != "" {
		err = report.WriteHTML(&page, r)
	}
	switch {
	case err != nil:
		return nil, err
	case f.json:
		err = report.WriteJSON(&text, r)
	case f.html == "":
		err = report.WriteText(&text, r, gen.Speller(p.Prog, c.dir))
	}
	out.Text, out.Page = text.Bytes(), page.Bytes()
	return out, err
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
