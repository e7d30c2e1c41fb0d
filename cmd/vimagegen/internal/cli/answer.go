package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace"
	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// ownLine reads the command line of a command that has flags of its own beside
// those of go build: all of it is returned, and in the command what is for the
// go command.
func ownLine(verb, dir string, args []string, own map[string]bool) (*command, goflags.Line, error) {
	line, err := goflags.Parse("build", args, own)
	if err == goflags.ErrHelp {
		return nil, nil, err
	}
	if err != nil {
		return nil, nil, usageError{err.Error()}
	}
	c := &command{verb: verb, dir: dir, line: line.Without("C")}
	if v, ok := line.Last("C"); ok {
		c.dir = workspace.AbsFrom(dir, v)
	}
	for name := range own {
		c.line = c.line.Without(name)
	}
	return c, line, nil
}

// failed prints what a go command, or the source, gave as the reason why there
// is no result; other errors it returns.
func failed(c *command, err error) error {
	var program *load.ProgramError
	if !errors.As(err, &program) {
		return err
	}
	fmt.Fprintln(os.Stderr, strings.ReplaceAll(program.Text, c.dir+string(filepath.Separator), ""))
	return statusError(exitFailed)
}

// answer prints a report, as JSON or as text, and exits by whether it is good.
func answer(report any, asJSON, good bool, text func(io.Writer) error) error {
	var err error
	if asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "\t")
		err = enc.Encode(report)
	} else {
		err = text(os.Stdout)
	}
	if err == nil && !good {
		err = statusError(exitFailed)
	}
	return err
}
