//go:build !vimage

package netinet

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// A rawcb is a raw socket: it gets a copy of each packet of its protocol, with the
// IP header.
type rawcb struct {
	Inpcb
	proto uint8 // 0: all
}

var rawcbs []*rawcb

const rawRecvspace = 256 << 10

func init() {
	kern.ProtoRegister(&kern.Protosw{
		Type: kern.SockRaw,
		Attach: func(so *kern.Socket, protocol int) error {
			if protocol < 0 || protocol > 255 {
				return syscall.EPROTONOSUPPORT
			}
			cb := &rawcb{Inpcb: Inpcb{Socket: so}, proto: uint8(protocol)}
			so.Pcb = cb
			so.Rcv.Hiwat = rawRecvspace
			rawcbs = append(rawcbs, cb)
			return nil
		},
		Detach: func(so *kern.Socket) {
			rawcbs = slices.DeleteFunc(rawcbs, func(o *rawcb) bool { return o == so.Pcb.(*rawcb) })
		},
		Bind: func(so *kern.Socket, a netip.AddrPort) error {
			laddr := net.AddrFrom(a.Addr())
			if laddr != 0 && net.Laddrs[laddr] == nil && !laddr.Loopback() {
				return syscall.EADDRNOTAVAIL
			}
			so.Pcb.(*rawcb).Laddr = laddr
			return nil
		},
		Connect: func(so *kern.Socket, a netip.AddrPort) error {
			so.Pcb.(*rawcb).Faddr = net.AddrFrom(a.Addr())
			so.Soisconnected()
			return nil
		},
		SendTo: func(so *kern.Socket, m *kern.Mbuf, to netip.AddrPort) error {
			cb := so.Pcb.(*rawcb)
			dst := cb.Faddr
			if to.IsValid() {
				dst = net.AddrFrom(to.Addr())
			}
			if dst == 0 {
				m.Free()
				return syscall.EDESTADDRREQ
			}
			return IPOutput(m, &IPOut{Src: cb.Laddr, Dst: dst, Proto: cb.proto, TTL: cb.TTL, TOS: cb.TOS, Fib: cb.Fib, Route: &cb.Route})
		},
		Sockaddr: func(so *kern.Socket) netip.AddrPort { return so.Pcb.(*rawcb).Sockaddr() },
		Peeraddr: func(so *kern.Socket) netip.AddrPort { return so.Pcb.(*rawcb).Peeraddr() },
		SetOpt:   func(so *kern.Socket, opt kern.SockOpt, v int) error { return so.Pcb.(*rawcb).SetOpt(opt, v) },
	})
}

// ripInput gives raw sockets their copies of a packet, and reports whether there
// was one. It does not own m.
func ripInput(m *kern.Mbuf, h IPHdr) (taken bool) {
	for _, cb := range rawcbs {
		if cb.proto != 0 && cb.proto != h.Proto() || cb.Laddr != 0 && cb.Laddr != h.Dst() ||
			cb.Faddr != 0 && cb.Faddr != h.Src() {
			continue
		}
		taken = true
		if cb.Socket.Rcv.AppendRecord(m.Dup(), netip.AddrPortFrom(h.Src().Addr(), 0)) {
			cb.Socket.Sorwakeup()
		}
	}
	return taken
}
