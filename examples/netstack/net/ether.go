//go:build !vimage

package net

import (
	"encoding/binary"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// EtherHdrLen is the length of an Ethernet header.
const EtherHdrLen = 14

// Ethernet types.
const (
	EtherTypeIP  uint16 = 0x0800
	EtherTypeARP uint16 = 0x0806
)

// etherProtos has the input functions of the protocols. They own m, whose link
// header is gone.
var etherProtos = map[uint16]func(ifp *Ifnet, m *kern.Mbuf){}

// EtherRegister has input called for frames of a type.
func EtherRegister(etherType uint16, input func(ifp *Ifnet, m *kern.Mbuf)) {
	etherProtos[etherType] = input
}

// etherResolve finds a neighbour's Ethernet address; package netinet's ARP sets it.
var etherResolve func(ifp *Ifnet, m *kern.Mbuf, a InAddr) (Lladdr, bool)

// EtherSetResolver sets the function that finds a neighbour's Ethernet address. If it
// is not known yet, resolve keeps m, and sends it when it is.
func EtherSetResolver(resolve func(ifp *Ifnet, m *kern.Mbuf, a InAddr) (Lladdr, bool)) {
	etherResolve = resolve
}

//vimage:pcpustat
var etherstat EtherStat

// EtherStat counts frames that were dropped.
type EtherStat struct{ TooShort, NotForUs, NoProto, NoBuffer uint64 }

// Etherstat returns the counters.
func Etherstat() EtherStat { return etherstat }

// EtherIfattach makes ifp an Ethernet interface, with the driver's Transmit, and
// makes it known.
func EtherIfattach(ifp *Ifnet) error {
	if ifp.MTU == 0 {
		ifp.MTU = 1500
	}
	ifp.Flags |= IFFBroadcast | IFFMulticast
	ifp.Output = etherOutput
	return IfAttach(ifp)
}

// etherShort drops a frame without a whole header.
func etherShort(ifp *Ifnet, m *kern.Mbuf) {
	etherstat.TooShort++
	ifp.Data.Ierrors++
	m.Free()
}

// EtherInput is called by drivers with a frame. It owns m.
func EtherInput(ifp *Ifnet, m *kern.Mbuf) {
	if ifp.Flags&IFFUp == 0 {
		ifp.Data.Idrops++
		m.Free()
		return
	}
	if m.Len() < EtherHdrLen {
		etherShort(ifp, m)
		return
	}
	ifp.Data.Ipackets++
	ifp.Data.Ibytes += uint64(m.Len())
	m.Rcvif, m.Fib = ifp.Index, ifp.Fib
	if HookBpf.Wanted(ifp) {
		BpfMtap(ifp, m)
	}
	if ifp.bridge != nil {
		if m = ifp.bridge.input(ifp, m); m == nil {
			return
		}
	}
	etherDemux(ifp, m)
}

// etherDemux hands a frame that is for this stack to its protocol.
func etherDemux(ifp *Ifnet, m *kern.Mbuf) {
	b := m.Data()
	dst := Lladdr(b[:6])
	switch {
	case dst == ifp.Lladdr:
	case dst == LlBroadcast:
		m.Flags |= kern.MBcast
	case dst[0]&1 != 0:
		m.Flags |= kern.MMcast
	case ifp.Flags&IFFPromisc == 0:
		etherstat.NotForUs++
		m.Free()
		return
	}
	input := etherProtos[binary.BigEndian.Uint16(b[12:])]
	if input == nil {
		etherstat.NoProto++
		m.Free()
		return
	}
	m.Adj(EtherHdrLen)
	input(ifp, m)
}

func etherOutput(ifp *Ifnet, m *kern.Mbuf, nexthop InAddr) error {
	if ifp.Flags&IFFUp == 0 {
		m.Free()
		return syscall.ENETDOWN
	}
	var dst Lladdr
	switch {
	case ifp.IsBroadcast(nexthop):
		dst = LlBroadcast
	case nexthop.Multicast():
		dst = Lladdr{0x01, 0x00, 0x5e, byte(nexthop>>16) & 0x7f, byte(nexthop >> 8), byte(nexthop)}
	default:
		var ok bool
		if dst, ok = etherResolve(ifp, m, nexthop); !ok {
			return nil // sent, or dropped and counted, by the resolver
		}
	}
	return EtherFrame(ifp, m, dst, EtherTypeIP)
}

// EtherFrame prepends the Ethernet header and sends the frame.
func EtherFrame(ifp *Ifnet, m *kern.Mbuf, dst Lladdr, etherType uint16) error {
	b := m.Prepend(EtherHdrLen)
	copy(b[0:6], dst[:])
	copy(b[6:12], ifp.Lladdr[:])
	binary.BigEndian.PutUint16(b[12:], etherType)
	return ifp.transmit(m)
}

// transmit counts a frame and hands it to the driver.
func (ifp *Ifnet) transmit(m *kern.Mbuf) error {
	n := uint64(m.Len())
	if HookBpf.Wanted(ifp) {
		BpfMtap(ifp, m)
	}
	if err := ifp.Transmit(ifp, m); err != nil {
		ifp.Data.Odrops++
		return err
	}
	ifp.Data.Opackets++
	ifp.Data.Obytes += n
	return nil
}
