package corpus

import (
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
)

// ToolFlag declares the flag by which a command is given the tool.
func ToolFlag() *string {
	return flag.String("vimagegen", "", "the tool's `binary` (default: built from cmd/vimagegen)")
}

// BuildTool returns the tool that was given, absolute, or builds one in a
// folder. The working folder is this module's.
func BuildTool(given, dir string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	tool, err := filepath.Abs(filepath.Join(dir, "vimagegen"))
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", tool, "./cmd/vimagegen")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return tool, nil
}

// Tool is the vimagegen under test.
type Tool struct {
	Command string
	Slot    string // passed as -slot; "" leaves it to the tool
}

func (t Tool) command(verb string, args ...string) []string {
	cmd := []string{t.Command, verb}
	if t.Slot != "" {
		cmd = append(cmd, "-slot="+t.Slot)
	}
	return append(cmd, args...)
}
