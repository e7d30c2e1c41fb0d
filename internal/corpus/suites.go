package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A SuiteRun is one run of a module's tests.
type SuiteRun struct {
	Took     time.Duration // from the command to its end
	Verdicts Verdicts
	Depends  []string // what is reported of tests that depend on others
}

// SuiteCommand returns a command as RunSuite runs it.
func SuiteCommand(command []string) *exec.Cmd {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	return cmd
}

// RunSuite runs the tests of a module's packages by a command with -json, as go
// test has it. That tests fail is no error.
func RunSuite(command []string) (*SuiteRun, error) {
	cmd := SuiteCommand(command)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	failed := cmd.Run()
	r := &SuiteRun{Took: time.Since(start)}
	var err error
	if r.Verdicts, err = parseVerdicts(stdout.Bytes()); err != nil || len(r.Verdicts) == 0 {
		return nil, fmt.Errorf("%s: no results: %v, %v\n%s", strings.Join(command, " "), failed, err, stderr.Bytes())
	}
	for line := range bytes.Lines(stdout.Bytes()) {
		var e struct{ Output string }
		if json.Unmarshal(line, &e) == nil && strings.Contains(e.Output, " depends on ") {
			r.Depends = append(r.Depends, strings.TrimSpace(e.Output))
		}
	}
	return r, nil
}

// Differences compares the verdicts of two runs.
func (r *SuiteRun) Differences(other *SuiteRun) []Difference {
	return compare(r.Verdicts, other.Verdicts)
}

// Dependence returns what is reported of a test that depends on others, "" if
// nothing is.
func (r *SuiteRun) Dependence(test string) string {
	for _, line := range r.Depends {
		if strings.HasPrefix(line, test+" ") {
			return line
		}
	}
	return ""
}
