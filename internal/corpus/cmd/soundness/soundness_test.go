package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrongVerdict lets a tool that calls a written variable shared answer, and
// one that does not.
func TestWrongVerdict(t *testing.T) {
	command := filepath.Join(t.TempDir(), "soundness")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for fate, want := range map[string]struct {
		code int
		last string
	}{
		"virtual": {0, "soundness: 0 of 1 shared variables written; precision: 100.0 % (shared 1 of 1 never written)"},
		"shared":  {1, "soundness: 1 of 2 shared variables written; precision: 100.0 % (shared 1 of 1 never written)"},
		"good":    {1, "soundness: 0 of 0 shared variables written; precision: 100.0 % (shared 0 of 0 never written)"},
	} {
		// timeNow is assigned by the package's tests, and Nil never.
		const pkg = `"package": "github.com/google/uuid", "reason": "so it is said"`
		tool := filepath.Join(t.TempDir(), "vimagegen")
		script := "#!/bin/sh\ncat <<'END'\n" + `{"version": 1, "variables": [
			{` + pkg + `, "name": "Nil", "fate": "shared"}, {` + pkg + `, "name": "timeNow", "fate": "` + fate + `"}]}` + "\nEND\n"
		if err := os.WriteFile(tool, []byte(script), 0o777); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		cmd := exec.Command(command, "-run=google/uuid", "-vimagegen="+tool)
		cmd.Dir, cmd.Stdout, cmd.Stderr = "../..", &stdout, &stderr
		cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != want.code || !strings.HasSuffix(stdout.String(), want.last+"\n") {
			t.Errorf("%s: exit status %d\n%s%s", fate, got, stdout.String(), stderr.String())
		}
		violated := "github.com/google/uuid.timeNow is called shared, yet it is written\n\treason given: so it is said\n\tstored at 0 of the variable itself\n"
		if got := strings.Contains(stdout.String(), violated); got != (fate == "shared") {
			t.Errorf("%s: got\n%s", fate, stdout.String())
		}
		if fate == "good" && !strings.Contains(stderr.String(), `has the unknown fate "good"`) {
			t.Errorf("got\n%s", stderr.String())
		}
	}
}
