//go:build unix && !linux

package vimage

import (
	"os"
	"syscall"
)

// file returns a file over a duplicate of standard descriptor i. What an image
// does to the number itself (syscall.Close(1)) it does to all of them here.
func (im *Image) file(i int) *os.File {
	n, err := syscall.Dup(i)
	if err != nil {
		return nil
	}
	syscall.CloseOnExec(n)
	f := standardFile(uintptr(n), i)
	o := im.own()
	o.mu.Lock()
	o.files = append(o.files, f)
	o.mu.Unlock()
	return f
}
