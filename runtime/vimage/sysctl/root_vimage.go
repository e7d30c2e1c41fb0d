//go:build vimage

package sysctl

import (
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// container has each image's tree, where packages bring their virtualised form with them.
//
//vimage:shared it is the registration, of which there is one
var container = vimage.VnetModule{
	Path: "github.com/go-vimage/vimage/runtime/vimage/sysctl",
	New:  func() unsafe.Pointer { return unsafe.Pointer(&tree{nodes: map[string]*node{}}) },
}

func init() { vimage.VnetReserve(&container) }

func root() *tree { return (*tree)(vimage.Vnet(container.Off)) }
