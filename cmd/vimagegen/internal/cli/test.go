package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"

	"github.com/go-vimage/vimage/gen/workspace"
)

// goTest runs go test. Its status does not tell a test that failed from one that was not built: that
// is in its output, which is looked through when it does not go to a terminal.
func (t *tool) goTest(ctx context.Context, c *command, w *workspace.Workspace, prog *progress) error {
	cmd := t.goCommand(c, w, c.setString(deferStart)...)
	look := &finder{texts: []string{"[build failed]", "[setup failed]", `"Action":"build-fail"`}}
	if !isTerminal(os.Stdout) {
		cmd.Stdout = io.MultiWriter(os.Stdout, look)
	}
	prog.step("building and testing")
	err := runCommand(cmd, nil)
	prog.stop()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 && !look.found {
		return statusError(exitFailed)
	}
	return t.blame(ctx, c, err)
}

// A finder is a writer that notes whether one of some texts was written on a line.
type finder struct {
	texts []string
	line  []byte
	found bool
}

func (f *finder) Write(p []byte) (int, error) {
	for _, b := range p {
		if b != '\n' {
			if len(f.line) < 4096 {
				f.line = append(f.line, b)
			}
			continue
		}
		for _, text := range f.texts {
			f.found = f.found || bytes.Contains(f.line, []byte(text))
		}
		f.line = f.line[:0]
	}
	return len(p), nil
}
