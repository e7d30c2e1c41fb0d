//go:build !vimage

package netinet

import (
	"encoding/binary"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// Numbers of protocols above IP.
const (
	IPProtoICMP uint8 = 1
	IPProtoTCP  uint8 = 6
	IPProtoUDP  uint8 = 17
)

// IPHdrLen is the length of an IPv4 header without options.
const IPHdrLen = 20

// Bits of the header's fragment field.
const (
	ipDF      = 0x4000
	ipMF      = 0x2000
	ipOffMask = 0x1fff
)

// An IPHdr is an IPv4 header in network order. It has at least IPHdrLen bytes.
type IPHdr []byte

func (h IPHdr) Version() int        { return int(h[0] >> 4) }
func (h IPHdr) HdrLen() int         { return int(h[0]&0xf) * 4 }
func (h IPHdr) TOS() uint8          { return h[1] }
func (h IPHdr) TotalLen() int       { return int(binary.BigEndian.Uint16(h[2:])) }
func (h IPHdr) ID() uint16          { return binary.BigEndian.Uint16(h[4:]) }
func (h IPHdr) Off() uint16         { return binary.BigEndian.Uint16(h[6:]) }
func (h IPHdr) TTL() uint8          { return h[8] }
func (h IPHdr) Proto() uint8        { return h[9] }
func (h IPHdr) Src() net.InAddr     { return net.InAddr(binary.BigEndian.Uint32(h[12:])) }
func (h IPHdr) Dst() net.InAddr     { return net.InAddr(binary.BigEndian.Uint32(h[16:])) }
func (h IPHdr) Payload() []byte     { return h[h.HdrLen():] }
func (h IPHdr) setTotalLen(n int)   { binary.BigEndian.PutUint16(h[2:], uint16(n)) }
func (h IPHdr) setOff(off uint16)   { binary.BigEndian.PutUint16(h[6:], off) }
func (h IPHdr) setSrc(a net.InAddr) { binary.BigEndian.PutUint32(h[12:], uint32(a)) }
func (h IPHdr) setDst(a net.InAddr) { binary.BigEndian.PutUint32(h[16:], uint32(a)) }
func (h IPHdr) setCksum(sum uint16) { binary.BigEndian.PutUint16(h[10:], sum) }
func (h IPHdr) computeCksum()       { h.setCksum(0); h.setCksum(Cksum(h[:h.HdrLen()])) }
func (h IPHdr) fragment() bool      { return h.Off()&(ipMF|ipOffMask) != 0 }
func (h IPHdr) offset() int         { return int(h.Off()&ipOffMask) * 8 }
func (h IPHdr) transportLen() int   { return h.TotalLen() - h.HdrLen() }
func (h IPHdr) pseudoSum() uint64   { return PseudoSum(h.Src(), h.Dst(), h.Proto(), h.transportLen()) }

// A Protosw is a protocol above IP.
type Protosw struct {
	// Input gets a whole packet that is for this stack, from the IP header on. It
	// owns m.
	Input func(m *kern.Mbuf)
	// Ctlinput hears of a packet that was sent and did not arrive.
	Ctlinput func(e *CtlError)
}

var inetsw [256]*Protosw

// IPProtoRegister makes a protocol known. There is one of each number.
func IPProtoRegister(proto uint8, p *Protosw) { inetsw[proto] = p }

//vimage:pcpustat
var ipstat IPStat

// IPStat counts packets.
type IPStat struct {
	Total, BadVersion, TooShort, BadHlen, BadLen, BadSum, BadAddr, BadOptions uint64
	Forward, CantForward, TTLExceeded, NoRoute, NoProto, Delivered            uint64
	Filtered, LocalOut, Fragmented, OFragments, CantFrag                      uint64
	Fragments, FragDropped, FragTimeout, Reassembled                          uint64
}

// Ipstat returns the counters.
func Ipstat() IPStat { return ipstat }

// Settings.
var (
	//vimage:sysctl net.inet.ip.forwarding rw "Forward packets that are for others"
	forwarding = false
	//vimage:sysctl net.inet.ip.ttl rw "Time to live of packets sent" min=1 max=255
	defaultTTL = 64
)

// SetForwarding turns forwarding on or off.
func SetForwarding(on bool) { forwarding = on }

func init() {
	net.EtherRegister(net.EtherTypeIP, IPInput)
	kern.NetisrRegister(kern.NetisrIP, func(m *kern.Mbuf) {
		ifp := net.IfByIndex(m.Rcvif)
		if ifp == nil {
			m.Free()
			return
		}
		IPInput(ifp, m)
	})
}

// A headerFault is a fault of a packet's header.
type headerFault int

const (
	headerFine headerFault = iota
	headerTooShort
	headerVersion
	headerHlen
	headerLen
	headerSum
)

// ipCheck validates a header, cuts the packet to its length, and returns the
// header.
func ipCheck(m *kern.Mbuf) (IPHdr, headerFault) {
	b := m.Data()
	if len(b) < IPHdrLen {
		return nil, headerTooShort
	}
	h := IPHdr(b)
	if h.Version() != 4 {
		return nil, headerVersion
	}
	hl, n := h.HdrLen(), h.TotalLen()
	if hl < IPHdrLen || hl > len(b) {
		return nil, headerHlen
	}
	if n < hl || n > len(b) {
		return nil, headerLen
	}
	if Cksum(b[:hl]) != 0 {
		return nil, headerSum
	}
	m.Trim(n)
	return h[:n], headerFine
}

// ipBad drops a packet with a wrong header.
func ipBad(m *kern.Mbuf, fault headerFault) {
	switch fault {
	case headerTooShort:
		ipstat.TooShort++
	case headerVersion:
		ipstat.BadVersion++
	case headerHlen:
		ipstat.BadHlen++
	case headerLen:
		ipstat.BadLen++
	case headerSum:
		ipstat.BadSum++
	}
	m.Free()
}

// IPInput takes a packet that ifp received. It owns m.
func IPInput(ifp *net.Ifnet, m *kern.Mbuf) {
	ipstat.Total++
	h, fault := ipCheck(m)
	if fault != headerFine {
		ipBad(m, fault)
		return
	}
	src, dst := h.Src(), h.Dst()
	switch {
	case src.Multicast() || src.Experimental() || ifp.IsBroadcast(src) || dst == 0 || dst.Experimental(),
		(src.Loopback() || dst.Loopback()) && ifp.Flags&net.IFFLoopback == 0:
		ipstat.BadAddr++
		m.Free()
		return
	}
	if net.HookPfil.Wanted(ifp) && !net.PfilIP(ifp, m, net.PfilIn) {
		ipstat.Filtered++
		m.Free()
		return
	}
	if ia := net.Laddrs[dst]; ia != nil || dst.Loopback() || dst.Multicast() || ifp.IsBroadcast(dst) {
		ipDeliver(m, h)
		return
	}
	if !forwarding || m.Flags&(kern.MBcast|kern.MMcast) != 0 || src == 0 {
		ipstat.CantForward++
		m.Free()
		return
	}
	ipForward(ifp, m, h)
}

// ipDeliver hands a packet that is for this stack to its protocol.
func ipDeliver(m *kern.Mbuf, h IPHdr) {
	if h.fragment() {
		if m = ipReassemble(m, h); m == nil {
			return
		}
		h = IPHdr(m.Data())
	}
	p := inetsw[h.Proto()]
	if ripInput(m, h) && p == nil {
		m.Free()
		return
	}
	if p == nil {
		ipstat.NoProto++
		icmpError(m, icmpUnreach, icmpUnreachProto, 0)
		return
	}
	ipstat.Delivered++
	p.Input(m)
}

// ipForward sends a packet that is for others on its way.
func ipForward(ifp *net.Ifnet, m *kern.Mbuf, h IPHdr) {
	if h.TTL() <= 1 {
		ipstat.TTLExceeded++
		icmpError(m, icmpTimxceed, icmpTimxceedTransit, 0)
		return
	}
	if h.HdrLen() > IPHdrLen && hasSourceRoute(h[IPHdrLen:h.HdrLen()]) {
		ipstat.BadOptions++
		icmpError(m, icmpUnreach, icmpUnreachSrcfail, 0)
		return
	}
	rt := net.RtLookup(m.Fib, h.Dst())
	if rt == nil || rt.Reject {
		ipstat.NoRoute++
		icmpError(m, icmpUnreach, icmpUnreachHost, 0)
		return
	}
	if rt.Gateway == 0 && rt.Ifp.IsBroadcast(h.Dst()) { // no directed broadcasts
		ipstat.CantForward++
		m.Free()
		return
	}
	h[8]-- // the checksum's word has one less in its high byte: RFC 1624
	sum := uint32(binary.BigEndian.Uint16(h[10:])) + 0x100
	h.setCksum(uint16(sum + sum>>16))
	if mtu := rtMTU(rt); largest(m, h) > mtu && h.Off()&ipDF != 0 {
		ipstat.CantFrag++
		icmpError(m, icmpUnreach, icmpUnreachNeedfrag, mtu)
		return
	}
	ipstat.Forward++
	_ = ipSend(m, h, rt)
}

// hasSourceRoute reports whether options, which may be malformed, ask for a route.
func hasSourceRoute(options []byte) bool {
	for i := 0; i < len(options); {
		switch options[i] {
		case 0:
			return false
		case 1:
			i++
			continue
		case 131, 137: // loose, strict
			return true
		}
		if i+1 >= len(options) || options[i+1] < 2 {
			return false
		}
		i += int(options[i+1])
	}
	return false
}

// rtMTU returns the largest packet that a route takes.
func rtMTU(rt *net.Rtentry) int {
	if rt.MTU != 0 {
		return min(rt.MTU, rt.Ifp.MTU)
	}
	return rt.Ifp.MTU
}

// largest returns the length of a packet, or, of a super-segment, that of the largest
// packet that it is cut into.
func largest(m *kern.Mbuf, h IPHdr) int {
	hl := h.HdrLen()
	if m.TSOSize == 0 || len(h) < hl+20 {
		return len(h)
	}
	return min(len(h), hl+int(h[hl+12]>>4)*4+m.TSOSize)
}

// tsoFits reports whether a packet is a super-segment that the interface takes.
func tsoFits(ifp *net.Ifnet, m *kern.Mbuf) bool {
	return m.TSOSize != 0 && ifp.Cap&net.IFCapTSO != 0
}
