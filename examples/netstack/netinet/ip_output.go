//go:build !vimage

package netinet

import (
	"encoding/binary"
	"math/rand/v2"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// An IPOut says how to send a packet.
type IPOut struct {
	Src   net.InAddr // 0: that of the interface
	Dst   net.InAddr
	Proto uint8
	TTL   uint8 // 0: net.inet.ip.ttl
	TOS   uint8
	DF    bool
	Fib   int
	Route *net.Route // where the route is kept between packets, or nil
}

// ipID numbers packets. It begins anywhere, so that a stack that ended and one
// that took its address do not have fragments of one number.
var ipID = uint16(rand.Uint32())

func newIPID() uint16 {
	ipID++
	return ipID
}

// RouteFor returns the route to dst, by whose interface a packet goes out. It is
// lo0's for this stack's own addresses.
func RouteFor(fib int, dst net.InAddr, keep *net.Route) (*net.Rtentry, error) {
	if net.Laddrs[dst] != nil || dst.Loopback() {
		if lo := net.RtLookup(0, 127<<24|1); lo != nil {
			return lo, nil
		}
		return nil, syscall.ENETDOWN
	}
	var rt *net.Rtentry
	if keep != nil {
		rt = keep.Lookup(fib, dst)
	} else {
		rt = net.RtLookup(fib, dst)
	}
	switch {
	case rt != nil && rt.Reject:
		return nil, syscall.EHOSTUNREACH
	case rt != nil:
		return rt, nil
	case dst == net.Broadcast || dst.Multicast(): // by the first interface that can
		for _, ifp := range net.Ifnets[1:] {
			if ifp != nil && ifp.Flags&net.IFFBroadcast != 0 && ifp.Flags&net.IFFUp != 0 && len(ifp.Addrs) > 0 {
				return &net.Rtentry{Dst: dst, Plen: 32, Ifp: ifp, Ifa: ifp.Addrs[0]}, nil
			}
		}
	}
	return nil, syscall.EHOSTUNREACH
}

// SourceFor returns the address that packets of ours to dst have, and the largest
// packet on the way as far as it is known.
func SourceFor(fib int, dst net.InAddr, keep *net.Route) (src net.InAddr, mtu int, err error) {
	rt, err := RouteFor(fib, dst, keep)
	if err != nil {
		return 0, 0, err
	}
	if rt.Ifp.Flags&net.IFFLoopback != 0 {
		return dst, rt.Ifp.MTU, nil
	}
	if rt.Ifa == nil {
		return 0, 0, syscall.EADDRNOTAVAIL
	}
	return rt.Ifa.Addr, rtMTU(rt), nil
}

// IPOutput sends m, which begins with the transport header, as o says. It owns m,
// whatever it returns.
func IPOutput(m *kern.Mbuf, o *IPOut) error {
	rt, err := RouteFor(o.Fib, o.Dst, o.Route)
	if err != nil {
		ipstat.NoRoute++
		m.Free()
		return err
	}
	src := o.Src
	if src == 0 && rt.Ifa != nil {
		src = rt.Ifa.Addr
	}
	ttl := o.TTL
	if ttl == 0 {
		ttl = uint8(defaultTTL)
	}
	if m.Len()+IPHdrLen > 65535 {
		m.Free()
		return syscall.EMSGSIZE
	}
	h := IPHdr(m.Prepend(IPHdrLen))
	h[0], h[1], h[8], h[9] = 4<<4|IPHdrLen/4, o.TOS, ttl, o.Proto
	h.setTotalLen(len(h))
	binary.BigEndian.PutUint16(h[4:], newIPID())
	h.setOff(0)
	if o.DF {
		h.setOff(ipDF)
	}
	h.setSrc(src)
	h.setDst(o.Dst)
	h.computeCksum()
	m.Fib = o.Fib
	ipstat.LocalOut++
	return ipSend(m, h, rt)
}

// ipSend sends a packet with its header by a route, in fragments if need be.
func ipSend(m *kern.Mbuf, h IPHdr, rt *net.Rtentry) error {
	if net.HookPfil.Wanted(rt.Ifp) && !net.PfilIP(rt.Ifp, m, net.PfilOut) {
		return ipFiltered(m)
	}
	nexthop := rt.Gateway
	if nexthop == 0 {
		nexthop = h.Dst()
	}
	mtu := rtMTU(rt)
	switch {
	case m.TSOSize != 0 && rt.Ifp.Cap&net.IFCapTSO == 0:
		return ipSegment(m, rt, nexthop)
	case len(h) <= mtu || tsoFits(rt.Ifp, m):
		if m.Flags&kern.MCsumDelayed != 0 && rt.Ifp.Cap&net.IFCapCsum == 0 {
			DelayedCksum(m)
		}
		return rt.Ifp.Output(rt.Ifp, m, nexthop)
	case h.Off()&ipDF != 0:
		return ipTooBig(m)
	}
	return ipFragment(m, h, rt, nexthop, mtu)
}

// ipFiltered drops a packet that the filter does not let out.
func ipFiltered(m *kern.Mbuf) error {
	ipstat.Filtered++
	m.Free()
	return syscall.EPERM
}

// ipTooBig drops a packet that must not be cut and is too long.
func ipTooBig(m *kern.Mbuf) error {
	ipstat.CantFrag++
	m.Free()
	return syscall.EMSGSIZE
}

// DelayedCksum computes the transport checksum of a packet that begins with its IP
// header, if it has none.
func DelayedCksum(m *kern.Mbuf) {
	if m.Flags&kern.MCsumDelayed == 0 {
		return
	}
	DelayedCksumAt(m, 0)
}

// DelayedCksumAt computes the transport checksum of a packet whose IP header is at
// an offset.
func DelayedCksumAt(m *kern.Mbuf, off int) {
	m.Flags &^= kern.MCsumDelayed
	putTransportCksum(IPHdr(m.Data()[off:]))
}

// putTransportCksum computes the checksum of the UDP or TCP header of a packet.
func putTransportCksum(h IPHdr) {
	t := h[h.HdrLen():h.TotalLen()]
	at := 16
	if h.Proto() == IPProtoUDP {
		at = 6
	}
	if len(t) < at+2 {
		return
	}
	binary.BigEndian.PutUint16(t[at:], 0)
	sum := CksumFold(CksumAdd(h.pseudoSum(), t))
	if sum == 0 && h.Proto() == IPProtoUDP {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(t[at:], sum)
}

// tsoSegment cuts a super-segment; package tcp sets it.
var tsoSegment func(m *kern.Mbuf, each func(m *kern.Mbuf))

// SetTSO sets the function that cuts a packet with TSOSize, from its IP header on,
// into ordinary ones. It owns m and hands each over.
func SetTSO(cut func(m *kern.Mbuf, each func(m *kern.Mbuf))) { tsoSegment = cut }

// ipSegment sends a super-segment by an interface that does not take it.
func ipSegment(m *kern.Mbuf, rt *net.Rtentry, nexthop net.InAddr) (err error) {
	if tsoSegment == nil {
		m.Free()
		return syscall.EMSGSIZE
	}
	tsoSegment(m, func(s *kern.Mbuf) {
		if rt.Ifp.Cap&net.IFCapCsum == 0 {
			DelayedCksum(s)
		}
		if e := rt.Ifp.Output(rt.Ifp, s, nexthop); err == nil {
			err = e
		}
	})
	return err
}

// ipFragment sends a packet in fragments of at most mtu bytes. Options are those of
// the whole packet in each: none that this stack sends must not be copied.
func ipFragment(m *kern.Mbuf, h IPHdr, rt *net.Rtentry, nexthop net.InAddr, mtu int) (err error) {
	DelayedCksum(m)
	hl := h.HdrLen()
	each := (mtu - hl) &^ 7
	if each < 8 {
		m.Free()
		ipstat.CantFrag++
		return syscall.EMSGSIZE
	}
	off, more := h.offset(), h.Off()&ipMF
	for at := hl; at < len(h); at += each {
		n := min(each, len(h)-at)
		f := kern.Get(hl + n)
		fh := IPHdr(f.Data())
		copy(fh, h[:hl])
		copy(fh[hl:], h[at:at+n])
		fh.setTotalLen(hl + n)
		bits := uint16((off + at - hl) / 8)
		if at+n < len(h) {
			bits |= ipMF
		} else {
			bits |= more
		}
		fh.setOff(bits)
		fh.computeCksum()
		f.Flags, f.Fib, f.Rcvif = m.Flags, m.Fib, m.Rcvif
		ipstat.OFragments++
		if e := rt.Ifp.Output(rt.Ifp, f, nexthop); err == nil {
			err = e
		}
	}
	ipstat.Fragmented++
	m.Free()
	return err
}
