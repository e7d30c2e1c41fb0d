package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// A command is a command line of build, run, test or report, read.
type command struct {
	verb    string
	dir     string       // where the go command runs
	goflags goflags.Line // of GOFLAGS
	line    goflags.Line // for the go command: without -C and our own flags
	slot    string
	modules []string      // see help aliases
	loads   bool          // slots call modules that are loaded: see help aliases
	mode    rewrite.Build // plain, or a build that is rewritten
	named   []string      // the user's packages, once the line has more; else nil
	stats   string        // file to write the plan's counts to, absolute, or ""
	vet     string        // for -vet of go test, if the user does not say
	embeds  bool          // some package embeds Go files
	launch  launchFlags   // of run; debug of build too
	starts  bool          // of build: the programs start images by themselves
	check   bool          // of test: whether images are isolated,
	diff    bool          // and whether the second one has changed,
	strict  bool          // also by variables that are shared by the user's word
	apart   apartFlags    // of test: each test in an image of its own
	report  reportFlags
}

// ownFlags are the flags that the go command does not have; true stands for
// boolean ones.
func ownFlags(verb string) map[string]bool {
	if verb == "report" {
		return map[string]bool{"json": true, "html": false, "tests": true, "std": true, "fate": false}
	}
	own := map[string]bool{"slot": false, "stats": false}
	if verb == "build" {
		own["mode"], own["launch"], own["debug"], own["modules"], own["loadable"] = false, true, true, false, true
	}
	if verb == "run" {
		maps.Copy(own, launchOwn())
		own["modules"], own["loadable"] = false, true
	}
	if verb == "test" {
		own["modules"], own["loadable"] = false, true
		own["check-isolation"], own["diff"] = true, true
		maps.Copy(own, apartOwn())
	}
	return own
}

// parseCommand reads a command line of build, run, test or report, and for run
// the environment.
func parseCommand(verb, dir string, env, args []string) (*command, error) {
	own := ownFlags(verb)
	line, err := goflags.Parse(verb, args, own)
	if err == goflags.ErrHelp {
		return nil, err
	}
	if err != nil {
		return nil, usageError{err.Error()}
	}
	c := &command{verb: verb, dir: dir, slot: "g", mode: rewrite.Vimage}
	if v, ok := line.Last("slot"); ok {
		if c.slot = v; v != "g" && v != "label" {
			return nil, usageError{fmt.Sprintf("invalid value %q for flag -slot: want g or label", v)}
		}
	}
	if v, ok := line.Last("mode"); ok {
		if c.mode, err = parseMode("mode", v); err != nil {
			return nil, err
		}
	}
	if v, ok := line.Last("modules"); ok && v != "" {
		if c.modules = strings.Split(v, ","); c.mode == plain {
			return nil, usageError{"-modules is for the builds nop, static and vimage: with -mode plain slots are their stubs"}
		}
	}
	if c.loads, err = parseBool(line, "loadable"); err != nil {
		return nil, err
	}
	if c.loads && c.mode == plain {
		return nil, usageError{"-loadable is for the builds nop, static and vimage: with -mode plain slots are their stubs"}
	}
	if verb == "build" {
		if c.starts, err = parseBool(line, "launch"); err != nil {
			return nil, err
		}
		if c.launch.debug, err = parseBool(line, "debug"); err != nil {
			return nil, err
		}
		if err := checkLaunch(c, line); err != nil {
			return nil, err
		}
	}
	if verb == "test" {
		if v, _ := line.Last("check-isolation"); v == "strict" {
			c.check, c.strict = true, true
		} else if c.check, err = parseBool(line, "check-isolation"); err != nil {
			return nil, err
		}
		if c.diff, err = parseBool(line, "diff"); err != nil {
			return nil, err
		}
		if c.diff && !c.check {
			return nil, usageError{"-diff is for -check-isolation"}
		}
		if c.apart, err = readApart(line, c); err != nil {
			return nil, err
		}
	}
	if verb == "report" {
		if c.report, err = readReportFlags(line); err != nil {
			return nil, err
		}
	}
	whole := line
	stats, _ := line.Last("stats")
	for name := range own {
		line = line.Without(name)
	}
	for i, w := range line {
		if w.Kind != goflags.Flag || w.Name != "C" {
			continue
		}
		if i > 0 {
			return nil, usageError{"-C flag must be first flag on command line"}
		}
		c.dir = workspace.AbsFrom(dir, w.Value)
	}
	if stats != "" {
		c.stats = workspace.AbsFrom(c.dir, stats)
	}
	if c.apart.junit != "" {
		c.apart.junit = workspace.AbsFrom(c.dir, c.apart.junit)
	}
	c.line = line.Without("C")
	if verb == "run" {
		if c.launch, err = readLaunchFlags(whole, env, c.dir); err != nil {
			return nil, err
		}
		return c, c.checkRun()
	}
	return c, nil
}

// checkLaunch refuses what build -launch cannot be combined with.
func checkLaunch(c *command, line goflags.Line) error {
	if !c.starts {
		if c.launch.debug {
			return usageError{"-debug is for -launch; other programs call runtime/vimage/debug's Register"}
		}
		return nil
	}
	if c.mode != rewrite.Vimage {
		return usageError{fmt.Sprintf("-launch is for programs with images, not for -mode=%s", c.mode)}
	}
	switch v, _ := line.Last("buildmode"); v {
	case "", "default", "exe", "pie":
		return nil
	default:
		return usageError{fmt.Sprintf("-launch is for programs, not for -buildmode=%s", v)}
	}
}

// quiet reports whether progress would be in the way of what is printed.
func (c *command) quiet() bool {
	return c.flag("json") || c.flag("x") || c.flag("n") || c.verb == "run" && c.flag("v")
}

// several reports whether a main function may run in several images at once.
func (c *command) several() bool {
	return c.mode == rewrite.Vimage && (c.starts || c.verb == "run" && c.launch.n > 1)
}

// parseBool reads a flag of our own.
func parseBool(line goflags.Line, name string) (bool, error) {
	v, ok := line.Last(name)
	if !ok {
		return false, nil
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		return false, usageError{fmt.Sprintf("invalid value %q for flag -%s", v, name)}
	}
	return b, nil
}

// plain is the build in which nothing is rewritten.
const plain rewrite.Build = "plain"

func parseMode(flag, v string) (rewrite.Build, error) {
	switch m := rewrite.Build(v); m {
	case plain, rewrite.Nop, rewrite.Static, rewrite.Vimage:
		return m, nil
	}
	return "", usageError{fmt.Sprintf("invalid value %q for flag -%s: want plain, nop, static or vimage", v, flag)}
}

// checkRun reports what go run would, and the one thing that we do not do.
func (c *command) checkRun() error {
	packages := c.packages()
	if len(packages) == 0 {
		return usageError{"run: no package or Go files given"}
	}
	if p := packages[0]; strings.HasPrefix(p, "-") {
		return usageError{"run: no package or Go files given before " + p}
	} else if strings.Contains(p, "@") && !strings.HasSuffix(p, ".go") && !isLocal(p) {
		return usageError{fmt.Sprintf("run: %s: a package at a version is built outside of any module, where its"+
			" dependencies cannot be replaced; require it in a module and name it without the version", p)}
	}
	return nil
}

func isLocal(path string) bool {
	return path == "." || path == ".." || strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") || filepath.IsAbs(path)
}

// packages are the packages or Go files that the user named.
func (c *command) packages() []string {
	if c.named != nil {
		return c.named
	}
	return c.line.Only(goflags.Package).Strings()
}

// name adds generated files to the Go files that stand for a package. The go
// command wants all of them spelled with the same directory.
func (c *command) name(files []string) {
	c.named = c.packages()
	last := -1
	for i, w := range c.line {
		if w.Kind == goflags.Package {
			last = i
		}
	}
	for _, file := range files {
		dir, _ := filepath.Split(c.line[last].Raw[0])
		c.line = slices.Insert(c.line, last+1, goflags.Word{Kind: goflags.Package, Raw: []string{dir + file}})
	}
}

// loading are the flags that decide what the program is made of, for go list.
func (c *command) loading() []string {
	return c.line.Only(goflags.Flag).Build().Without("C", "a", "json", "n", "o", "v", "work", "x").Strings()
}

// flag reports whether a boolean flag is set, by GOFLAGS or here.
func (c *command) flag(name string) bool {
	return slices.Concat(c.goflags, c.line).Bool(name)
}

// covers reports whether test binaries count what their tests cover.
func (c *command) covers() bool {
	flags := slices.Concat(c.goflags, c.line)
	for _, name := range []string{"covermode", "coverpkg", "coverprofile"} {
		if _, ok := flags.Last(name); ok {
			return true
		}
	}
	return flags.Bool("cover")
}

// setString returns -ldflags flags that are the user's, of GOFLAGS and of the
// command line, with a linker's -X option added. The go command takes for each
// package the last flag that is for it; a flag without a pattern is for the
// packages of the command line. So the option stands in each flag, and in one
// before them all.
func (c *command) setString(option string) []string {
	flags := []string{"-ldflags=" + option}
	for _, v := range slices.Concat(c.goflags, c.line).All("ldflags") {
		flags = append(flags, "-ldflags="+strings.TrimSpace(v+" "+option))
	}
	return flags
}
