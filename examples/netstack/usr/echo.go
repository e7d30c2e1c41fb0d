package usr

import (
	"errors"
	"net"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/socket"
)

// Echo sends datagrams to a port back, until the stack ends or
// the socket that it returns is closed.
func Echo(address string) (net.PacketConn, error) {
	c, err := socket.ListenPacket("udp", address)
	if err != nil {
		return nil, err
	}
	go func() {
		buf := make([]byte, 65536)
		for {
			n, from, err := c.ReadFrom(buf)
			if err == nil {
				_, _ = c.WriteTo(buf[:n], from) // what the peer does not get it asks for again
			} else if errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ENETDOWN) {
				return
			}
		}
	}()
	return c, nil
}
