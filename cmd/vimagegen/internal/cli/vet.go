package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/analyzers"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/changes"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/fixes"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/vettool"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// A gateCommand is a command line of vet, read.
type gateCommand struct {
	*command
	analyzers []string // words for the vettool
	off       map[string]bool
	sarif     string // files, absolute, or ""
	baseline  string
	newFrom   string
	write     bool // the baseline
	json, fix bool
}

// vet runs the analyzers, and says what they find beyond what is known.
func (t *tool) vet(ctx context.Context, args []string) error {
	c, err := parseVet(t.dir, t.env, args)
	if err != nil {
		return err
	}
	// The baseline is ours to apply here, and none of what the go command keeps
	// its results by.
	t.env = append(slices.Clip(t.env), "PWD="+c.dir, vettool.Baseline+"=")
	if _, err := vettool.Settings(c.dir, t.env); err != nil {
		return inputError{err}
	}
	known, err := c.known()
	if err != nil {
		return err
	}
	if _, err := c.news(ctx, nil, nil); err != nil { // before the work
		return err
	}
	findings, err := t.look(ctx, c)
	if err != nil {
		return err
	}
	stale, err := t.stale(ctx, c, known, findings)
	if err != nil {
		return err
	}
	if c.write {
		return c.writeBaseline(known, stale, findings)
	}
	report := &gateReport{dir: c.dir}
	for _, k := range stale {
		report.stale = append(report.stale, staleEntry{Key: k, file: gate.Short(c.dir, c.baseline), line: known[k]})
	}
	if report.findings, err = c.news(ctx, known, findings); err != nil {
		return err
	}
	if c.fix {
		if report.findings, err = t.fix(ctx, c, known, report.findings); err != nil {
			return err
		}
	}
	if c.sarif != "" {
		text, err := report.sarif(t.released())
		if err != nil {
			return err
		}
		if err := writeFiles(map[string][]byte{c.sarif: text}); err != nil {
			return inputError{err}
		}
	}
	if err := report.print(c.json); err != nil {
		return err
	}
	if len(report.findings) > 0 {
		return statusError(exitFailed)
	}
	return nil
}

// look has the go command run the analyzers.
func (t *tool) look(ctx context.Context, c *gateCommand) ([]gate.Finding, error) {
	prog := startProgress(os.Stderr, c.json || c.flag("x"))
	prog.step("running go vet")
	defer prog.stop()
	findings, err := gate.Vet(ctx, gate.Config{
		Dir: c.dir, Env: t.env, Tool: t.self, Flags: slices.Concat(c.line.Only(goflags.Flag).Strings(), c.analyzers),
		Packages: c.packages(), Stderr: os.Stderr, Trace: func(args []string) { t.trace(c.command, args) },
	})
	failure := (*gate.Failure)(nil)
	switch {
	case !errors.As(err, &failure):
		return findings, err
	case failure.Compile:
		fmt.Fprintln(os.Stderr, failure.Text)
		return nil, statusError(exitFailed)
	}
	fmt.Fprintln(os.Stderr, strings.ReplaceAll(failure.Text, "\n\t", " "))
	return nil, statusError(exitUsage)
}

// news returns the findings that the baseline does not know, and that stand
// where something changed.
func (c *gateCommand) news(ctx context.Context, known baseline.File, findings []gate.Finding) ([]gate.Finding, error) {
	var lines *changes.Lines
	if c.newFrom != "" {
		var err error
		if lines, err = changes.Since(ctx, c.dir, c.newFrom); err != nil {
			return nil, inputError{fmt.Errorf("-new-from %s: %w", c.newFrom, err)}
		}
	}
	return slices.DeleteFunc(findings, func(f gate.Finding) bool {
		return known[f.Key()] > 0 || lines != nil && !lines.Touch(f.Start.File, f.Start.Line, max(f.Start.Line, f.End.Line))
	}), nil
}

// fix applies fixes. What is left is looked for anew: names and lines are
// others now.
func (t *tool) fix(ctx context.Context, c *gateCommand, known baseline.File, findings []gate.Finding) ([]gate.Finding, error) {
	files, left, err := fixes.Apply(findings)
	if err != nil || len(files) == 0 {
		return left, err
	}
	if err := writeFiles(files); err != nil {
		return nil, inputError{err}
	}
	if findings, err = t.look(ctx, c); err != nil {
		return nil, err
	}
	return c.news(ctx, known, findings)
}

// known reads the baseline. One that is to be written need not be there.
func (c *gateCommand) known() (baseline.File, error) {
	if c.baseline == "" {
		return nil, nil
	}
	known, err := baseline.Read(c.baseline)
	switch {
	case errors.Is(err, os.ErrNotExist) && c.write:
		return baseline.File{}, nil
	case errors.Is(err, os.ErrNotExist):
		return nil, inputError{fmt.Errorf("-baseline %s: no such file; -write-baseline makes it", gate.Short(c.dir, c.baseline))}
	case err != nil:
		return nil, inputError{errors.New(strings.ReplaceAll(err.Error(), c.baseline, gate.Short(c.dir, c.baseline)))}
	}
	return known, nil
}

func (c *gateCommand) writeBaseline(known baseline.File, stale []baseline.Key, findings []gate.Finding) error {
	var keys []baseline.Key
	for _, f := range findings {
		keys = append(keys, f.Key())
	}
	for k := range known { // what this run did not look at stays
		if !slices.Contains(stale, k) {
			keys = append(keys, k)
		}
	}
	if err := writeFiles(map[string][]byte{c.baseline: baseline.Format(keys)}); err != nil {
		return inputError{err}
	}
	return nil
}

func parseVet(dir string, env, args []string) (*gateCommand, error) {
	own := map[string]bool{"sarif": false, "baseline": false, "new-from": false, "write-baseline": true, "json": true, "fix": true}
	all := map[string]bool{}
	for name, boolean := range own {
		all[name] = boolean
	}
	var names []string
	for _, a := range analyzers.All() {
		names = append(names, a.Name)
		all[a.Name] = true
		a.Flags.VisitAll(func(f *flag.Flag) {
			b, ok := f.Value.(interface{ IsBoolFlag() bool })
			all[a.Name+"."+f.Name] = ok && b.IsBoolFlag()
		})
	}
	line, err := goflags.Parse("build", args, all)
	if err == goflags.ErrHelp {
		return nil, err
	}
	if err != nil {
		return nil, usageError{err.Error()}
	}
	c := &gateCommand{command: &command{verb: "vet", dir: dir}, off: map[string]bool{}}
	only := false
	for i, w := range line {
		if w.Kind != goflags.Flag {
			continue
		}
		on := false
		if all[w.Name] {
			if on, err = strconv.ParseBool(w.Value); err != nil {
				return nil, usageError{fmt.Sprintf("invalid value %q for flag -%s", w.Value, w.Name)}
			}
		}
		switch analyzer := slices.Contains(names, w.Name); {
		case w.Name == "C" && i > 0:
			return nil, usageError{"-C flag must be first flag on command line"}
		case w.Name == "C":
			c.dir = workspace.AbsFrom(dir, w.Value)
		case w.Name == "o":
			return nil, usageError{"flag provided but not defined: -o"}
		case analyzer:
			c.off[w.Name] = !on
			only = only || on
			fallthrough
		case strings.Contains(w.Name, "."):
			c.analyzers = append(c.analyzers, w.Raw...)
		}
	}
	for _, name := range names {
		if off, said := c.off[name]; only && (!said || off) {
			c.off[name] = true
		}
	}
	if info, err := os.Stat(c.dir); err != nil || !info.IsDir() {
		return nil, usageError{fmt.Sprintf("-C %s: no such directory", c.dir)}
	}
	file := func(name string) string {
		if v, ok := line.Last(name); ok && v != "" {
			return workspace.AbsFrom(c.dir, v)
		}
		return ""
	}
	c.sarif, c.baseline = file("sarif"), file("baseline")
	if c.baseline == "" {
		c.baseline = vettool.Value(env, vettool.Baseline)
	}
	c.newFrom, _ = line.Last("new-from")
	c.write, c.json, c.fix = line.Bool("write-baseline"), line.Bool("json"), line.Bool("fix")
	for name := range all {
		line = line.Without(name)
	}
	c.line = line.Without("C")
	switch {
	case c.baseline != "" && !filepath.IsAbs(c.baseline):
		return nil, usageError{vettool.Baseline + ": want an absolute path"}
	case c.write && c.baseline == "":
		return nil, usageError{"-write-baseline needs -baseline FILE"}
	case c.write && (c.fix || c.json || c.newFrom != "" || c.sarif != ""):
		return nil, usageError{"-write-baseline goes with none of -fix, -json, -new-from and -sarif"}
	}
	return c, nil
}
