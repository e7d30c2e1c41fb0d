package vimage

import (
	"os"
	"syscall"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// file returns the image's file for standard descriptor i, whose number package
// syscall looks up in the image's table.
func (im *Image) file(i int) *os.File { return standardFile(uintptr(i), i) }

// takeFile makes a descriptor the current image's standard descriptor i, under
// that number, and closes it elsewhere.
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
	left := core.VnetBusy(&im.core) > 0
	defer core.VnetSwap(core.VnetSwap(&im.core))
	for i := range 3 {
		if im.core.Fds[i] > 0 {
			syscall.Close(i)
		}
	}
	// A goroutine that is left may be about to use the number of the working
	// directory: then it is closed when none can any more.
	if n := im.core.Fds[3]; n > 0 && !left {
		im.core.Fds[3] = -1
		syscall.Close(int(n))
	}
}

// setDir gives the image its parent's working directory, if that has one of its
// own.
func (im *Image) setDir() error {
	p := im.own().parent
	if p == nil || p.core.Fds == nil || p.core.Fds[3] == 0 {
		return nil
	}
	const path = 0x200000 // O_PATH
	fd, err := -1, error(nil)
	p.Do(func() { fd, err = syscall.Open(".", path|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0) })
	if err == nil {
		defer core.VnetSwap(core.VnetSwap(&im.core))
		err = syscall.Fchdir(fd)
		syscall.Close(fd)
	}
	if err != nil {
		return &os.PathError{Op: "chdir", Path: "the parent's working directory", Err: err}
	}
	return nil
}
