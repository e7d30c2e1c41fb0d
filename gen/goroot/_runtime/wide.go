//go:build unix

package wide

import (
	"runtime"
	"unsafe"
)

// vnetBind is bind. An address that is in use may be another image's: then the
// call is made again when no other image runs, if that can be waited for.
func vnetBind(fd int, addr unsafe.Pointer, n _Socklen) (err error) {
	if err = bind(fd, addr, n); err == EADDRINUSE && runtime.VnetWide("address") {
		err = bind(fd, addr, n)
	}
	return err
}

// vnetLimit is called at the head of Setrlimit.
func vnetLimit() { runtime.VnetWide("limit") }
