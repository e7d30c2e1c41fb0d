//go:build !unix

package cli

import (
	"errors"
	"os"
	"os/exec"
)

// execProgram runs the program and returns its status. It tells its process
// number once it runs.
func execProgram(args []string, started func(pid int) error) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if err := started(cmd.Process.Pid); err != nil {
		return 0, err
	}
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}
