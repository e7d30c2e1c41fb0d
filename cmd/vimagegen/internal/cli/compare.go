package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// A testRun is what go test -json says of the packages of one run.
type testRun map[string]*testedPackage

// A testedPackage is one package's results: pass, fail or skip by test,
// subtests included.
type testedPackage struct {
	tests   map[string]string
	result  string
	seconds float64
}

// readTestRun reads the output of go test -json. Lines that are no events are
// left out.
func readTestRun(out []byte) testRun {
	run := testRun{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e struct {
			Action, Package, Test string
			Elapsed               float64
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Package == "" {
			continue
		}
		p := run[e.Package]
		if p == nil {
			p = &testedPackage{tests: map[string]string{}}
			run[e.Package] = p
		}
		switch {
		case e.Action != "pass" && e.Action != "fail" && e.Action != "skip":
		case e.Test == "":
			p.result, p.seconds = e.Action, e.Elapsed
		default:
			p.tests[e.Test] = e.Action
		}
	}
	return run
}

// compare runs a command, which tests with images, and go test with the same
// flags, and prints their results and times side by side as a table in
// Markdown. It fails if the result of a package or of a test differs.
func (t *tool) compare(c *command, images *exec.Cmd, count []string) error {
	run := func(cmd *exec.Cmd) (testRun, error) {
		var out bytes.Buffer
		cmd.Stdout = &out
		err := runCommand(cmd, nil)
		if _, ok := err.(*exec.ExitError); err != nil && !ok {
			return nil, err
		}
		return readTestRun(out.Bytes()), nil
	}
	plain := exec.Command("go", slices.Concat([]string{"test", "-json"}, count, c.line.Without("json").Strings())...)
	plain.Dir, plain.Env, plain.Stderr = c.dir, t.env, os.Stderr
	t.trace(c, plain.Args)
	a, err := run(plain)
	if err != nil {
		return err
	}
	b, err := run(images)
	if err != nil {
		return err
	}
	table, differ := compared(a, b)
	fmt.Print(table)
	if differ {
		return statusError(exitFailed)
	}
	return nil
}

// compared returns the table of two runs, followed by the results that differ.
func compared(plain, images testRun) (table string, differ bool) {
	var b, rest strings.Builder
	b.WriteString("| package | tests | go test | an image for each test | speed |\n|---|---:|---:|---:|---:|\n")
	for _, path := range slices.Sorted(maps.Keys(merged(plain, images))) {
		p, i := plain.of(path), images.of(path)
		if len(p.tests)+len(i.tests) == 0 && p.result == i.result {
			continue // no test files
		}
		speed := ""
		if i.seconds > 0 {
			speed = fmt.Sprintf("%.2f", p.seconds/i.seconds)
		}
		fmt.Fprintf(&b, "| %s | %d | %s %.2f s | %s %.2f s | %s |\n", path, len(i.tests),
			cmp.Or(p.result, "none"), p.seconds, cmp.Or(i.result, "none"), i.seconds, speed)
		for _, test := range slices.Sorted(maps.Keys(merged(p.tests, i.tests))) {
			if x, y := cmp.Or(p.tests[test], "none"), cmp.Or(i.tests[test], "none"); x != y {
				fmt.Fprintf(&rest, "%s.%s: %s under go test, %s in an image of its own\n", path, test, x, y)
			}
		}
		differ = differ || p.result != i.result
	}
	if rest.Len() > 0 {
		differ = true
		b.WriteString("\n" + rest.String())
	}
	return b.String(), differ
}

func (r testRun) of(path string) *testedPackage {
	if p := r[path]; p != nil {
		return p
	}
	return &testedPackage{}
}

// merged has the keys of both maps.
func merged[V any](a, b map[string]V) map[string]V {
	both := maps.Clone(a)
	if both == nil {
		both = map[string]V{}
	}
	maps.Copy(both, b)
	return both
}
