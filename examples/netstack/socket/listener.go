package socket

import (
	"net"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// A Listener accepts connections.
type Listener struct {
	so  *kern.Socket
	net network
}

var _ net.Listener = (*Listener)(nil)

// backlog is how many connections may wait for Accept.
const backlog = 128

// Listen listens at a local address.
func Listen(network, address string) (net.Listener, error) {
	n, so, err := bound(network, address, "listen")
	if err != nil {
		return nil, err
	}
	if err := so.Listen(backlog); err != nil {
		_ = so.Close()
		return nil, &net.OpError{Op: "listen", Net: network, Err: errorOf(err)}
	}
	return &Listener{so, n}, nil
}

func (l *Listener) err(op string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: l.net.name, Addr: l.Addr(), Err: errorOf(err)}
}

// Accept waits for a connection.
func (l *Listener) Accept() (net.Conn, error) {
	so, err := l.so.Accept()
	if err != nil {
		return nil, l.err("accept", err)
	}
	return &Conn{so, l.net}, nil
}

// Close ends the listener. Connections that were not accepted are dropped.
func (l *Listener) Close() error { return l.err("close", l.so.Close()) }

func (l *Listener) Addr() net.Addr { return l.net.addr(l.so.Sockaddr()) }

// SetDeadline sets when Accept stops waiting.
func (l *Listener) SetDeadline(t time.Time) error {
	l.so.SetDeadlines(t, true, false)
	return nil
}
