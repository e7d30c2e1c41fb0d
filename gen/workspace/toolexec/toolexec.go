// Package toolexec has what the commands share that the go command runs as
// -toolexec: each gets a tool with its arguments, edits what the tool reads, and
// runs the tool. Commands stack: the tool of one may be another one.
package toolexec

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Index returns where a command line names a tool of the go command, or -1. The
// tool is not always first, since commands stack.
func Index(args []string, tool string) int {
	return slices.IndexFunc(args, func(arg string) bool {
		return strings.TrimSuffix(filepath.Base(arg), ".exe") == tool
	})
}

// Flag returns the value of a tool's flag, "" if it has none. The go command
// writes long command lines to a file, an argument a line, and passes @FILE.
func Flag(args []string, name string) string {
	for i, arg := range args {
		if file, ok := strings.CutPrefix(arg, "@"); ok {
			text, err := os.ReadFile(file)
			if err != nil {
				continue // the tool reports it
			}
			lines := strings.Split(string(text), "\n")
			for j := range lines {
				lines[j] = strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(lines[j])
			}
			if value := Flag(lines, name); value != "" {
				return value
			}
		}
		if arg == "-"+name && i+1 < len(args) {
			return args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, "-"+name+"="); ok {
			return value
		}
	}
	return ""
}

// Run runs a tool and returns its exit status. It names the command that ran
// the tool if it cannot be run.
func Run(command string, args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", command, err)
		return 1
	}
	return 0
}
