//go:build vimage

package alias

import (
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// container has each image's linker, where packages bring their virtualised form
// with them.
//
//vimage:shared it is the registration, of which there is one
var container = vimage.VnetModule{
	Path: "github.com/go-vimage/vimage/runtime/alias",
	New:  func() unsafe.Pointer { return unsafe.Pointer(new(Linker)) },
}

func init() { vimage.VnetReserve(&container) }

// image returns the current image's linker.
func image() *Linker { return (*Linker)(vimage.Vnet(container.Off)) }
