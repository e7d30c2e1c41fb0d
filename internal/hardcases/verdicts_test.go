package hardcases

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// verdicts runs tests with -json and returns who passed, failed or was skipped,
// sorted, a line each.
func (c *hardCase) verdicts(tester, words []string) string {
	c.Helper()
	r := c.command("", slices.Concat(tester, []string{"-json"}, words)...)
	var all []string
	var output strings.Builder
	for line := range strings.Lines(r.stdout) {
		var e struct{ Action, Package, ImportPath, Test, Output string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			c.Fatalf("%q: not JSON: %v\n%s%s", tester, err, r.stdout, r.stderr)
		}
		switch e.Action {
		case "pass", "fail", "skip", "bench", "build-fail":
			all = append(all, fmt.Sprintf("%s %s %s\n", e.Package+e.ImportPath, e.Test, e.Action))
		case "output", "build-output":
			output.WriteString(e.Output)
		}
	}
	slices.Sort(all)
	c.Logf("%s test: exit status %d\n%s%s", filepath.Base(tester[0]), r.code, r.stderr, output.String())
	return strings.Join(all, "") + fmt.Sprintf("exit status %d\n", r.code)
}

func (c *hardCase) cover(words []string) {
	want := c.blocks([]string{"go", "test"}, words)
	c.showPlain(result{stdout: want})
	if *plainOnly {
		return
	}
	c.same("coverage", c.blocks(c.toolArgs("test"), words), want)
}

// blocks returns the coverage profile's blocks by line, with whether each was
// reached.
func (c *hardCase) blocks(tester, words []string) string {
	c.Helper()
	profile := filepath.Join(c.TempDir(), fmt.Sprintf("cover%d", c.builds))
	c.builds++
	c.must(slices.Concat(tester, []string{"-coverprofile=" + profile}, words)...)
	data, err := os.ReadFile(profile)
	if err != nil {
		c.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		// file:l.c,l.c statements count; the hook is a statement more, and
		// moves columns on its line.
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		from, to, _ := strings.Cut(f[0], ",")
		from, to = from[:strings.LastIndex(from, ".")], to[:strings.LastIndex(to, ".")]
		all = append(all, fmt.Sprintf("%s-%s reached=%t\n", from, to, f[2] != "0"))
	}
	slices.Sort(all)
	return strings.Join(all, "")
}
