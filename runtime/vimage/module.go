package vimage

import (
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// What follows is for generated code, which spells it the same way whether it
// stands in this package or, in builds that the tool drives, in package
// runtime.

// VnetModule is one registered package: generated code has one for each.
type VnetModule = core.VnetModule

// VnetSysinit is a function that runs when an image comes or goes: a module has
// a list.
type VnetSysinit = core.VnetSysinit

// VnetReserve gives the module its offset, and every image a zeroed container.
func VnetReserve(m *VnetModule) { core.VnetReserve(m) }

// VnetRegister reserves the module and starts it in every live image.
func VnetRegister(m *VnetModule) { core.VnetRegister(m) }

// Vnet returns the current image's container at a module's offset. It panics
// where no image is current, and when that is closed.
func Vnet(off uintptr) unsafe.Pointer { return core.Vnet(off) }
