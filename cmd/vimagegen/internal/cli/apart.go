package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// apartFlags are the flags of test that are about an image for each test.
type apartFlags struct {
	on      bool     // -isolate=test
	words   []string // for package testing of the test binary
	reasons string   // a file with why variables are virtual, "" if there is none
	junit   string   // a file for the results, absolute, or ""
	parts   string   // a folder for those of each test binary
	compare bool     // with go test
}

// An apartFlag is one of these flags that package testing gets as a word.
type apartFlag struct {
	name    string
	boolean bool
	reports bool                 // it is for a single test, too
	check   func(v string) error // of one that has a value
}

func apartList() []apartFlag {
	return []apartFlag{
		{name: "test-timeout", check: aboveZero},
		{name: "testmain", check: func(v string) error {
			if v != "once" && v != "image" {
				return fmt.Errorf("want image or once")
			}
			return nil
		}},
		{name: "allow-dependent", boolean: true},
		{name: "detect-pollution", boolean: true, reports: true},
		{name: "leaks", boolean: true, reports: true},
		{name: "summary", boolean: true, reports: true},
		{name: "slow", check: aboveZero, reports: true},
		{name: "retries", reports: true, check: func(v string) error {
			if n, err := strconv.Atoi(v); err != nil || n < 0 {
				return fmt.Errorf("want a number")
			}
			return nil
		}},
		{name: "partition", reports: true, check: func(v string) error {
			k, n, _ := strings.Cut(v, "/")
			part, err := strconv.ParseUint(k, 10, 31)
			parts, err2 := strconv.ParseUint(n, 10, 31)
			if err != nil || err2 != nil || part < 1 || part > parts {
				return fmt.Errorf("want K/N, as 1/4")
			}
			return nil
		}},
	}
}

func aboveZero(v string) error {
	if d, err := time.ParseDuration(v); err != nil || d <= 0 {
		return fmt.Errorf("want a duration above 0, as 30s")
	}
	return nil
}

// apartOwn are their names, as for ownFlags.
func apartOwn() map[string]bool {
	own := map[string]bool{"isolate": false, "junit": false, "group": false, "compare": true}
	for _, f := range apartList() {
		own[f.name] = f.boolean
	}
	return own
}

// readApart reads them.
func readApart(line goflags.Line, c *command) (apartFlags, error) {
	var a apartFlags
	switch v, ok := line.Last("isolate"); {
	case v == "test":
		a.on = true
		a.words = append(a.words, "isolate=test")
	case ok && v != "package":
		return a, usageError{fmt.Sprintf("invalid value %q for flag -isolate: want package or test", v)}
	}
	if a.on && c.slot != "g" {
		return a, usageError{"-isolate=test is for -slot g"}
	}
	if a.on && c.check {
		return a, usageError{"-check-isolation compares two images of a package's tests: it is not for -isolate=test"}
	}
	reports := false
	for _, f := range apartList() {
		v, ok := line.Last(f.name)
		if !ok {
			continue
		}
		word := f.name + "=" + v
		if f.boolean {
			b, err := parseBool(line, f.name)
			if err != nil {
				return a, err
			}
			if !b {
				continue
			}
			word = f.name
		} else if err := f.check(v); err != nil {
			return a, usageError{fmt.Sprintf("invalid value %q for flag -%s: %v", v, f.name, err)}
		}
		if !a.on {
			return a, usageError{"-" + f.name + " is for -isolate=test"}
		}
		a.words = append(a.words, word)
		reports = reports || f.reports
	}
	for _, v := range line.All("group") {
		word, err := groupWord(v)
		if err != nil {
			return a, usageError{fmt.Sprintf("invalid value %q for flag -group: %v", v, err)}
		}
		if !a.on {
			return a, usageError{"-group is for -isolate=test"}
		}
		a.words = append(a.words, word)
	}
	if v, _ := line.Last("junit"); v != "" {
		if !a.on {
			return a, usageError{"-junit is for -isolate=test"}
		}
		a.junit, reports = v, true
	}
	var err error
	if a.compare, err = parseBool(line, "compare"); err != nil {
		return a, err
	}
	if a.compare && !a.on {
		return a, usageError{"-compare is for -isolate=test"}
	}
	if reports {
		a.words = append(a.words, "reports")
	}
	return a, nil
}

// groupWord returns the word for a group NAME=N REGEXP. The name is for
// readers.
func groupWord(v string) (string, error) {
	head, pattern, ok := strings.Cut(v, " ")
	name, n, eq := strings.Cut(head, "=")
	most, err := strconv.Atoi(n)
	if !ok || !eq || name == "" || err != nil || most < 1 {
		return "", errors.New("want NAME=N REGEXP, as 'db=1 ^TestDB'")
	}
	if _, err := regexp.Compile(pattern); err != nil {
		return "", err
	}
	return fmt.Sprintf("group=%d:%x", most, pattern), nil
}

// option returns the linker's options that give them to package testing, with a
// space in front.
func (a apartFlags) option() string {
	if !a.on {
		return ""
	}
	option := " -X=testing.vnetAsked=" + strings.Join(a.words, ",")
	for _, file := range [][2]string{{"vnetReasonFile", a.reasons}, {"vnetJUnit", a.parts}} {
		if file[1] == "" {
			continue
		}
		if quoted, err := goflags.Join([]string{"-X=testing." + file[0] + "=" + file[1]}); err == nil {
			option += " " + quoted
		}
	}
	return option
}

// learn takes what is known of a program.
func (a *apartFlags) learn(m *made, env []string) {
	if m.Watch {
		a.words = append(a.words, "watch")
	}
	root, err := workspace.Root("", env)
	if err != nil || m.Reasons == "" {
		return
	}
	key := fingerprint.New()
	key.Words("reasons", m.Reasons)
	a.reasons = workspace.KeptFile(root, key.String())
	if workspace.Kept(root, key.String()) == nil && workspace.Keep(root, key.String(), []byte(m.Reasons)) != nil {
		a.reasons = "" // dependences are reported without
	}
}

// reasons lists why the program's own variables are virtual, for the report of
// tests that depend on others: a line each, pkg.name, a tab, and the reason.
func reasons(p *plan.Plan) string {
	var lines []string
	for _, pkg := range p.Order {
		if pkg.Standard {
			continue
		}
		for _, v := range pkg.Vars {
			if v.Fate == plan.Virtual {
				lines = append(lines, v.Pkg+"."+v.Name+"\t"+strings.ReplaceAll(v.Reason, "\n", " ")+"\n")
			}
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a, b) })
	return strings.Join(slices.Compact(lines), "")
}

// writeJUnit joins the results of the test binaries in one file.
func (a apartFlags) writeJUnit() error {
	files, err := filepath.Glob(filepath.Join(a.parts, "*.xml"))
	if err != nil {
		return err
	}
	slices.Sort(files)
	text := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	for _, file := range files {
		part, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text += string(part)
	}
	return os.WriteFile(a.junit, []byte(text+"</testsuites>\n"), 0o666)
}
