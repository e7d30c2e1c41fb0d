package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A SuiteRun is one run of a module's tests.
type SuiteRun struct {
	Took    time.Duration     // from the command to its end
	Results map[string]string // "package Test/sub": pass, fail or skip
	Depends []string          // what is reported of tests that depend on others
}

// SuiteCommand returns a command as RunSuite runs it.
func SuiteCommand(dir string, command []string) *exec.Cmd {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	return cmd
}

// RunSuite runs the tests of a module's packages by a command with -json, as go
// test has it. That tests fail is no error.
func RunSuite(dir string, command []string) (*SuiteRun, error) {
	cmd := SuiteCommand(dir, command)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	failed := cmd.Run()
	r := &SuiteRun{Took: time.Since(start), Results: map[string]string{}}
	for dec := json.NewDecoder(&stdout); ; {
		var event struct{ Action, Package, Test, Output string }
		if dec.Decode(&event) != nil {
			break
		}
		switch event.Action {
		case "pass", "fail", "skip":
			if event.Test != "" {
				r.Results[event.Package+" "+event.Test] = event.Action
			}
		case "output":
			if strings.Contains(event.Output, " depends on ") {
				r.Depends = append(r.Depends, strings.TrimSpace(event.Output))
			}
		}
	}
	if len(r.Results) == 0 {
		return nil, fmt.Errorf("%s: no results: %w\n%s", strings.Join(command, " "), failed, stderr.Bytes())
	}
	return r, nil
}

// Differences returns the tests whose results in two runs differ, sorted, each
// with both results.
func (r *SuiteRun) Differences(other *SuiteRun) []string {
	var out []string
	add := func(name, a, b string) {
		if a == "" {
			a = "none"
		}
		if b == "" {
			b = "none"
		}
		if a != b {
			out = append(out, fmt.Sprintf("%s: %s, %s", name, a, b))
		}
	}
	for name, a := range r.Results {
		add(name, a, other.Results[name])
	}
	for name, b := range other.Results {
		if r.Results[name] == "" {
			add(name, "", b)
		}
	}
	slices.Sort(out)
	return out
}
