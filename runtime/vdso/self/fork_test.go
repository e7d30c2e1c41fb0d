//go:build linux && amd64

package self

import (
	"syscall"
	"testing"
)

// A child that was forked without exec, as C code does, finds no numbers in the
// process's page.
func TestFork(t *testing.T) {
	Pid()
	p := process.Load()
	if p == &unknown {
		t.Skip("the kernel has no MADV_WIPEONFORK")
	}
	if p.pid == 0 {
		t.Fatal("the page is empty")
	}
	syscall.ForkLock.Lock()
	pid, errno := fork(&p.pid)
	syscall.ForkLock.Unlock()
	if errno != 0 {
		t.Fatal(errno)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil {
		t.Fatal(err)
	}
	if !status.Exited() || status.ExitStatus() != 0 {
		t.Errorf("the child saw its parent's number: %v", status)
	}
	if Pid() != syscall.Getpid() {
		t.Error("the parent lost its number")
	}
}

// fork forks. The child, which has no Go runtime any more, exits with 0 if the
// word is 0.
//
//go:norace
//go:nosplit
func fork(word *int) (pid int, errno syscall.Errno) {
	r, _, errno := syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0)
	if errno != 0 || r != 0 {
		return int(r), errno
	}
	status := uintptr(0)
	if *word != 0 {
		status = 1
	}
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, status, 0, 0)
	}
}
