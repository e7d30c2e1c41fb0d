//go:build !vimage

package net

import (
	"fmt"
	"slices"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// Flags of an interface.
const (
	IFFUp uint32 = 1 << iota
	IFFBroadcast
	IFFLoopback
	IFFMulticast
	IFFPromisc
)

// Capabilities of an interface.
const (
	// IFCapCsum: packets with kern.MCsumDelayed pass.
	IFCapCsum uint32 = 1 << iota
	// IFCapTSO: super-segments pass, with Mbuf.TSOSize.
	IFCapTSO
)

// Lladdr is an Ethernet address.
type Lladdr [6]byte

func (a Lladdr) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2], a[3], a[4], a[5])
}

// LlBroadcast is the Ethernet address of all.
var LlBroadcast = Lladdr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// IfData are an interface's counters.
type IfData struct {
	Ipackets, Ibytes, Ierrors, Idrops uint64
	Opackets, Obytes, Oerrors, Odrops uint64
}

// An Ifaddr is an IPv4 address of an interface.
type Ifaddr struct {
	Ifp  *Ifnet
	Addr InAddr
	Plen int
	Dst  InAddr // the other end, of an interface without broadcast
}

// Broadcast returns the broadcast address of the subnet, or 0 if it has none.
func (ia *Ifaddr) Broadcast() InAddr {
	if ia.Plen >= 31 || ia.Ifp.Flags&IFFBroadcast == 0 {
		return 0
	}
	return ia.Addr | ^Mask(ia.Plen)
}

// An Ifnet is an interface.
type Ifnet struct {
	Xname  string
	Index  int // from 1 on
	Flags  uint32
	Cap    uint32
	MTU    int // bytes of an IP packet
	Lladdr Lladdr
	Fib    int // the routing table of packets that it receives
	Addrs  []*Ifaddr
	Data   IfData
	Softc  any // the driver's

	// Output sends an IPv4 packet to a neighbour. It frees m in the end, whatever
	// it returns.
	Output func(ifp *Ifnet, m *kern.Mbuf, nexthop InAddr) error
	// Transmit hands a frame to the driver. It may be called from Output alone.
	Transmit func(ifp *Ifnet, m *kern.Mbuf) error
	// Detached is called when the interface goes.
	Detached func(ifp *Ifnet)

	bridge *Bridge
	hooked [hooks]int // requests to call the functions of a Hook
}

// Ifnets has every interface at its index; Ifnets[0] is nil, and so are those that
// went.
var Ifnets = []*Ifnet{nil}

// Laddrs has the addresses of all interfaces.
var Laddrs = map[InAddr]*Ifaddr{}

// detachHooks are called with an interface when it is detached. Packages that refer
// to interfaces register them.
var detachHooks []func(ifp *Ifnet)

// OnDetach registers f, which is called when an interface is detached.
func OnDetach(f func(ifp *Ifnet)) { detachHooks = append(detachHooks, f) }

// IfAttach makes an interface known. It fails if the name is taken.
func IfAttach(ifp *Ifnet) error {
	if IfByName(ifp.Xname) != nil {
		return fmt.Errorf("interface %s: %w", ifp.Xname, syscall.EEXIST)
	}
	i := slices.Index(Ifnets[1:], nil) + 1
	if i == 0 {
		i = len(Ifnets)
		Ifnets = append(Ifnets, nil)
	}
	ifp.Index, ifp.hooked = i, hookedAll
	Ifnets[i] = ifp
	return nil
}

// IfDetach removes an interface with its addresses and routes.
func IfDetach(ifp *Ifnet) {
	if ifp.Index == 0 || Ifnets[ifp.Index] != ifp {
		return
	}
	ifp.Flags &^= IFFUp
	for len(ifp.Addrs) > 0 {
		IfDelAddr(ifp.Addrs[0])
	}
	for _, rib := range Ribs {
		rib.dropIf(ifp)
	}
	for _, f := range detachHooks {
		f(ifp)
	}
	if ifp.bridge != nil {
		ifp.bridge.Remove(ifp)
	}
	if ifp.Detached != nil {
		ifp.Detached(ifp)
	}
	Ifnets[ifp.Index] = nil
	ifp.Index = 0
}

// IfByName returns the interface of that name, or nil.
func IfByName(name string) *Ifnet {
	for _, ifp := range Ifnets {
		if ifp != nil && ifp.Xname == name {
			return ifp
		}
	}
	return nil
}

// IfByIndex returns the interface of that index, or nil.
func IfByIndex(i int) *Ifnet {
	if i < 0 || i >= len(Ifnets) {
		return nil
	}
	return Ifnets[i]
}

// Interfaces returns all interfaces, in the order of their indices.
func Interfaces() []*Ifnet {
	return slices.DeleteFunc(slices.Clone(Ifnets), func(ifp *Ifnet) bool { return ifp == nil })
}

// IfAddAddr gives an interface an address, and its table the route to the subnet.
func IfAddAddr(ifp *Ifnet, a InAddr, plen int) (*Ifaddr, error) {
	switch {
	case plen < 0 || plen > 32 || a == 0 || a.Multicast() || a == Broadcast:
		return nil, fmt.Errorf("address %v/%d: %w", a, plen, syscall.EINVAL)
	case Laddrs[a] != nil:
		return nil, fmt.Errorf("address %v: %w", a, syscall.EEXIST)
	}
	ia := &Ifaddr{Ifp: ifp, Addr: a, Plen: plen}
	if plen < 31 && (a == ia.Broadcast() || a&^Mask(plen) == 0) {
		return nil, fmt.Errorf("address %v/%d is the subnet's own: %w", a, plen, syscall.EINVAL)
	}
	if err := RibOf(ifp.Fib).Add(&Rtentry{Dst: a & Mask(plen), Plen: plen, Ifp: ifp, Ifa: ia}); err != nil {
		return nil, err
	}
	ifp.Addrs = append(ifp.Addrs, ia)
	Laddrs[a] = ia
	ifp.Flags |= IFFUp
	return ia, nil
}

// IfDelAddr takes an address away, and the routes that use it.
func IfDelAddr(ia *Ifaddr) {
	ifp := ia.Ifp
	ifp.Addrs = slices.DeleteFunc(ifp.Addrs, func(o *Ifaddr) bool { return o == ia })
	delete(Laddrs, ia.Addr)
	for _, rib := range Ribs {
		rib.dropIfa(ia)
	}
}

// IsBroadcast reports whether a packet to a that came in by ifp is for all: the
// limited broadcast, or that of one of the interface's subnets.
func (ifp *Ifnet) IsBroadcast(a InAddr) bool {
	if a == Broadcast {
		return true
	}
	for _, ia := range ifp.Addrs {
		if b := ia.Broadcast(); b != 0 && (a == b || a == ia.Addr&Mask(ia.Plen)) {
			return true
		}
	}
	return false
}
