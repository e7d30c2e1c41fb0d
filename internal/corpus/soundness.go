package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/go-vimage/vimage/internal/writecheck"
)

// CheckWrites runs one package's tests, and each benchmark once, plain. It
// watches the package-level variables of all packages in that binary that are
// not of the standard library, and lays what they did beside the tool's
// verdicts of the same program.
func CheckWrites(ctx context.Context, tool Tool, b *writecheck.Builder, pkg string) (*writecheck.Checked, error) {
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
	seen, err := program.Run(ctx, writecheck.Names(verdicts), strings.TrimSpace(string(dir)), nil,
		"-test.timeout=5m", "-test.bench=.", "-test.benchtime=1x")
	if err != nil {
		return nil, err
	}
	return writecheck.Check(pkg, verdicts, seen), nil
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

// CheckHardCases has the hard cases' own driver watch their programs. A case
// that cannot be watched is an error; what was seen of the others is returned
// with it.
func CheckHardCases(ctx context.Context, tool Tool, file string) ([]*writecheck.Checked, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=30m", "-run=^TestHardCases$", "./internal/hardcases",
		"-args", "-writes="+file, "-vimagegen="+tool.Command)
	cmd.Dir = "../.."
	out, failed := cmd.CombinedOutput()
	var all []*writecheck.Checked
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err == nil && failed != nil && writecheck.Sum(all).Broken == 0 {
		err = failed
	}
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return all, err
}
