package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// An event is one line of go test -json: see go doc test2json.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds
	ImportPath                    string  // of a package that was built
	FailedBuild                   string
}

// A tally reads the events of one go test command and counts.
type tally struct {
	out      io.Writer
	total    int  // packages
	terminal bool // out rewrites its last line
	running  map[string]bool
	ended    int
	passed   int                 // tests
	failed   int                 // tests, and packages that failed outside of tests
	failing  map[string]bool     // packages with a failed test
	skips    []string            // "package.Test: reason"
	output   map[string][]string // by package and test, of those that have not ended
}

func (t *tally) read(r io.Reader) error {
	for d := json.NewDecoder(r); ; {
		var e event
		switch err := d.Decode(&e); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading go test -json: %w", err)
		}
		t.take(e)
	}
}

func (t *tally) take(e event) {
	if t.output == nil {
		t.output, t.failing = map[string][]string{}, map[string]bool{}
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "start":
		t.running[e.Package] = true
		t.progress()
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "build-output":
		t.print(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.packageEnds(e, key)
		} else {
			t.testEnds(e, key)
		}
		delete(t.output, key)
	}
}

func (t *tally) testEnds(e event, key string) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skips = append(t.skips, e.Package+"."+e.Test+": "+reason(t.output[key]))
	case "fail":
		t.failed++
		t.failing[e.Package] = true
		t.print(strings.Join(t.output[key], ""))
	}
}

func (t *tally) packageEnds(e event, key string) {
	delete(t.running, e.Package)
	t.ended++
	switch e.Action {
	case "skip": // no test files
		t.progress()
		return
	case "fail":
		if !t.failing[e.Package] { // its build failed, or TestMain, or it ended early
			t.failed++
		}
		t.print(strings.Join(t.output[key], ""))
	}
	verdict := map[string]string{"pass": "ok", "fail": "FAIL"}[e.Action]
	t.print(fmt.Sprintf("%-5s %s\t%.1fs\t(%d of %d)\n", verdict, e.Package, e.Elapsed, t.ended, t.total))
	t.progress()
}

// reason returns what a skipped test said: its last line that is not go
// test's own, without the place in the source.
func reason(output []string) string {
	for _, line := range slices.Backward(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") {
			continue
		}
		if place, rest, ok := strings.Cut(line, ": "); ok && strings.Contains(place, ".go:") {
			line = rest
		}
		return line
	}
	return "no reason given"
}

func (t *tally) print(text string) {
	if t.terminal {
		fmt.Fprint(t.out, "\r\x1b[K")
	}
	fmt.Fprint(t.out, text)
}

// progress shows on a terminal which packages' tests run.
func (t *tally) progress() {
	if t.terminal {
		fmt.Fprintf(t.out, "\r\x1b[K%d of %d packages; running %s", t.ended, t.total, strings.Join(slices.Sorted(maps.Keys(t.running)), " "))
	}
}

// summary prints what was skipped and why, and the counts.
func (t *tally) summary() {
	t.print("")
	for _, s := range t.skips {
		fmt.Fprintln(t.out, "skipped:", s)
	}
	fmt.Fprintf(t.out, "%d passed, %d failed, %d skipped\n", t.passed, t.failed, len(t.skips))
}
