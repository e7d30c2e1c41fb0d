// Package aliasdebug serves the page of slots and modules (package aliashttp)
// beside the debug pages of images (package runtime/vimage/debug), at an
// address of their own. It is what vimagegen run -debug=ADDR serves in a
// program of -loadable.
//
//	addr, err := aliasdebug.Serve("localhost:6060")
//
// The page shows, and does not load and unload, as the debug pages show sysctls
// and do not set them: whoever reaches the address may read. A program that
// lets its modules be loaded by a page registers aliashttp with Writable.
package aliasdebug

import (
	"net/http"

	"github.com/go-vimage/vimage/runtime/alias/aliashttp"
	"github.com/go-vimage/vimage/runtime/vimage/debug"
)

// Serve listens on a TCP address and serves the pages there, with a mux of its
// own. It returns the address, and serves as long as the process lives.
func Serve(addr string) (string, error) {
	mux := http.NewServeMux()
	aliashttp.Register(mux)
	return debug.ServeMux(addr, mux)
}
