package vimage

import (
	"errors"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// Available returns nil if images of this binary are isolated from each other.
// Otherwise the plain go command built it, no package of it has generated code,
// and the error says how to build it; [New] returns the same error then. A test
// that needs images can skip:
//
//	if err := vimage.Available(); err != nil {
//		t.Skip(err)
//	}
//
// In a binary of the stock toolchain, nil means that at least one package was
// generated for images; variables of the packages that were not are still one
// for all images.
func Available() error {
	if core.VnetAvailable() {
		return nil
	}
	return errors.New("vimage: this binary has no images: package-level variables would be one for all of them;" +
		" build it with vimagegen build, run or test")
}
