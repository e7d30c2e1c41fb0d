package vimage

import (
	"os"
	"syscall"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// file returns the image's file for standard descriptor i, whose number package syscall looks up in the image's table.
func (im *Image) file(i int) *os.File { return standardFile(uintptr(i), i) }

// takeFile makes a descriptor the current image's standard descriptor i, under that number, and closes it elsewhere.
func takeFile(i int, from *os.File) (*os.File, error) {
	if !core.VnetOwnFds {
		return from, nil
	}
	defer from.Close()
	if err := syscall.Dup3(int(from.Fd()), i, 0); err != nil {
		return nil, err
	}
	return standardFile(uintptr(i), i), nil
}

// closeFiles closes the standard descriptors that are the image's alone.
func (im *Image) closeFiles() {
	if !core.VnetOwnFds || im.core.Fds == nil {
		return
	}
	defer core.VnetSwap(core.VnetSwap(&im.core))
	for i := range 3 {
		if im.core.Fds[i] > 0 {
			syscall.Close(i)
		}
	}
}
