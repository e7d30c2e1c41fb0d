//go:build !linux

package tap

import (
	"errors"

	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/dummynet"
)

// Attach fails: there are TAP devices on Linux alone.
func Attach(ifname, dev string) (*net.Ifnet, error) {
	return nil, errors.New("tap: there are TAP devices on Linux alone")
}

// SetLink fails: there are TAP devices on Linux alone.
func SetLink(ifp *net.Ifnet, l dummynet.Link) error {
	return errors.New("tap: there are TAP devices on Linux alone")
}
