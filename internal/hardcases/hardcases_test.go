package hardcases

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/rogpeppe/go-internal/txtar"
)

var (
	update    = flag.Bool("u", false, "write the archives' stderr sections anew")
	slot      = flag.String("slot", "", "runtime `slot` to build with")
	vimagegen = flag.String("vimagegen", "", "the tool's `binary` (default: built from cmd/vimagegen)")
	patience  = flag.Duration("patience", 5*time.Minute, "how long one command may take")
	plainOnly = flag.Bool("plain", false, "run the plain side only")
)

func TestHardCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in testdata (%v)", err)
	}
	if err := boundMemory(6 << 30); err != nil {
		t.Fatal(err)
	}
	tool := *vimagegen
	if tool == "" && !*plainOnly {
		tool = filepath.Join(t.TempDir(), "vimagegen")
		if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/vimagegen").CombinedOutput(); err != nil {
			t.Fatalf("building the tool: %v\n%s", err, out)
		}
	}
	proxy := []string{
		"GOPROXY=" + goproxytest.NewTestServer(t, "testdata/mod", "").URL, "GONOSUMDB=*",
		"GOMODCACHE=" + filepath.Join(t.TempDir(), "modcache"), "GOFLAGS=-buildvcs=false -modcacherw",
	}
	// Subtests in parallel end before the parent's cleanup takes the tool away.
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := &hardCase{T: t, file: file, ar: ar, tool: tool, proxy: proxy, root: t.TempDir()}
			c.script()
		})
	}
}

// hardCase is one archive being run.
type hardCase struct {
	*testing.T
	file   string
	ar     *txtar.Archive
	tool   string
	proxy  []string          // the environment that knows testdata/mod
	root   string            // where the archive is unpacked
	dir    string            // where commands run
	env    []string          // for every command
	wrote  map[string][]byte // the files as they must still be at the end
	builds int
}

func (c *hardCase) script() {
	c.dir = c.root
	c.wrote = map[string][]byte{}
	// The module must not need what the archive does not hold.
	c.env = append(os.Environ(), "GOPROXY=off", "GOWORK=", "GOFLAGS=-buildvcs=false")
	for _, f := range c.ar.Files {
		if f.Name != "stderr" {
			c.write(f.Name, f.Data)
		}
	}
	ran := false
	for line := range strings.Lines(string(c.ar.Comment)) {
		line = strings.TrimSpace(line)
		words := strings.Fields(line)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		verb, rest := words[0], words[1:]
		switch verb {
		case "build", "run", "test", "cover", "refused":
			ran = true
			c.Logf("> %s", line)
			map[string]func([]string){"build": c.build, "run": c.run, "test": c.test, "cover": c.cover, "refused": c.refused}[verb](rest)
		case "chdir":
			c.dir = filepath.Join(c.root, strings.TrimSpace(strings.TrimPrefix(line, verb)))
		case "env":
			c.env = append(c.env, rest...)
		case "crlf":
			c.write(rest[0], bytes.ReplaceAll(c.wrote[rest[0]], []byte("\n"), []byte("\r\n")))
		case "bom":
			c.write(rest[0], append([]byte("\xef\xbb\xbf"), c.wrote[rest[0]]...))
		case "noeol":
			c.write(rest[0], bytes.TrimSuffix(c.wrote[rest[0]], []byte("\n")))
		case "proxy":
			c.env = append(c.env, c.proxy...)
			if *update {
				c.sum()
			}
		case "need":
			c.need(rest[0])
		default:
			c.Fatalf("%s: unknown command %q", c.file, verb)
		}
	}
	if !ran {
		c.Fatalf("%s: the script runs nothing", c.file)
	}
	c.unchanged()
}

func (c *hardCase) need(what string) {
	_, gcc := exec.LookPath("gcc")
	if what == "amd64" && runtime.GOARCH != "amd64" || what == "cgo" && gcc != nil {
		c.Skipf("needs %s", what)
	}
}

func (c *hardCase) write(name string, data []byte) {
	file := filepath.Join(c.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		c.Fatal(err)
	}
	c.wrote[name] = data
}

// unchanged checks that the user's tree is as it was: nothing changed, nothing added.
func (c *hardCase) unchanged() {
	seen := map[string]bool{}
	err := filepath.WalkDir(c.root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(c.root, path)
		name = filepath.ToSlash(name)
		seen[name] = true
		if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, c.wrote[name]) {
			c.Errorf("%s was added or changed (%v)", name, err)
		}
		return nil
	})
	if err != nil || len(seen) != len(c.wrote) {
		c.Errorf("%d files are left of %d (%v)", len(seen), len(c.wrote), err)
	}
}

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

// split parts the words of build and run: go flags, the package (default "."), the program's arguments.
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

// compile builds the package with "go build" or the tool and returns the binary.
func (c *hardCase) compile(builder, flags []string, pkg string) string {
	c.Helper()
	c.builds++
	bin := filepath.Join(c.TempDir(), "prog"+strconv.Itoa(c.builds))
	c.must(slices.Concat(builder, []string{"-o", bin}, flags, []string{pkg})...)
	return bin
}

func (c *hardCase) build(words []string) {
	flags, pkg, args := split(words)
	want := c.command("", append([]string{c.compile([]string{"go", "build"}, flags, pkg)}, args...)...)
	c.checkPlain(want)
	if *plainOnly {
		return
	}
	got := c.command("", append([]string{c.compile(c.toolArgs("build"), flags, pkg)}, args...)...)
	c.same("stdout", got.stdout, want.stdout)
	c.same("stderr", got.stderr, want.stderr)
	c.same("status", strconv.Itoa(got.code), strconv.Itoa(want.code))
}

func (c *hardCase) run(words []string) {
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
		want.stdout += prefixed(i+1, r.stdout)
		want.stderr += prefixed(i+1, r.stderr)
		want.code = max(want.code, r.code)
	}
	if *plainOnly {
		return
	}
	if want.code != 0 { // as go run says it
		want.stderr += fmt.Sprintf("exit status %d\n", want.code)
		want.code = 1
	}
	got := c.command("", slices.Concat(c.toolArgs("run", "-n="+words[0], "-prefix"), flags, []string{pkg}, args)...)
	c.same("stdout", byImage(got.stdout), want.stdout)
	c.same("stderr", byImage(got.stderr), want.stderr)
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
	if *update && got.code == 3 {
		c.rewrite("stderr", []byte(got.stderr))
	}
	c.same("stderr", got.stderr, string(c.section("stderr").Data))
}

// sum writes the archive's go.sum anew, for modules of testdata/mod that have changed.
func (c *hardCase) sum() {
	file := filepath.Join(c.dir, "go.sum")
	os.Remove(file)
	c.must("go", "mod", "tidy")
	data, err := os.ReadFile(file)
	if err != nil {
		c.Fatal(err)
	}
	c.rewrite("go.sum", data)
	c.wrote["go.sum"] = data
}

func (c *hardCase) section(name string) *txtar.File {
	i := slices.IndexFunc(c.ar.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		c.Fatalf("%s: needs a section %s", c.file, name)
	}
	return &c.ar.Files[i]
}

// rewrite changes a section of the archive.
func (c *hardCase) rewrite(name string, data []byte) {
	c.section(name).Data = data
	if err := os.WriteFile(c.file, txtar.Format(c.ar), 0o666); err != nil {
		c.Fatal(err)
	}
}

func (c *hardCase) same(what, got, want string) {
	c.Helper()
	if got != want {
		c.Errorf("%s differs\nvirtualised:\n%s\nplain:\n%s", what, got, want)
	}
}

// checkPlain refuses a plain program that panics: what comes after proves nothing.
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
