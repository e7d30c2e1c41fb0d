package self

import (
	"os"
	"syscall"
	"unsafe"
)

// wipeOnFork is MADV_WIPEONFORK.
const wipeOnFork = 18

// private returns memory that is zero in forked children, nil if the kernel has
// none. It stays mapped.
func private() *ids {
	b, err := syscall.Mmap(-1, 0, pageSize(), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil
	}
	if err := syscall.Madvise(b, wipeOnFork); err != nil {
		syscall.Munmap(b)
		return nil
	}
	return (*ids)(unsafe.Pointer(&b[0]))
}

func pageSize() int { return os.Getpagesize() }
