// Command deferred is what vimagegen run makes of a program, by hand: linked with
// runtime.vnetMode=defer, image 0 has the standard library's packages only.
package main

import (
	"fmt"
	"os"
	vnet_runtime "runtime"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func init() {
	vnet_runtime.VnetRegister(&vnet_runtime.VnetModule{Path: "std", Std: true, Init: func() {
		fmt.Println("std in", vimage.Current())
	}})
	vnet_runtime.VnetRegister(&vnet_runtime.VnetModule{Path: "program", Init: func() {
		fmt.Println("program in", vimage.Current())
	}})
}

func main() {
	vimage.Launch(func() {
		defer fmt.Println("not reached")
		os.Exit(7)
	})
}
