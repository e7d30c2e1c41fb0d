package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/go-vimage/vimage/gen/generate"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// committed writes, removes or compares the files of committed builds.
func (t *tool) committed(ctx context.Context, args []string) error {
	flags := map[string]bool{
		"check": true, "adopt": true, "n": true, "clean": true, "f": true, "config": false, "modules": false,
	}
	c, line, err := ownLine("generate", t.dir, args, flags)
	if err != nil {
		return err
	}
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	check, clean, dry := line.Bool("check"), line.Bool("clean"), line.Bool("n")
	req := generate.Request{
		Dir: c.dir, Env: t.env, Flags: c.loading(), Patterns: c.packages(),
		Adopt: line.Bool("adopt"), Force: line.Bool("f"), Check: check || dry,
		Trace: func(args []string) { t.trace(c, args) },
	}
	req.Configs, _ = line.Last("config")
	if v, ok := line.Last("modules"); ok && v != "" {
		req.Modules = strings.Split(v, ",")
	}
	if memory := t.newRecall(c); memory != nil {
		req.Known, req.Keep = memory.knownNotes, memory.keepNotes
	}
	switch {
	case clean && req.Configs != "":
		return usageError{"-clean looks at no configuration: it does not go with -config"}
	case clean && (check || req.Adopt):
		return usageError{"-clean takes everything back: it does not go with -adopt and -check"}
	case check && (req.Adopt || dry):
		return usageError{"-check writes nothing: it does not go with -adopt and -n"}
	case tagged(c):
		return usageError{"the tag " + generate.Tag + " chooses what is generated: leave it out"}
	}
	prog := startProgress(os.Stderr, c.flag("x"))
	defer prog.stop()
	req.Progress, req.Count = prog.step, prog.count
	stop, err := t.pages(ctx, c, req, dry, clean)
	if err != nil {
		return t.generateError(c, err)
	}
	if stop != nil {
		return stop
	}
	compute := generate.Run
	if clean {
		compute = generate.Clean
	}
	res, err := compute(ctx, req)
	prog.stop()
	if err != nil {
		return t.generateError(c, err)
	}
	for _, text := range slices.Concat(res.Problems, res.Refused) {
		fmt.Fprintln(os.Stderr, text)
	}
	switch {
	case res.Problems != nil:
		return statusError(exitUsage)
	case res.Refused != nil:
		return statusError(exitRefused)
	}
	for _, text := range res.Notes {
		fmt.Fprintln(os.Stderr, text)
	}
	if check || dry {
		for _, p := range res.Packages {
			for _, change := range p.Changes {
				printDiff(c.dir, change)
			}
		}
	}
	for _, text := range slices.Concat(res.Findings, res.Mentions) {
		fmt.Fprintln(os.Stderr, text)
	}
	switch {
	case res.Findings != nil, check && (len(res.Packages) > 0 || res.Mentions != nil):
		return statusError(exitFailed)
	case check || dry:
		return nil
	}
	err = generate.Write(res, nil)
	if err == nil && res.Mentions != nil {
		return statusError(exitFailed)
	}
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return inputError{fmt.Errorf("%s: cannot be written: %w", relSlash(c.dir, at.Path), at.Err)}
	}
	return err
}

// pages writes the publishers and readers of shared pages, or prints what would
// change. Stop is an exit that leaves no sense to go on.
func (t *tool) pages(ctx context.Context, c *command, req generate.Request, dry, clean bool) (stop, err error) {
	res, err := generate.Pages(ctx, req, clean)
	if err != nil {
		return nil, err
	}
	for _, text := range res.Problems {
		fmt.Fprintln(os.Stderr, text)
	}
	switch {
	case res.Problems != nil:
		return statusError(exitUsage), nil
	case len(res.Packages) == 0:
		return nil, nil
	case !req.Check:
		return nil, generate.Write(res, nil)
	}
	for _, p := range res.Packages {
		for _, change := range p.Changes {
			printDiff(c.dir, change)
		}
	}
	// The rest may not compile without these files, so it is not looked at.
	if dry {
		return statusError(exitOK), nil
	}
	return statusError(exitFailed), nil
}

// tags are the build tags that GOFLAGS and the flags set.
func (c *command) tags() []string {
	tags, _ := slices.Concat(c.goflags, c.line).Last("tags")
	return strings.FieldsFunc(tags, func(r rune) bool { return r == ',' || r == ' ' })
}

// tagged reports whether the build flags set the tag of the vimage build.
func tagged(c *command) bool { return slices.Contains(c.tags(), generate.Tag) }

// untag takes the tag of the vimage build from the build flags, so that an
// adopted package is rewritten from its author's files, once.
func (c *command) untag() {
	if !tagged(c) {
		return
	}
	left := slices.DeleteFunc(c.tags(), func(tag string) bool { return tag == generate.Tag })
	value := strings.Join(left, ",")
	word := goflags.Word{Kind: goflags.Flag, Raw: []string{"-tags=" + value}, Name: "tags", Value: value}
	c.line = slices.Insert(c.line.Without("tags"), 0, word)
}

// generateError gives an error of the user's input its exit.
func (t *tool) generateError(c *command, err error) error {
	var program *load.ProgramError
	var input generate.InputError
	switch {
	case errors.As(err, &program):
		fmt.Fprintln(os.Stderr, strings.ReplaceAll(program.Text, c.dir+string(filepath.Separator), ""))
		return statusError(exitUsage)
	case errors.As(err, &input):
		return inputError{input}
	}
	return err
}

// printDiff prints what becomes of a file.
func printDiff(dir string, c generate.Change) {
	path := relSlash(dir, c.Path)
	from, to := "a/"+path, "b/"+path
	if c.Old == nil {
		from = "/dev/null"
	}
	if c.New == nil {
		to = "/dev/null"
	}
	os.Stdout.Write(diff.Diff(from, c.Old, to, c.New))
}

func relSlash(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}
