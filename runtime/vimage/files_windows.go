package vimage

import (
	"os"
	"syscall"
)

// file returns a file over a duplicate of standard handle i.
func (im *Image) file(i int) *os.File {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return nil
	}
	var own syscall.Handle
	std := [...]syscall.Handle{syscall.Stdin, syscall.Stdout, syscall.Stderr}[i]
	if err := syscall.DuplicateHandle(self, std, self, &own, 0, false, syscall.DUPLICATE_SAME_ACCESS); err != nil {
		return nil
	}
	f := standardFile(uintptr(own), i)
	o := im.own()
	o.mu.Lock()
	o.files = append(o.files, f)
	o.mu.Unlock()
	return f
}
