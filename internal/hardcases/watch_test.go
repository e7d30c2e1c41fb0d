package hardcases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-vimage/vimage/internal/writecheck"
)

// watcher runs programs plain and sees which variables change.
type watcher struct {
	builder *writecheck.Builder
	mu      sync.Mutex
	all     []*writecheck.Checked
}

func newWatcher(t *testing.T) *watcher {
	if *writes == "" {
		return nil
	}
	b, err := writecheck.NewBuilder(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{builder: b}
	t.Cleanup(func() {
		slices.SortFunc(w.all, func(a, b *writecheck.Checked) int { return strings.Compare(a.Program, b.Program) })
		data, err := json.Marshal(w.all)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(*writes, data, 0o666); err != nil {
			t.Fatal(err)
		}
	})
	return w
}

// watch runs what a line of a script names: a program as often as it says, and
// once where it does not say.
func (c *hardCase) watch(verb string, words []string) {
	if slices.Contains(c.env, "GOARCH=386") {
		c.Skip("only 64-bit programs can be watched")
	}
	if verb == "refused" {
		verb, words = words[0], words[1:]
	}
	n := 1
	if verb == "run" || verb == "lines" {
		n, _ = strconv.Atoi(words[0])
		words = words[1:]
	}
	if verb == "build" || verb == "modes" || verb == "run" || verb == "lines" {
		flags, pkg, args := split(words)
		flags = slices.DeleteFunc(flags, func(f string) bool { return f == "-race" })
		c.watchOne(writecheck.Target{Flags: flags, Package: pkg}, c.dir, args, n)
		return
	}
	var args []string
	if i := slices.Index(words, "-args"); i >= 0 {
		words, args = words[:i], words[i+1:]
	}
	patterns := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.HasPrefix(w, "-") })
	list := c.command("", append([]string{"go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}\t{{or .TestGoFiles .XTestGoFiles}}"}, patterns...)...)
	for line := range strings.Lines(list.stdout) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 3 && f[2] != "[]" {
			c.watchOne(writecheck.Target{Package: f[0], Test: true}, f[1], args, 1)
		}
	}
}

func (c *hardCase) watchOne(target writecheck.Target, dir string, args []string, n int) {
	c.Helper()
	key := fmt.Sprint(target, args, n > 1)
	if c.watched[key] {
		return // plain, the same verbs do the same
	}
	c.watched[key] = true
	ctx, cancel := context.WithTimeout(c.Context(), *patience)
	defer cancel()
	command := append(c.toolArgs("report", "-json"), target.Flags...)
	if target.Test {
		command = append(command, "-tests")
	}
	report := c.command("", append(command, target.Package)...)
	if report.code != 0 {
		if target.Test && c.command("", "go", "test", "-c", "-vet=off", "-o", os.DevNull, target.Package).code != 0 {
			c.Logf("%s is not meant to compile", target.Package)
			return
		}
		c.Fatalf("%q: exit status %d\n%s", command, report.code, report.stderr)
	}
	verdicts, err := writecheck.ReadVerdicts(strings.NewReader(report.stdout))
	if err != nil {
		c.Fatal(err)
	}
	list := c.command("", slices.Concat([]string{"go", "list", "-f", "{{.ImportPath}}"}, target.Flags, []string{target.Package})...)
	target.Main = strings.TrimSpace(list.stdout)
	target.Dir, target.Env = c.dir, append(slices.Clone(c.env), "SCRATCH="+c.TempDir())
	program, err := c.watcher.builder.Build(ctx, target)
	if err != nil {
		c.Fatal(err)
	}
	defer os.Remove(program.File)
	all := make([]*writecheck.Seen, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n { // at the same time, as images are
		wg.Go(func() {
			var own []string
			for _, a := range args {
				own = append(own, strings.ReplaceAll(a, "{image}", strconv.Itoa(i+1)))
			}
			all[i], errs[i] = program.Run(ctx, writecheck.Names(verdicts), dir, target.Env, own...)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		c.Fatal(err)
	}
	seen := all[0]
	for _, other := range all[1:] {
		seen.Add(other)
	}
	name := strings.TrimSuffix(filepath.Base(c.file), ".txtar")
	if target.Main != name {
		name += " " + target.Main
	}
	checked := writecheck.Check(name, verdicts, seen)
	var b strings.Builder
	writecheck.Violations(&b, name, checked.Outcomes, 3)
	if b.Len() > 0 {
		c.Error(b.String())
	}
	c.Logf("%d variables, %d shared, %d written, ended: %s\n%s", checked.Tally.Variables, checked.Tally.Shared, checked.Tally.Written, checked.Ended, seen.Output)
	c.watcher.mu.Lock()
	defer c.watcher.mu.Unlock()
	c.watcher.all = append(c.watcher.all, checked)
}
