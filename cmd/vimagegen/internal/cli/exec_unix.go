//go:build unix

package cli

import (
	"os"
	"os/exec"
	"syscall"
)

// execProgram becomes the program. It tells its process number first.
func execProgram(args []string, started func(pid int) error) (int, error) {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return 0, err
	}
	if err := started(os.Getpid()); err != nil {
		return 0, err
	}
	return 0, syscall.Exec(path, args, os.Environ())
}
