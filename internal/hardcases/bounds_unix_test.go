//go:build unix

package hardcases

import (
	"os/exec"
	"syscall"
)

// bound makes the end of a command's time the end of all that it started.
func bound(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// boundMemory keeps a program that goes wild, and all other children, from
// taking the machine down.
func boundMemory(bytes uint64) error {
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &lim); err != nil {
		return err
	}
	lim.Cur = min(lim.Max, bytes)
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &lim)
}
