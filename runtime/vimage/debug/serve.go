package debug

import (
	"net"
	"net/http"
)

// Serve listens on a TCP address and serves what is below [Root] there, and
// nothing else, with a mux of its own. It returns the address, and serves as
// long as the process lives. It is what vimagegen run -debug=ADDR calls, in
// image 0.
func Serve(addr string) (string, error) { return ServeMux(addr, http.NewServeMux()) }

// ServeMux is Serve with a mux that may serve other pages too.
func ServeMux(addr string, mux *http.ServeMux) (string, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	Register(mux)
	mux.Handle("GET /{$}", http.RedirectHandler(Root, http.StatusFound))
	go http.Serve(l, mux) // the listener is never closed
	return l.Addr().String(), nil
}
