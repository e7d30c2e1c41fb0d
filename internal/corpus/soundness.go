package corpus

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/go-vimage/vimage/internal/writecheck"
)

// Checked is a program whose writes were watched: the test binary of one package.
type Checked struct {
	Program  string               `json:"program"`
	Outcomes []writecheck.Outcome `json:"outcomes"`
	Tally    writecheck.Tally     `json:"tally"`
	Ended    string               `json:"ended"` // how the tests ended
	Objects  int                  `json:"objects"`
	Seen     *writecheck.Seen     `json:"-"`
}

// CheckWrites runs the tests of one package plain, watches the package-level variables of all packages in its test
// binary that are not of the standard library, and lays what they did beside the tool's verdicts of that same program.
func CheckWrites(ctx context.Context, tool Tool, b *writecheck.Builder, pkg string) (*Checked, error) {
	var stderr bytes.Buffer
	args := append(tool.command("report", "-json", "-tests"), pkg)
	report := exec.CommandContext(ctx, args[0], args[1:]...)
	report.Stderr = &stderr
	out, err := report.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	verdicts, err := writecheck.ReadVerdicts(bytes.NewReader(out))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pkg, err)
	}
	dir, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", pkg, err)
	}
	program, err := b.Build(ctx, writecheck.Target{Package: pkg, Test: true})
	if err != nil {
		return nil, err
	}
	defer os.Remove(program.File)
	seen, err := program.Run(ctx, writecheck.Names(verdicts), strings.TrimSpace(string(dir)), nil, "-test.timeout="+(5*time.Minute).String())
	if err != nil {
		return nil, err
	}
	c := &Checked{Program: pkg, Outcomes: writecheck.Outcomes(verdicts, seen), Objects: seen.Objects, Ended: "pass", Seen: seen}
	if seen.Err != nil {
		c.Ended = seen.Err.Error()
	}
	c.Tally = writecheck.Count(c.Outcomes)
	return c, nil
}

// TestedPackages lists a module's packages that have tests.
func TestedPackages(ctx context.Context, module string) ([]string, error) {
	format := "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}"
	out, err := exec.CommandContext(ctx, "go", "list", "-f", format, module+"/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s/...: %w", module, err)
	}
	return strings.Fields(string(out)), nil
}
