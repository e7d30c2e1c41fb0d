package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// isolated runs the module's program in two images and checks what they saw. It returns the setting before and after
// image 1 changed it.
func isolated(tool Tool, name string) (first, changed string, err error) {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return "", "", err
	}
	defer os.RemoveAll(dir)
	var stdout, stderr bytes.Buffer
	command := tool.command("run", "-n=2", "./isolation/"+name, "{image}", dir)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", "", fmt.Errorf("isolation/%s: %w\n%s%s", name, err, stdout.Bytes(), stderr.Bytes())
	}
	return saw(stdout.String())
}

// saw reads what package turn prints.
func saw(out string) (first, changed string, err error) {
	seen := map[string]string{}
	for line := range strings.Lines(out) {
		step, what, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		seen[step] = what
	}
	first, changed = seen["first"], seen["changed"]
	switch {
	case len(seen) != 4:
		err = errors.New("not every image spoke")
	case changed == first:
		err = errors.New("image 1 does not see its own change")
	case seen["still"] != changed:
		err = errors.New("image 1 lost its change")
	case seen["other"] != first:
		err = errors.New("image 2 sees what image 1 changed")
	}
	if err != nil {
		err = fmt.Errorf("%w:\n%s", err, out)
	}
	return first, changed, err
}
