package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// goTest runs go test. Its status does not tell a test that failed from one
// that was not built: that is in its output, which is looked through when it
// does not go to a terminal.
func (t *tool) goTest(ctx context.Context, c *command, w *workspace.Workspace, prog *progress) error {
	if c.apart.junit != "" {
		dir, err := os.MkdirTemp("", "vimage-junit-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.apart.parts = dir // its name differs each time, so no result comes from the go command's cache
	}
	ours := c.setString(deferStart + c.apart.option())
	if _, ok := slices.Concat(c.goflags, c.line).Last("vet"); !ok && c.vet != "" {
		ours = append(ours, "-vet="+c.vet)
	}
	if w.Copies != "" {
		with, err := t.execFlag(ctx, c)
		if err != nil {
			return err
		}
		value, err := goflags.Join(slices.Concat([]string{t.self, verbHome, w.Copies, w.Modcache}, with))
		if err != nil {
			return err
		}
		ours = append(ours, "-exec="+value)
	}
	if c.apart.compare {
		var count []string // no results from the go command's cache
		if _, ok := slices.Concat(c.goflags, c.line).Last("count"); !ok {
			count = []string{"-count=1"}
		}
		prog.stop()
		return t.compare(c, t.goCommand(c, w, slices.Concat(ours, []string{"-json"}, count)...), count)
	}
	cmd := t.goCommand(c, w, ours...)
	look := &finder{texts: []string{"[build failed]", "[setup failed]", `"Action":"build-fail"`}}
	if !isTerminal(os.Stdout) {
		cmd.Stdout = io.MultiWriter(os.Stdout, look)
	}
	if len(c.packages()) > 0 { // else the test itself may write to the terminal, as its own
		cmd.Stdout, cmd.Stderr = prog.before(cmd.Stdout), prog.before(os.Stderr)
		prog.build(t.countable(ctx, c, w, cmd, prog), "")
	}
	err := runCommand(cmd, nil)
	prog.stop()
	if c.apart.junit != "" {
		if err := c.apart.writeJUnit(); err != nil {
			return err
		}
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 && !look.found {
		return statusError(exitFailed)
	}
	return t.blame(ctx, c, err)
}

// checkBroken makes sure that the packages which our type checker finds wrong
// are wrong: they are not virtualised, and if the compiler took them they would
// run so. The plain tests of a package may lack a module, which is then built
// alone.
func (t *tool) checkBroken(ctx context.Context, c *command, broken []*load.Package) error {
	for _, p := range broken {
		compiles := func(path string, args ...string) bool {
			_, err := t.plainOutput(ctx, c, args, []string{path})
			return err == nil
		}
		alone := p.ForTest == "" || p.Path != p.ForTest && p.Path != p.ForTest+"_test"
		if p.ForTest != "" && !compiles(p.ForTest, "test", "-c", "-vet=off", "-o", os.DevNull) ||
			alone && !compiles(p.Path, "build", "-o", os.DevNull) {
			continue
		}
		return fmt.Errorf("%s: the compiler takes it, but not vimagegen: %s", p.ImportPath, p.Errors[0].Msg)
	}
	return nil
}

// homeMain is, as -exec of go test, what runs a test of a copied module where
// its author's files are.
func homeMain(args []string) int {
	if len(args) < 3 {
		fmt.Fprintln(os.Stderr, "vimagegen:", verbHome, "is for the go command")
		return exitFault
	}
	dir, err := os.Getwd()
	if err == nil {
		dir = workspace.AuthorDir(args[0], args[1], dir)
		err = os.Chdir(dir)
	}
	status := exitFault
	if err == nil {
		os.Setenv("PWD", dir)
		status, err = execProgram(args[2:], func(int) error { return nil })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vimagegen:", err)
		return exitFault
	}
	return status
}

// A finder is a writer that notes whether one of some texts was written on a
// line.
type finder struct {
	texts []string
	line  []byte
	found bool
}

func (f *finder) Write(p []byte) (int, error) {
	for _, b := range p {
		if b != '\n' {
			if len(f.line) < 4096 {
				f.line = append(f.line, b)
			}
			continue
		}
		for _, text := range f.texts {
			f.found = f.found || bytes.Contains(f.line, []byte(text))
		}
		f.line = f.line[:0]
	}
	return len(p), nil
}
