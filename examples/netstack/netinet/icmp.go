//go:build !vimage

package netinet

import (
	"encoding/binary"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

const (
	icmpEchoReply = 0
	icmpUnreach   = 3
	icmpRedirect  = 5
	icmpEcho      = 8
	icmpTimxceed  = 11
	icmpParamprob = 12

	icmpUnreachNet      = 0
	icmpUnreachHost     = 1
	icmpUnreachProto    = 2
	icmpUnreachPort     = 3
	icmpUnreachNeedfrag = 4
	icmpUnreachSrcfail  = 5
	icmpUnreachProhib   = 13

	icmpTimxceedTransit = 0
	icmpTimxceedReass   = 1

	icmpHdrLen = 8
	icmpQuote  = 548 // bytes of the packet in an error, so that it has at most 576
)

// A CtlError is an ICMP error, about a packet that this stack sent.
type CtlError struct {
	Errno    syscall.Errno
	Hard     bool       // no use in trying again
	MTU      int        // of the next hop, if the packet was too large for it
	Src, Dst net.InAddr // the packet's
	Proto    uint8
	Header   []byte // the first bytes of the packet's transport header, at least 8
}

//vimage:pcpustat
var icmpstat ICMPStat

// ICMPStat counts messages.
type ICMPStat struct{ In, Out, TooShort, BadSum, BadCode, Reflect, Errors, Limited uint64 }

// Icmpstat returns the counters.
func Icmpstat() ICMPStat { return icmpstat }

var (
	//vimage:sysctl net.inet.icmp.icmplim rw "Errors sent in a second, 0 for no limit" min=0
	icmplim = 200
	//vimage:sysctl net.inet.icmp.bmcastecho rw "Answer echo requests to broadcast addresses"
	bmcastecho = false

	icmpSecond time.Duration // when the count began
	icmpSent   int
)

func init() { IPProtoRegister(IPProtoICMP, &Protosw{Input: icmpInput}) }

// icmpError answers m, which begins with its IP header, with an error. It owns m.
func icmpError(m *kern.Mbuf, typ, code uint8, mtu int) {
	defer m.Free()
	h := IPHdr(m.Data())
	t := h.Payload()
	switch {
	case m.Flags&(kern.MBcast|kern.MMcast) != 0, h.offset() != 0, h.Src() == 0,
		h.Dst().Multicast() || h.Dst() == net.Broadcast,
		h.Proto() == IPProtoICMP && (len(t) < 1 || !icmpQuery(t[0])):
		return
	}
	if now := kern.Now(); icmplim > 0 {
		if now-icmpSecond >= time.Second {
			icmpSecond, icmpSent = now, 0
		}
		if icmpSent++; icmpSent > icmplim {
			icmpstat.Limited++
			return
		}
	}
	if m.Flags&kern.MCsumDelayed != 0 && m.TSOSize == 0 {
		DelayedCksum(m)
	}
	quote := h[:min(len(h), icmpQuote)]
	e := kern.Get(icmpHdrLen + len(quote))
	b := e.Data()
	b[0], b[1], b[2], b[3] = typ, code, 0, 0
	binary.BigEndian.PutUint32(b[4:], uint32(mtu))
	copy(b[icmpHdrLen:], quote)
	binary.BigEndian.PutUint16(b[2:], Cksum(b))
	icmpstat.Errors++
	icmpstat.Out++
	var src net.InAddr // the address of the interface that it came in by, as traceroute likes it
	if net.Laddrs[h.Dst()] != nil {
		src = h.Dst()
	} else if ifp := net.IfByIndex(m.Rcvif); ifp != nil && len(ifp.Addrs) > 0 {
		src = ifp.Addrs[0].Addr
	}
	_ = IPOutput(e, &IPOut{Src: src, Dst: h.Src(), Proto: IPProtoICMP, TTL: 255, TOS: 0xc0, Fib: m.Fib})
}

// icmpQuery reports whether messages of a type may be answered by errors.
func icmpQuery(typ uint8) bool {
	switch typ {
	case icmpUnreach, icmpRedirect, icmpTimxceed, icmpParamprob, 4:
		return false
	}
	return true
}

// icmpInput takes a message. It owns m.
func icmpInput(m *kern.Mbuf) {
	icmpstat.In++
	h := IPHdr(m.Data())
	b := h.Payload()
	switch {
	case len(b) < icmpHdrLen:
		icmpstat.TooShort++
	case Cksum(b) != 0:
		icmpstat.BadSum++
	case b[0] == icmpEcho && b[1] == 0:
		icmpReflect(m, h, b)
		return
	case b[0] == icmpUnreach || b[0] == icmpTimxceed || b[0] == icmpParamprob:
		icmpCtl(b)
	case b[1] != 0:
		icmpstat.BadCode++
	}
	m.Free()
}

// icmpReflect answers an echo request in its own memory.
func icmpReflect(m *kern.Mbuf, h IPHdr, b []byte) {
	src, dst := h.Src(), h.Dst()
	if net.Laddrs[dst] == nil && !dst.Loopback() {
		if !bmcastecho {
			m.Free()
			return
		}
		dst = 0
	}
	if src == 0 || m.Flags&(kern.MBcast|kern.MMcast) != 0 && !bmcastecho {
		m.Free()
		return
	}
	icmpstat.Reflect++
	icmpstat.Out++
	b[0] = icmpEchoReply
	binary.BigEndian.PutUint16(b[2:], 0)
	binary.BigEndian.PutUint16(b[2:], Cksum(b))
	tos, fib := h.TOS(), m.Fib
	m.Adj(h.HdrLen())
	m.Flags = 0
	_ = IPOutput(m, &IPOut{Src: dst, Dst: src, Proto: IPProtoICMP, TOS: tos, Fib: fib})
}

// icmpCtl tells the protocol of the packet that an error is about.
func icmpCtl(b []byte) {
	q := IPHdr(b[icmpHdrLen:])
	if len(q) < IPHdrLen || q.Version() != 4 || q.HdrLen() < IPHdrLen || len(q) < q.HdrLen()+8 {
		icmpstat.TooShort++
		return
	}
	e := &CtlError{Src: q.Src(), Dst: q.Dst(), Proto: q.Proto(), Header: q[q.HdrLen():], Errno: syscall.EHOSTUNREACH}
	if b[0] == icmpUnreach {
		switch b[1] {
		case icmpUnreachNet:
			e.Errno = syscall.ENETUNREACH
		case icmpUnreachProto, icmpUnreachPort:
			e.Errno, e.Hard = syscall.ECONNREFUSED, true
		case icmpUnreachNeedfrag:
			e.Errno, e.MTU = syscall.EMSGSIZE, int(binary.BigEndian.Uint16(b[6:]))
		case icmpUnreachProhib, 9, 10:
			e.Errno, e.Hard = syscall.EACCES, true
		}
	}
	if b[0] == icmpParamprob {
		e.Errno = syscall.ENOPROTOOPT
	}
	if p := inetsw[e.Proto]; p != nil && p.Ctlinput != nil {
		p.Ctlinput(e)
	}
}
