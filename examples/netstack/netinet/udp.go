//go:build !vimage

package netinet

import (
	"encoding/binary"
	"net/netip"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

const udpHdrLen = 8

var udbinfo Inpcbinfo

//vimage:pcpustat
var udpstat UDPStat

// UDPStat counts datagrams.
type UDPStat struct{ In, Out, TooShort, BadLen, BadSum, NoPort, FullSock uint64 }

// Udpstat returns the counters.
func Udpstat() UDPStat { return udpstat }

// UDPPcbs returns the end points of UDP.
func UDPPcbs() []*Inpcb { return udbinfo.All() }

var (
	//vimage:sysctl net.inet.udp.recvspace rw "Bytes that wait in a socket" min=1
	udpRecvspace = 256 << 10
	//vimage:sysctl net.inet.udp.blackhole rw "No error for datagrams to ports that are not bound"
	udpBlackhole = false
)

func init() {
	IPProtoRegister(IPProtoUDP, &Protosw{Input: udpInput, Ctlinput: udpCtlinput})
	kern.ProtoRegister(&kern.Protosw{
		Type: kern.SockDgram, Protocol: int(IPProtoUDP),
		Attach: func(so *kern.Socket, _ int) error {
			so.Pcb = udbinfo.New(so)
			so.Rcv.Hiwat = udpRecvspace
			return nil
		},
		Detach: func(so *kern.Socket) { so.Pcb.(*Inpcb).Detach() },
		Bind: func(so *kern.Socket, a netip.AddrPort) error {
			return so.Pcb.(*Inpcb).Bind(net.AddrFrom(a.Addr()), a.Port())
		},
		Connect: func(so *kern.Socket, a netip.AddrPort) error {
			if err := so.Pcb.(*Inpcb).Connect(net.AddrFrom(a.Addr()), a.Port()); err != nil {
				return err
			}
			so.Soisconnected()
			return nil
		},
		SendTo:   udpSend,
		Sockaddr: func(so *kern.Socket) netip.AddrPort { return so.Pcb.(*Inpcb).Sockaddr() },
		Peeraddr: func(so *kern.Socket) netip.AddrPort { return so.Pcb.(*Inpcb).Peeraddr() },
		SetOpt: func(so *kern.Socket, opt kern.SockOpt, v int) error {
			return so.Pcb.(*Inpcb).SetOpt(opt, v)
		},
	})
}

func udpSend(so *kern.Socket, m *kern.Mbuf, to netip.AddrPort) error {
	inp := so.Pcb.(*Inpcb)
	faddr, fport := net.AddrFrom(to.Addr()), to.Port()
	switch {
	case !to.IsValid() && inp.Faddr == 0:
		m.Free()
		return syscall.EDESTADDRREQ
	case !to.IsValid():
		faddr, fport = inp.Faddr, inp.Fport
	case inp.Faddr != 0:
		m.Free()
		return syscall.EISCONN
	case faddr == 0 || fport == 0:
		m.Free()
		return syscall.EINVAL
	}
	if inp.Lport == 0 {
		if err := inp.Bind(0, 0); err != nil {
			m.Free()
			return err
		}
	}
	rt, err := RouteFor(inp.Fib, faddr, &inp.Route)
	if err != nil {
		m.Free()
		return err
	}
	if rt.Ifp.IsBroadcast(faddr) && !inp.Broadcast {
		m.Free()
		return syscall.EACCES
	}
	laddr := inp.Laddr
	if laddr == 0 {
		if laddr, _, err = SourceFor(inp.Fib, faddr, &inp.Route); err != nil {
			m.Free()
			return err
		}
	}
	b := m.Prepend(udpHdrLen)
	binary.BigEndian.PutUint16(b, inp.Lport)
	binary.BigEndian.PutUint16(b[2:], fport)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[6:], 0)
	m.Flags |= kern.MCsumDelayed
	udpstat.Out++
	return IPOutput(m, &IPOut{
		Src: laddr, Dst: faddr, Proto: IPProtoUDP, TTL: inp.TTL, TOS: inp.TOS, Fib: inp.Fib, Route: &inp.Route,
	})
}

// udpInput takes a datagram. It owns m.
func udpInput(m *kern.Mbuf) {
	udpstat.In++
	h := IPHdr(m.Data())
	b := h.Payload()
	if len(b) < udpHdrLen {
		udpstat.TooShort++
		m.Free()
		return
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if n < udpHdrLen || n > len(b) {
		udpstat.BadLen++
		m.Free()
		return
	}
	src, dst := h.Src(), h.Dst()
	if m.Flags&kern.MCsumDelayed == 0 && binary.BigEndian.Uint16(b[6:]) != 0 &&
		CksumFold(CksumAdd(PseudoSum(src, dst, IPProtoUDP, n), b[:n])) != 0 {
		udpstat.BadSum++
		m.Free()
		return
	}
	sport, dport := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	inp := udbinfo.Lookup(src, sport, dst, dport, true)
	if inp == nil {
		udpstat.NoPort++
		if udpBlackhole || m.Flags&(kern.MBcast|kern.MMcast) != 0 {
			m.Free()
			return
		}
		icmpError(m, icmpUnreach, icmpUnreachPort, 0)
		return
	}
	m.Trim(h.HdrLen() + n)
	m.Adj(h.HdrLen() + udpHdrLen)
	if !inp.Socket.Rcv.AppendRecord(m, netip.AddrPortFrom(src.Addr(), sport)) {
		udpstat.FullSock++
		return
	}
	inp.Socket.Sorwakeup()
}

// udpCtlinput tells a connected socket of an error.
func udpCtlinput(e *CtlError) {
	lport, fport := binary.BigEndian.Uint16(e.Header), binary.BigEndian.Uint16(e.Header[2:])
	inp := udbinfo.Lookup(e.Dst, fport, e.Src, lport, false)
	if inp == nil || e.Errno == syscall.EMSGSIZE {
		return
	}
	inp.Socket.Err = e.Errno
	inp.Socket.Sorwakeup()
	inp.Socket.Sowwakeup()
}
