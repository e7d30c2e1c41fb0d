package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

var errInterrupted = errors.New("interrupted")

// runCommand runs a command to its end, also when we are interrupted: the
// signal is passed on, and the command decides. The process to tell is
// target's, if it has one yet, else the command's.
func runCommand(cmd *exec.Cmd, target func() *os.Process) error {
	signals := make(chan os.Signal, 4)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGQUIT, syscall.SIGTERM} {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	// What is typed at a terminal, all processes in its foreground are told by
	// the system.
	terminal := isTerminal(os.Stdin) || isTerminal(os.Stdout) || isTerminal(os.Stderr)
	interrupted := false
	for {
		select {
		case sig := <-signals:
			interrupted = true
			if terminal && sig != syscall.SIGTERM {
				continue
			}
			p := cmd.Process
			if target != nil {
				if t := target(); t != nil {
					p = t
				}
			}
			p.Signal(sig) // a process that has ended needs no signal
		case err := <-done:
			if err != nil && interrupted {
				return errors.Join(errInterrupted, err)
			}
			return err
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
