package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// An Isolation is what the module's program showed.
type Isolation struct {
	First, Changed string        // the setting in image 1 before and after it was changed
	Bytes          int64         // of one image's containers, the whole program's
	Create         time.Duration // to make one more image: median
}

// isolated runs the module's program in two images and checks what they saw.
func isolated(tool Tool, name string) (i Isolation, err error) {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return i, err
	}
	defer os.RemoveAll(dir)
	var stdout, stderr bytes.Buffer
	file := filepath.Join(dir, "stats.json")
	command := tool.command("run", "-n=2", "-stats="+file, "./isolation/"+name, "{image}", dir)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return i, fmt.Errorf("isolation/%s: %w\n%s%s", name, err, stdout.Bytes(), stderr.Bytes())
	}
	s, err := readStats(file)
	if err != nil {
		return i, err
	}
	i, err = saw(stdout.String())
	i.Bytes = s.bytes()
	return i, err
}

// saw reads what package turn prints.
func saw(out string) (i Isolation, err error) {
	seen := map[string]string{}
	for line := range strings.Lines(out) {
		step, what, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		seen[step] = what
	}
	first, changed := seen["first"], seen["changed"]
	i.First, i.Changed = first, changed
	i.Create, err = time.ParseDuration(seen["create"])
	switch {
	case len(seen) != 6 || err != nil:
		err = errors.New("not every image spoke")
	case changed == first:
		err = errors.New("image 1 does not see its own change")
	case seen["still"] != changed:
		err = errors.New("image 1 lost its change")
	case seen["other"] != first:
		err = errors.New("image 2 sees what image 1 changed")
	case seen["common"] != "0 []":
		err = errors.New("images reach common objects")
	}
	if err != nil {
		err = fmt.Errorf("%w:\n%s", err, out)
	}
	return i, err
}
