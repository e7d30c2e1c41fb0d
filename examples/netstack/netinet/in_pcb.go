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

	info           *Inpcbinfo
	allAt, boundAt int // places in the lists of its port
}

type pcbKey struct {
	laddr, faddr net.InAddr
	lport, fport uint16
}

// An Inpcbinfo has the end points of a protocol: the connected ones by both
// addresses, and the others by their port. The zero value is empty.
type Inpcbinfo struct {
	conns map[pcbKey]*Inpcb
	ports map[uint16]*pcbPort
	n     int
}

// A pcbPort has the end points of a local port. A server's has one that is bound, which
// each new peer is looked up in, and a connection for each peer.
type pcbPort struct {
	all   []*Inpcb
	bound []*Inpcb // end points that are not connected
}

// remove takes the end point at a place out of a list, and moves the last one there.
func remove(list []*Inpcb, i int, at func(inp *Inpcb) *int) []*Inpcb {
	last := len(list) - 1
	list[i] = list[last]
	*at(list[i]) = i
	list[last] = nil
	return list[:last]
}

func allAt(inp *Inpcb) *int   { return &inp.allAt }
func boundAt(inp *Inpcb) *int { return &inp.boundAt }

// Len returns the number of end points.
func (pi *Inpcbinfo) Len() int { return pi.n }

// All returns all end points that are bound, by local port.
func (pi *Inpcbinfo) All() []*Inpcb {
	var all []*Inpcb
	for _, p := range pi.ports {
		all = append(all, p.all...)
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
	p := pi.ports[lport]
	if p == nil {
		return nil
	}
	var best *Inpcb
	for _, inp := range p.bound {
		switch {
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
	p := pi.ports[lport]
	if p == nil {
		return false
	}
	list := p.all
	if reuse {
		list = p.bound
	}
	return slices.ContainsFunc(list, func(o *Inpcb) bool { return o.Laddr == laddr || o.Laddr == 0 || laddr == 0 })
}

// freePort returns an unused port. The search begins at a random one.
func (pi *Inpcbinfo) freePort(laddr net.InAddr) (uint16, error) {
	first, last := portFirst, portLast
	if first > last {
		return 0, syscall.EADDRNOTAVAIL
	}
	n := last - first + 1
	at := rand.IntN(n)
	for i := range n {
		if p := uint16(first + (at+i)%n); pi.ports[p] == nil {
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
	p := inp.info.ports[inp.Lport]
	p.bound = remove(p.bound, inp.boundAt, boundAt)
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
		p := inp.info.ports[inp.Lport]
		inp.boundAt = len(p.bound)
		p.bound = append(p.bound, inp)
	}
}

func (inp *Inpcb) insert() {
	pi := inp.info
	if pi.ports == nil {
		pi.ports = map[uint16]*pcbPort{}
	}
	p := pi.ports[inp.Lport]
	if p == nil {
		p = new(pcbPort)
		pi.ports[inp.Lport] = p
	}
	inp.allAt, inp.boundAt = len(p.all), len(p.bound)
	p.all, p.bound = append(p.all, inp), append(p.bound, inp)
	pi.n++
}

// Detach forgets an end point.
func (inp *Inpcb) Detach() {
	inp.Disconnect()
	if inp.Lport == 0 {
		return
	}
	pi := inp.info
	p := pi.ports[inp.Lport]
	p.bound = remove(p.bound, inp.boundAt, boundAt)
	if p.all = remove(p.all, inp.allAt, allAt); len(p.all) == 0 {
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
