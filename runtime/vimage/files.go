package vimage

import (
	"os"
	"runtime"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// setFiles gives the image an os.Stdin, an os.Stdout and an os.Stderr of its
// own, so that it closes no other's. It is a function of its own as setArgs is.
func (im *Image) setFiles() {
	if core.VnetFdTable() == nil { // a stock toolchain, whose os is shared
		return
	}
	for i, f := range []**os.File{&os.Stdin, &os.Stdout, &os.Stderr} {
		if own := im.file(i); own != nil {
			*f = own
		}
	}
}

// standardFile returns a file for a descriptor which nothing closes but Close.
// A finalizer would hold the image, which holds the file.
func standardFile(fd uintptr, i int) *os.File {
	f := os.NewFile(fd, [...]string{"/dev/stdin", "/dev/stdout", "/dev/stderr"}[i])
	if f != nil {
		// The finalizer is that of the struct whose address is the only thing
		// in *f. Nothing is seen of that struct here, which the type says to
		// the proof.
		runtime.SetFinalizer(*(**struct{})(unsafe.Pointer(f)), nil)
	}
	return f
}
