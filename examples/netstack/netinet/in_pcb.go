//go:build !vimage

package netinet

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// Ephemeral ports.
var (
	//vimage:sysctl net.inet.ip.portrange.first rw "First port that is given out" min=1 max=65535
	portFirst = 49152
	//vimage:sysctl net.inet.ip.portrange.last rw "Last port that is given out" min=1 max=65535
	portLast = 65535
)

// An Inpcb is an end point of UDP or TCP.
type Inpcb struct {
	Laddr, Faddr net.InAddr // 0: any
	Lport, Fport uint16     // in host order; 0: none
	Fib          int
	TTL, TOS     uint8
	ReuseAddr    bool
	Broadcast    bool
	Socket       *kern.Socket
	Ppcb         any // the protocol's, as TCP's control block
	Route        net.Route

	info *Inpcbinfo
}

type pcbKey struct {
	laddr, faddr net.InAddr
	lport, fport uint16
}

// An Inpcbinfo has the end points of a protocol: the connected ones by both
// addresses, and the others by their port. The zero value is empty.
type Inpcbinfo struct {
	conns map[pcbKey]*Inpcb
	ports map[uint16][]*Inpcb // all that are bound, connected or not
	n     int
}

// Len returns the number of end points.
func (pi *Inpcbinfo) Len() int { return pi.n }

// All returns all end points that are bound, by local port.
func (pi *Inpcbinfo) All() []*Inpcb {
	var all []*Inpcb
	for _, list := range pi.ports {
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b *Inpcb) int { return int(a.Lport) - int(b.Lport) })
	return all
}

// New makes an end point for a socket, or for none.
func (pi *Inpcbinfo) New(so *kern.Socket) *Inpcb { return &Inpcb{Socket: so, info: pi} }

func (inp *Inpcb) key() pcbKey { return pcbKey{inp.Laddr, inp.Faddr, inp.Lport, inp.Fport} }

// Lookup returns the end point that a packet from faddr, fport to laddr, lport is
// for: the connected one; else one that is bound to the address; else one that is
// bound to the port alone. If wild is false, it is the connected one or nil.
func (pi *Inpcbinfo) Lookup(faddr net.InAddr, fport uint16, laddr net.InAddr, lport uint16, wild bool) *Inpcb {
	if inp := pi.conns[pcbKey{laddr, faddr, lport, fport}]; inp != nil {
		return inp
	}
	if !wild {
		return nil
	}
	var best *Inpcb
	for _, inp := range pi.ports[lport] {
		switch {
		case inp.Faddr != 0:
		case inp.Laddr == laddr:
			return inp
		case inp.Laddr == 0 && best == nil:
			best = inp
		}
	}
	return best
}

// Bind gives an end point a local address, and a port if lport is 0.
func (inp *Inpcb) Bind(laddr net.InAddr, lport uint16) error {
	if inp.Lport != 0 {
		return syscall.EINVAL
	}
	if laddr != 0 && !laddr.Multicast() && net.Laddrs[laddr] == nil && !laddr.Loopback() {
		return syscall.EADDRNOTAVAIL
	}
	if lport == 0 {
		var err error
		if lport, err = inp.info.freePort(laddr); err != nil {
			return err
		}
	} else if inp.info.inUse(laddr, lport, inp.ReuseAddr) {
		return syscall.EADDRINUSE
	}
	inp.Laddr, inp.Lport = laddr, lport
	inp.insert()
	return nil
}

// inUse reports whether an end point that is not connected has the port, at the
// address or at any.
func (pi *Inpcbinfo) inUse(laddr net.InAddr, lport uint16, reuse bool) bool {
	for _, o := range pi.ports[lport] {
		if (o.Laddr == laddr || o.Laddr == 0 || laddr == 0) && (o.Faddr == 0 || !reuse) {
			return true
		}
	}
	return false
}

// freePort returns a port that nobody has, beginning anywhere.
func (pi *Inpcbinfo) freePort(laddr net.InAddr) (uint16, error) {
	first, last := portFirst, portLast
	if first > last {
		return 0, syscall.EADDRNOTAVAIL
	}
	n := last - first + 1
	at := rand.IntN(n)
	for i := range n {
		if p := uint16(first + (at+i)%n); len(pi.ports[p]) == 0 {
			return p, nil
		}
	}
	return 0, syscall.EADDRNOTAVAIL
}

// Connect gives an end point its peer, and a local address and port if it has none.
func (inp *Inpcb) Connect(faddr net.InAddr, fport uint16) error {
	if fport == 0 {
		return syscall.EADDRNOTAVAIL
	}
	if faddr == 0 { // this host, as in BSD
		faddr = 127<<24 | 1
	}
	if (faddr == net.Broadcast || faddr.Multicast()) && !inp.Broadcast {
		return syscall.EACCES
	}
	laddr := inp.Laddr
	if laddr == 0 {
		var err error
		if laddr, _, err = SourceFor(inp.Fib, faddr, &inp.Route); err != nil {
			return err
		}
	}
	if inp.Lport == 0 {
		if err := inp.Bind(0, 0); err != nil {
			return err
		}
	}
	if inp.info.conns[pcbKey{laddr, faddr, inp.Lport, fport}] != nil {
		return syscall.EADDRINUSE
	}
	inp.Disconnect()
	inp.Laddr, inp.Faddr, inp.Fport = laddr, faddr, fport
	if inp.info.conns == nil {
		inp.info.conns = map[pcbKey]*Inpcb{}
	}
	inp.info.conns[inp.key()] = inp
	return nil
}

// Adopt makes an end point of a connection that a listener took, with both
// addresses. It fails if there is one.
func (inp *Inpcb) Adopt(laddr net.InAddr, lport uint16, faddr net.InAddr, fport uint16) error {
	if inp.info.conns[pcbKey{laddr, faddr, lport, fport}] != nil {
		return syscall.EADDRINUSE
	}
	inp.Laddr, inp.Lport = laddr, lport
	inp.insert()
	return inp.Connect(faddr, fport)
}

// Disconnect takes an end point's peer away.
func (inp *Inpcb) Disconnect() {
	if inp.Faddr != 0 {
		delete(inp.info.conns, inp.key())
		inp.Faddr, inp.Fport = 0, 0
	}
}

func (inp *Inpcb) insert() {
	pi := inp.info
	if pi.ports == nil {
		pi.ports = map[uint16][]*Inpcb{}
	}
	pi.ports[inp.Lport] = append(pi.ports[inp.Lport], inp)
	pi.n++
}

// Detach forgets an end point.
func (inp *Inpcb) Detach() {
	inp.Disconnect()
	if inp.Lport == 0 {
		return
	}
	pi := inp.info
	list := slices.DeleteFunc(pi.ports[inp.Lport], func(o *Inpcb) bool { return o == inp })
	if pi.ports[inp.Lport] = list; len(list) == 0 {
		delete(pi.ports, inp.Lport)
	}
	inp.Lport = 0
	pi.n--
}

// Sockaddr returns the local address.
func (inp *Inpcb) Sockaddr() netip.AddrPort { return netip.AddrPortFrom(inp.Laddr.Addr(), inp.Lport) }

// Peeraddr returns the peer's address.
func (inp *Inpcb) Peeraddr() netip.AddrPort { return netip.AddrPortFrom(inp.Faddr.Addr(), inp.Fport) }

// SetOpt sets an option of IP, as a socket's protocol does.
func (inp *Inpcb) SetOpt(opt kern.SockOpt, v int) error {
	switch opt {
	case kern.SoTTL:
		if v < 1 || v > 255 {
			return syscall.EINVAL
		}
		inp.TTL = uint8(v)
	case kern.SoTOS:
		inp.TOS = uint8(v)
	case kern.SoFib:
		if v < 0 || v >= net.MaxFibs {
			return syscall.EINVAL
		}
		inp.Fib = v
	case kern.SoReuseAddr:
		inp.ReuseAddr = v != 0
	case kern.SoBroadcast:
		inp.Broadcast = v != 0
	default:
		return syscall.ENOPROTOOPT
	}
	return nil
}
