package hardcases

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-vimage/vimage/internal/archives"
)

func (c *hardCase) build(words []string) {
	c.built(words, c.toolArgs("build"))
}

// modes is build in each of the three rewritten builds.
func (c *hardCase) modes(words []string) {
	c.built(words, []string{c.tool, "build", "-mode=nop"}, []string{c.tool, "build", "-mode=static"}, c.toolArgs("build"))
}

// built compares a plain program with those that some commands build.
func (c *hardCase) built(words []string, builders ...[]string) {
	flags, pkg, args := split(words)
	want := c.command("", append([]string{c.compile([]string{"go", "build"}, flags, pkg)}, args...)...)
	c.checkPlain(want)
	if *plainOnly {
		return
	}
	for _, builder := range builders {
		got := c.command("", append([]string{c.compile(builder, flags, pkg)}, args...)...)
		by := " of " + strings.Join(builder[1:], " ")
		c.same("stdout"+by, got.stdout, want.stdout)
		c.same("stderr"+by, got.stderr, want.stderr)
		c.same("status"+by, strconv.Itoa(got.code), strconv.Itoa(want.code))
	}
}

func (c *hardCase) run(words []string) {
	c.images(words, []string{"-prefix"}, prefixed, byImage)
}

// lines is run without -prefix: images write to the process's own files, in any order.
func (c *hardCase) lines(words []string) {
	c.images(words, nil, func(_ int, out string) string { return out }, func(out string) string {
		return strings.Join(slices.Sorted(strings.Lines(out)), "")
	})
}

// images runs n plain processes and n images. Mark is done to the output of
// each process, order to that of all.
func (c *hardCase) images(words, how []string, mark func(image int, out string) string, order func(out string) string) {
	n, err := strconv.Atoi(words[0])
	if err != nil {
		c.Fatalf("run wants a number: %v", err)
	}
	flags, pkg, args := split(words[1:])
	bin := c.compile([]string{"go", "build"}, flags, pkg)
	plain := make([]result, n)
	scratch := c.TempDir()
	var wg sync.WaitGroup
	for i := range plain { // at the same time, as images are
		wg.Go(func() {
			cmd := []string{bin}
			for _, a := range args {
				cmd = append(cmd, strings.ReplaceAll(a, "{image}", strconv.Itoa(i+1)))
			}
			plain[i] = c.command(scratch, cmd...)
		})
	}
	wg.Wait()
	var want result
	for i, r := range plain {
		if i == 0 || r != plain[0] {
			c.checkPlain(r)
		}
		want.stdout += mark(i+1, r.stdout)
		want.stderr += mark(i+1, r.stderr)
		want.code = max(want.code, r.code)
	}
	if *plainOnly {
		return
	}
	for i, r := range plain {
		if r.code != 0 && n > 1 { // as the launcher says it
			want.stderr += fmt.Sprintf("image %d: exit status %d\n", i+1, r.code)
		}
	}
	if want.code != 0 { // as go run says it
		want.stderr += fmt.Sprintf("exit status %d\n", want.code)
		want.code = 1
	}
	for _, f := range c.ar.Files {
		if f.Name == "notes" {
			want.stderr = string(f.Data) + want.stderr
		}
	}
	got := c.command("", slices.Concat(c.toolArgs("run", "-n="+words[0]), how, flags, []string{pkg}, args)...)
	c.same("stdout", order(got.stdout), order(want.stdout))
	c.same("stderr", order(got.stderr), order(want.stderr))
	c.same("status", strconv.Itoa(got.code), strconv.Itoa(want.code))
}

// prefixed is what -prefix makes of an image's output.
func prefixed(image int, out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		fmt.Fprintf(&b, "%d: %s\n", image, strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// byImage brings the lines of each image together; lines of no image go last.
func byImage(out string) string {
	lines := slices.Collect(strings.Lines(out))
	number := func(line string) int {
		name, _, _ := strings.Cut(line, ": ")
		if n, err := strconv.Atoi(name); err == nil {
			return n
		}
		return 1 << 30
	}
	slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return strings.Join(lines, "")
}

func (c *hardCase) test(words []string) {
	want := c.verdicts([]string{"go", "test"}, words)
	if want == "" {
		c.Fatalf("the plain side has no verdict")
	}
	c.showPlain(result{stdout: want})
	if *plainOnly {
		return
	}
	c.same("verdicts", c.verdicts(c.toolArgs("test"), words), want)
}

func (c *hardCase) refused(words []string) {
	plain := slices.Concat([]string{"go", words[0]}, words[1:])
	plain = slices.DeleteFunc(plain, func(w string) bool { return strings.HasPrefix(w, "-n=") }) // of vimagegen run alone
	if words[0] == "build" {
		plain = slices.Insert(plain, 2, "-o", os.DevNull)
	}
	c.must(plain...)
	if *plainOnly {
		return
	}
	args := words[1:]
	if words[0] == "build" {
		args = append([]string{"-o", os.DevNull}, args...)
	}
	got := c.command("", c.toolArgs(words[0], args...)...)
	c.same("status", strconv.Itoa(got.code), "3")
	c.same("stdout", got.stdout, "")
	if archives.Updating() && got.code == 3 {
		c.rewrite("stderr", []byte(got.stderr))
	}
	c.same("stderr", got.stderr, string(c.section("stderr").Data))
}

func (c *hardCase) same(what, got, want string) {
	c.Helper()
	if got != want {
		c.Errorf("%s differs\nvirtualised:\n%s\nplain:\n%s", what, got, want)
	}
}

// checkPlain refuses a plain program that panics: what comes after proves
// nothing.
func (c *hardCase) checkPlain(r result) {
	c.showPlain(r)
	if r.code == 2 {
		c.Fatalf("the plain program panics:\n%s", r.stderr)
	}
}

// showPlain lets the writer of an archive read what its program does.
func (c *hardCase) showPlain(r result) {
	if *plainOnly {
		c.Logf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}
