// Package socket gives the stack's sockets the interfaces of package net: [Dial]
// returns a net.Conn, [Listen] a net.Listener and [ListenPacket] a net.PacketConn,
// so that a net/http server or client runs over the stack.
//
// Input: networks "tcp", "tcp4", "udp", "udp4", "ip4:icmp" and "ip4:N", and
// addresses as numbers: there is no resolver, "localhost" apart. Errors are a
// *net.OpError with a syscall.Errno, net.ErrClosed or os.ErrDeadlineExceeded in it.
//
// All may be called by several goroutines at a time.
package socket
