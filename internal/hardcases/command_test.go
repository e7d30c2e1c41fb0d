package hardcases

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what a command printed and how it ended.
type result struct {
	stdout, stderr string
	code           int
}

// command runs one command, in a fresh scratch directory if none is given.
func (c *hardCase) command(scratch string, args ...string) result {
	c.Helper()
	if scratch == "" {
		scratch = c.TempDir()
	}
	ctx, cancel := context.WithTimeout(c.Context(), *patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	bound(cmd)
	cmd.WaitDelay = time.Second
	cmd.Dir = c.dir
	cmd.Env = append(slices.Clone(c.env), "SCRATCH="+scratch)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil || ctx.Err() != nil {
		c.Fatalf("%q: %v (%v)\n%s%s", args, err, ctx.Err(), stdout.Bytes(), stderr.Bytes())
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// must is command for one that may not fail.
func (c *hardCase) must(args ...string) {
	c.Helper()
	if r := c.command("", args...); r.code != 0 {
		c.Fatalf("%q: exit status %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
}

// toolArgs puts the suite's own flags behind the verb.
func (c *hardCase) toolArgs(verb string, args ...string) []string {
	all := []string{c.tool, verb}
	if *slot != "" {
		all = append(all, "-slot="+*slot)
	}
	return append(all, args...)
}

// split parts the words of build and run: go flags, the package (default "."),
// the program's arguments.
func split(words []string) (flags []string, pkg string, args []string) {
	if i := slices.Index(words, "--"); i >= 0 {
		words, args = words[:i], words[i+1:]
	}
	pkg = "."
	for _, w := range words {
		if strings.HasPrefix(w, "-") {
			flags = append(flags, w)
		} else {
			pkg = w
		}
	}
	return flags, pkg, args
}

// compile builds the package with "go build" or the tool and returns the
// binary.
func (c *hardCase) compile(builder, flags []string, pkg string) string {
	c.Helper()
	c.builds++
	bin := filepath.Join(c.TempDir(), "prog"+strconv.Itoa(c.builds))
	c.must(slices.Concat(builder, []string{"-o", bin}, flags, []string{pkg})...)
	return bin
}
