// Settings has a variable that is listed, read and written by name.
package main

import (
	"fmt"

	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

//vimage:sysctl net.ttl rw "Initial time to live" min=1 max=255
var ttl = 64

func main() {
	fmt.Println(sysctl.Get("net.ttl"))
	fmt.Println(sysctl.Set("net.ttl", "300"))
	fmt.Println(sysctl.Set("net.ttl", "128"), ttl)
}
