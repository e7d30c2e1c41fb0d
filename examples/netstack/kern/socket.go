//go:build !vimage

package kern

import (
	"net/netip"
	"syscall"
	"time"
)

// SockType is the kind of a socket.
type SockType int

const (
	SockStream SockType = iota + 1
	SockDgram
	SockRaw
)

// States of a socket. One that is in none has not been connected.
const (
	SSConnecting uint8 = 1 << iota
	SSConnected
	SSDisconnected // was connected, and is not any more
	SSListening
	SSClosed // the user has closed it: the protocol frees it when it is done
)

// A Protosw is a protocol as sockets see it. Its functions run with Giant and do
// not block; those that a protocol does not have are nil, and give
// [syscall.EOPNOTSUPP].
type Protosw struct {
	Type     SockType
	Protocol int // the IP protocol's number, 0 for a raw socket of any

	Attach     func(so *Socket, protocol int) error // makes so.Pcb; sets Hiwat of both buffers
	Detach     func(so *Socket)                     // the user has closed it: release so, now or when the peer has all data
	Bind       func(so *Socket, a netip.AddrPort) error
	Listen     func(so *Socket) error                   // so.Qlimit is set
	Connect    func(so *Socket, a netip.AddrPort) error // starts it, and calls Soisconnected
	Shutdown   func(so *Socket) error                   // so.Snd.Shut is set: send the buffered data, and the end
	Rcvd       func(so *Socket)                         // bytes were read from so.Rcv
	Send       func(so *Socket) error                   // bytes were appended to so.Snd
	SendTo     func(so *Socket, m *Mbuf, to netip.AddrPort) error
	Sockaddr   func(so *Socket) netip.AddrPort
	Peeraddr   func(so *Socket) netip.AddrPort
	SetOpt     func(so *Socket, opt SockOpt, v int) error
	GetOpt     func(so *Socket, opt SockOpt) (int, error)
	AbortOnEnd func(so *Socket) // the stack or the listener ends: drop the connection at once
}

// SockOpt names an option of a socket.
type SockOpt int

const (
	SoNoDelay   SockOpt = iota + 1 // TCP: send small segments at once
	SoKeepalive                    // TCP: probe an idle peer; the value is the idle time in seconds, 0 for off
	SoLinger                       // TCP: 0 resets on close, -1 is off
	SoMaxseg                       // TCP: the largest segment size; when connected, what it came to
	SoTTL                          // IP: time to live
	SoTOS                          // IP: type of service
	SoFib                          // the routing table
	SoHdrIncl                      // raw: data that is sent begins with an IP header
	SoReuseAddr
	SoBroadcast
	SoDontFrag
)

// A Socket is the kernel's side of a descriptor. Its fields need Giant.
type Socket struct {
	Proto *Protosw
	Pcb   any // the protocol's control block
	State uint8
	Err   error // of the connection; the next call returns it and clears it
	Rcv   Sockbuf
	Snd   Sockbuf
	Wait  Waitq // callers of Accept and Connect

	giant  *GiantLock
	Head   *Socket // the listener, of a connection that has not been accepted
	Qlimit int     // connections that may wait for Accept
	comp   []*Socket
}

var protocols []*Protosw

// ProtoRegister makes a protocol known to Socreate.
func ProtoRegister(p *Protosw) { protocols = append(protocols, p) }

// Socreate makes a socket of the first protocol that fits. Protocol 0 is any.
func Socreate(t SockType, protocol int) (*Socket, error) {
	Lock()
	defer Unlock()
	if Giant.halted {
		return nil, syscall.ENETDOWN
	}
	for _, p := range protocols {
		if p.Type == t && (p.Protocol == protocol || p.Protocol == 0 || protocol == 0) {
			so := &Socket{Proto: p, giant: Giant}
			if err := p.Attach(so, protocol); err != nil {
				return nil, err
			}
			return so, nil
		}
	}
	return nil, syscall.EPROTONOSUPPORT
}

// enter takes Giant, unless the stack has ended: then the socket refers to nothing
// that may be used. A caller that works in another stack would change that one's
// state: it is stopped.
func (so *Socket) enter() bool {
	so.giant.Lock()
	if so.giant.halted {
		so.giant.Unlock()
		return false
	}
	so.checkOwn()
	return true
}

// checkOwn is apart because a stack that has ended has no Giant to compare with.
func (so *Socket) checkOwn() {
	if so.giant != Giant {
		so.giant.Unlock()
		panic("kern: a socket is used in another stack than its own")
	}
}

// Bind gives the socket a local address.
func (so *Socket) Bind(a netip.AddrPort) error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.Proto.Bind == nil {
		return syscall.EOPNOTSUPP
	}
	return so.Proto.Bind(so, a)
}

// Listen lets connections in, of which backlog may wait for Accept.
func (so *Socket) Listen(backlog int) error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.Proto.Listen == nil {
		return syscall.EOPNOTSUPP
	}
	so.Qlimit = max(1, backlog)
	if err := so.Proto.Listen(so); err != nil {
		return err
	}
	so.State |= SSListening
	return nil
}

// Accept waits for a connection until so.Rcv.Deadline.
func (so *Socket) Accept() (*Socket, error) {
	if !so.enter() {
		return nil, syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	for {
		switch {
		case so.State&SSClosed != 0:
			return nil, syscall.EBADF
		case so.State&SSListening == 0:
			return nil, syscall.EINVAL
		case len(so.comp) > 0:
			c := so.comp[0]
			so.comp[0] = nil
			so.comp = so.comp[1:]
			c.Head = nil
			return c, nil
		}
		if err := so.Wait.Sleep(so.Rcv.Deadline); err != nil {
			return nil, err
		}
	}
}

// Connect connects the socket, and waits until it is, or until a time, if that is
// not zero. If it passes, the socket is to be closed.
func (so *Socket) Connect(a netip.AddrPort, until time.Time) error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.Proto.Connect == nil {
		return syscall.EOPNOTSUPP
	}
	if so.State&(SSConnected|SSConnecting) != 0 && so.Proto.Type == SockStream {
		return syscall.EISCONN
	}
	if err := so.Proto.Connect(so, a); err != nil {
		return err
	}
	deadline := DeadlineOf(until)
	for so.State&SSConnecting != 0 && so.Err == nil {
		if err := so.Wait.Sleep(deadline); err != nil {
			return err
		}
		if so.State&SSClosed != 0 {
			return syscall.ECONNABORTED
		}
	}
	return so.takeErr()
}

func (so *Socket) takeErr() error {
	err := so.Err
	so.Err = nil
	return err
}

// Write sends all of p on a stream. It waits for room until so.Snd.Deadline.
func (so *Socket) Write(p []byte) (n int, err error) {
	if !so.enter() {
		return 0, syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	for {
		switch {
		case so.State&SSClosed != 0:
			return n, syscall.EBADF
		case so.Err != nil:
			return n, so.takeErr()
		case so.Snd.Shut:
			return n, syscall.EPIPE
		case so.State&SSConnected == 0:
			return n, syscall.ENOTCONN
		}
		if c := so.Snd.Append(p[n:]); c > 0 {
			n += c
			if err := so.Proto.Send(so); err != nil {
				return n, err
			}
		}
		if n == len(p) {
			return n, nil
		}
		if so.Snd.Space() == 0 {
			if err := so.Snd.Wait.Sleep(so.Snd.Deadline); err != nil {
				return n, err
			}
		}
	}
}

// Read reads some bytes of a stream. It waits for one until so.Rcv.Deadline, and
// returns 0 and no error at the stream's end.
func (so *Socket) Read(p []byte) (int, error) {
	if !so.enter() {
		return 0, syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	for {
		switch {
		case so.State&SSClosed != 0:
			return 0, syscall.EBADF
		case so.Rcv.Len() > 0 || len(p) == 0:
			n := so.Rcv.Read(p)
			if so.Proto.Rcvd != nil && n > 0 {
				so.Proto.Rcvd(so)
			}
			return n, nil
		case so.Err != nil:
			return 0, so.takeErr()
		case so.Rcv.Shut:
			return 0, nil
		case so.State&(SSConnected|SSDisconnected) == 0:
			return 0, syscall.ENOTCONN
		}
		if err := so.Rcv.Wait.Sleep(so.Rcv.Deadline); err != nil {
			return 0, err
		}
	}
}

// SendTo sends a datagram. A zero address is that of Connect.
func (so *Socket) SendTo(p []byte, to netip.AddrPort) error {
	if len(p) > 65507 {
		return syscall.EMSGSIZE
	}
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	switch {
	case so.State&SSClosed != 0:
		return syscall.EBADF
	case so.Err != nil:
		return so.takeErr()
	case so.Proto.SendTo == nil:
		return syscall.EOPNOTSUPP
	}
	return so.Proto.SendTo(so, GetBytes(p), to)
}

// ReceiveFrom copies a datagram to p, cut if p is too short, and returns its
// length in p and its sender. It waits for one until so.Rcv.Deadline.
func (so *Socket) ReceiveFrom(p []byte) (int, netip.AddrPort, error) {
	if !so.enter() {
		return 0, netip.AddrPort{}, syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	for {
		if so.State&SSClosed != 0 {
			return 0, netip.AddrPort{}, syscall.EBADF
		}
		if m, from := so.Rcv.TakeRecord(); m != nil {
			n := copy(p, m.Data())
			m.Free()
			return n, from, nil
		}
		if so.Err != nil {
			return 0, netip.AddrPort{}, so.takeErr()
		}
		if so.Rcv.Shut {
			return 0, netip.AddrPort{}, nil
		}
		if err := so.Rcv.Wait.Sleep(so.Rcv.Deadline); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
}

// Shutdown ends one direction or both.
func (so *Socket) Shutdown(read, write bool) error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.State&SSConnected == 0 {
		return syscall.ENOTCONN
	}
	if read {
		so.Socantrcvmore()
	}
	if write && !so.Snd.Shut {
		so.Socantsendmore()
		if so.Proto.Shutdown != nil {
			return so.Proto.Shutdown(so)
		}
	}
	return nil
}

// Close lets go of the socket. What waits for Accept is dropped.
func (so *Socket) Close() error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.State&SSClosed != 0 {
		return syscall.EBADF
	}
	so.State |= SSClosed
	for _, c := range so.comp {
		c.Head = nil
		c.State |= SSClosed
		if c.Proto.AbortOnEnd != nil {
			c.Proto.AbortOnEnd(c)
		}
	}
	so.comp = nil
	so.Socantrcvmore()
	so.Socantsendmore()
	so.Proto.Detach(so)
	so.Rcv.Flush()
	return nil
}

// SetOpt sets an option.
func (so *Socket) SetOpt(opt SockOpt, v int) error {
	if !so.enter() {
		return syscall.ENETDOWN
	}
	defer so.giant.Unlock()
	if so.Proto.SetOpt == nil {
		return syscall.ENOPROTOOPT
	}
	return so.Proto.SetOpt(so, opt, v)
}

// SetDeadlines sets when calls stop waiting; zero is never. Calls that wait already
// look at it anew.
func (so *Socket) SetDeadlines(t time.Time, read, write bool) {
	if !so.enter() {
		return
	}
	defer so.giant.Unlock()
	d := DeadlineOf(t)
	if read {
		so.Rcv.Deadline = d
		so.Rcv.Wait.Wakeup()
		so.Wait.Wakeup()
	}
	if write {
		so.Snd.Deadline = d
		so.Snd.Wait.Wakeup()
	}
}

// Sockaddr returns the local address.
func (so *Socket) Sockaddr() netip.AddrPort {
	if !so.enter() {
		return netip.AddrPort{}
	}
	defer so.giant.Unlock()
	if so.Pcb == nil {
		return netip.AddrPort{}
	}
	return so.Proto.Sockaddr(so)
}

// Peeraddr returns the peer's address.
func (so *Socket) Peeraddr() netip.AddrPort {
	if !so.enter() {
		return netip.AddrPort{}
	}
	defer so.giant.Unlock()
	if so.Pcb == nil {
		return netip.AddrPort{}
	}
	return so.Proto.Peeraddr(so)
}

// What protocols call, with Giant:

// Soisconnecting marks a socket that waits for its peer.
func (so *Socket) Soisconnecting() {
	so.State = so.State&^SSDisconnected | SSConnecting
}

// Soisconnected marks a socket that is connected. If it has a listener, Accept
// returns it.
func (so *Socket) Soisconnected() {
	so.State = so.State&^(SSConnecting|SSDisconnected) | SSConnected
	if h := so.Head; h != nil {
		h.comp = append(h.comp, so)
		h.Wait.Wakeup()
		return
	}
	so.wakeAll()
}

// Soisdisconnected marks a socket whose connection is over. So.Err says why, if it
// did not end in order.
func (so *Socket) Soisdisconnected() {
	so.State = so.State&^(SSConnecting|SSConnected) | SSDisconnected
	so.Rcv.Shut, so.Snd.Shut = true, true
	so.Snd.Flush()
	so.wakeAll()
}

// Socantrcvmore marks the end of received data.
func (so *Socket) Socantrcvmore() {
	so.Rcv.Shut = true
	so.wakeAll()
}

// Socantsendmore marks the end of data to be sent.
func (so *Socket) Socantsendmore() {
	so.Snd.Shut = true
	so.wakeAll()
}

func (so *Socket) wakeAll() {
	so.Rcv.Wait.Wakeup()
	so.Snd.Wait.Wakeup()
	so.Wait.Wakeup()
}

// Soqfull reports whether no more connections may wait for Accept.
func (so *Socket) Soqfull() bool { return len(so.comp) >= so.Qlimit }

// Sonewconn returns a socket for a connection to the listener, without a control
// block, or nil if too many wait. Soisconnected hands it to Accept.
func (so *Socket) Sonewconn() *Socket {
	if so.State&SSListening == 0 || so.State&SSClosed != 0 || so.Soqfull() {
		return nil
	}
	c := &Socket{Proto: so.Proto, Head: so, giant: so.giant}
	c.Rcv.Hiwat, c.Snd.Hiwat = so.Rcv.Hiwat, so.Snd.Hiwat
	return c
}

// Sorwakeup says that there is something to read.
func (so *Socket) Sorwakeup() { so.Rcv.Wait.Wakeup() }

// Sowwakeup says that there is room to write.
func (so *Socket) Sowwakeup() { so.Snd.Wait.Wakeup() }
