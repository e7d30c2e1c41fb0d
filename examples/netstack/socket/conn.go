package socket

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// A Conn is a connection of a stream, or a datagram or raw socket, which is a
// net.PacketConn too.
type Conn struct {
	so  *kern.Socket
	net network
}

var (
	_ net.Conn       = (*Conn)(nil)
	_ net.PacketConn = (*Conn)(nil)
)

// Dial connects to an address.
func Dial(network, address string) (net.Conn, error) {
	return DialContext(context.Background(), network, address)
}

// DialContext connects to an address. It gives up when ctx is done.
func DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	n, err := networkOf(network)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	to, err := n.parse(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	fail := func(err error) error {
		return &net.OpError{Op: "dial", Net: network, Addr: n.addr(to), Err: errorOf(err)}
	}
	so, err := kern.Socreate(n.typ, n.protocol)
	if err != nil {
		return nil, fail(err)
	}
	deadline, _ := ctx.Deadline()
	if ctx.Done() != nil {
		connected := make(chan struct{})
		defer close(connected)
		kern.Go(func() {
			select {
			case <-ctx.Done():
				_ = so.Close()
			case <-connected:
			}
		})
	}
	if err := so.Connect(to, deadline); err != nil {
		_ = so.Close()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fail(err)
	}
	return &Conn{so, n}, nil
}

// ListenPacket makes a datagram or raw socket.
func ListenPacket(network, address string) (net.PacketConn, error) {
	n, so, err := bound(network, address, "listen")
	if err != nil {
		return nil, err
	}
	if n.typ == kern.SockStream {
		_ = so.Close()
		return nil, &net.OpError{Op: "listen", Net: network, Err: net.UnknownNetworkError(network)}
	}
	return &Conn{so, n}, nil
}

// bound makes a socket with a local address.
func bound(name, address, op string) (network, *kern.Socket, error) {
	n, err := networkOf(name)
	if err != nil {
		return n, nil, &net.OpError{Op: op, Net: name, Err: err}
	}
	at, err := n.parse(address)
	if err != nil {
		return n, nil, &net.OpError{Op: op, Net: name, Err: err}
	}
	so, err := kern.Socreate(n.typ, n.protocol)
	if err == nil {
		if err = so.Bind(at); err == nil {
			return n, so, nil
		}
		_ = so.Close()
	}
	return n, nil, &net.OpError{Op: op, Net: name, Addr: n.addr(at), Err: errorOf(err)}
}

// errorOf makes the errors of package net of the stack's.
func errorOf(err error) error {
	if errors.Is(err, syscall.EBADF) {
		return net.ErrClosed
	}
	return err
}

func (c *Conn) err(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: op, Net: c.net.name, Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: errorOf(err)}
}

func (c *Conn) Read(p []byte) (int, error) {
	if c.net.typ != kern.SockStream {
		n, _, err := c.so.ReceiveFrom(p)
		return n, c.err("read", err)
	}
	n, err := c.so.Read(p)
	if n == 0 && err == nil && len(p) > 0 {
		return 0, io.EOF
	}
	return n, c.err("read", err)
}

func (c *Conn) Write(p []byte) (int, error) {
	if c.net.typ != kern.SockStream {
		if err := c.so.SendTo(p, netip.AddrPort{}); err != nil {
			return 0, c.err("write", err)
		}
		return len(p), nil
	}
	n, err := c.so.Write(p)
	return n, c.err("write", err)
}

// ReadFrom receives a datagram. Of a raw socket it begins with the IP header.
func (c *Conn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.so.ReceiveFrom(p)
	if err != nil {
		return 0, nil, c.err("read", err)
	}
	return n, c.net.addr(from), nil
}

// WriteTo sends a datagram.
func (c *Conn) WriteTo(p []byte, a net.Addr) (int, error) {
	to, err := addrPort(a)
	if err != nil {
		return 0, c.err("write", err)
	}
	return c.WriteToAddrPort(p, to)
}

// WriteToAddrPort sends a datagram.
func (c *Conn) WriteToAddrPort(p []byte, to netip.AddrPort) (int, error) {
	if err := c.so.SendTo(p, to); err != nil {
		return 0, &net.OpError{Op: "write", Net: c.net.name, Source: c.LocalAddr(), Addr: c.net.addr(to), Err: errorOf(err)}
	}
	return len(p), nil
}

// Close closes the socket. Data that was written is still sent.
func (c *Conn) Close() error { return c.err("close", c.so.Close()) }

// CloseRead ends reading.
func (c *Conn) CloseRead() error { return c.err("close", c.so.Shutdown(true, false)) }

// CloseWrite sends the end of the stream.
func (c *Conn) CloseWrite() error { return c.err("close", c.so.Shutdown(false, true)) }

// SetOpt sets an option of the socket.
func (c *Conn) SetOpt(opt kern.SockOpt, v int) error { return c.err("set", c.so.SetOpt(opt, v)) }

func (c *Conn) LocalAddr() net.Addr { return c.net.addr(c.so.Sockaddr()) }

// RemoteAddr returns the peer's address, nil if there is none.
func (c *Conn) RemoteAddr() net.Addr {
	a := c.so.Peeraddr()
	if a.Addr().IsUnspecified() {
		return nil
	}
	return c.net.addr(a)
}

func (c *Conn) SetDeadline(t time.Time) error {
	c.so.SetDeadlines(t, true, true)
	return nil
}

func (c *Conn) SetReadDeadline(t time.Time) error {
	c.so.SetDeadlines(t, true, false)
	return nil
}

func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.so.SetDeadlines(t, false, true)
	return nil
}
