//go:build unix

package vimage

import (
	"os"
	"syscall"
)

// duplicate returns a file over a duplicate of a file's descriptor. A write to
// a closed pipe by the numbers 1 and 2 ends the process; by another number it
// is an error.
func duplicate(f *os.File) *os.File {
	conn, err := f.SyscallConn()
	if err != nil {
		return f
	}
	n := -1
	if conn.Control(func(fd uintptr) { n, err = syscall.Dup(int(fd)) }) != nil || err != nil {
		return f
	}
	syscall.CloseOnExec(n)
	return os.NewFile(uintptr(n), f.Name())
}
