// Command inlined is compiled over the base overlay, for its machine code.
package main

import (
	vnet_runtime "runtime"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vimage"
)

type vnet_p struct{ V_x int }

func INIT_VNET_P() *vnet_p { return (*vnet_p)(vnet_runtime.Vnet(vnet_p_module.Off)) }

var vnet_p_module = vnet_runtime.VnetModule{Path: "p", New: func() unsafe.Pointer { return unsafe.Pointer(new(vnet_p)) }}

func init() { vnet_runtime.VnetRegister(&vnet_p_module) }

//go:noinline
func current() *vimage.Image { return vimage.Current() }

//go:noinline
func hook() int { return INIT_VNET_P().V_x }

func main() { println(current().Name(), hook()) }
