//go:build !vimage

package tcp

import (
	"net/netip"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// registerSocket makes TCP known to the socket layer.
func registerSocket() {
	kern.ProtoRegister(&kern.Protosw{
		Type: kern.SockStream, Protocol: int(netinet.IPProtoTCP),
		Attach: usrAttach, Detach: usrDetach, Bind: usrBind, Listen: usrListen, Connect: usrConnect,
		Shutdown: func(so *kern.Socket) error {
			tp := sototcpcb(so)
			tp.usrClosed()
			return tp.output()
		},
		Rcvd: func(so *kern.Socket) {
			if tp := sototcpcb(so); tp.windowUpdateDue() {
				_ = tp.sendAck()
			}
		},
		Send:       func(so *kern.Socket) error { return sototcpcb(so).output() },
		Sockaddr:   func(so *kern.Socket) netip.AddrPort { return sototcpcb(so).name(false) },
		Peeraddr:   func(so *kern.Socket) netip.AddrPort { return sototcpcb(so).name(true) },
		SetOpt:     usrSetOpt,
		GetOpt:     usrGetOpt,
		AbortOnEnd: func(so *kern.Socket) { sototcpcb(so).drop(syscall.ECONNABORTED) },
	})
}

func sototcpcb(so *kern.Socket) *Tcpcb { return so.Pcb.(*Tcpcb) }

func usrAttach(so *kern.Socket, _ int) error {
	so.Rcv.Hiwat, so.Snd.Hiwat = recvspace, sendspace
	inp := tcbinfo.New(so)
	inp.ReuseAddr = true // of ports with connections alone, as package net has it
	so.Pcb = newTcpcb(inp)
	return nil
}

// name returns an address of the connection, also when it is over.
func (tp *Tcpcb) name(peer bool) netip.AddrPort {
	switch gone := tp.laddr.IsValid(); {
	case gone && peer:
		return tp.faddr
	case gone:
		return tp.laddr
	case peer:
		return tp.inp.Peeraddr()
	}
	return tp.inp.Sockaddr()
}

func usrBind(so *kern.Socket, a netip.AddrPort) error {
	laddr := net.AddrFrom(a.Addr())
	if laddr.Multicast() {
		return syscall.EADDRNOTAVAIL
	}
	return sototcpcb(so).inp.Bind(laddr, a.Port())
}

func usrListen(so *kern.Socket) error {
	tp := sototcpcb(so)
	if tp.state != Closed && tp.state != Listen || so.State&kern.SSDisconnected != 0 {
		return syscall.EINVAL
	}
	if tp.inp.Lport == 0 {
		if err := tp.inp.Bind(0, 0); err != nil {
			return err
		}
	}
	tp.state = Listen
	return nil
}

func usrConnect(so *kern.Socket, a netip.AddrPort) error {
	tp := sototcpcb(so)
	inp := tp.inp
	if tp.state == Listen {
		return syscall.EOPNOTSUPP
	}
	if tp.laddr.IsValid() { // it was connected once
		return syscall.EINVAL
	}
	faddr := net.AddrFrom(a.Addr())
	if faddr == net.Broadcast || faddr.Multicast() {
		return syscall.ENETUNREACH
	}
	if err := inp.Connect(faddr, a.Port()); err != nil {
		return err
	}
	tcpstat.Connattempt++
	tp.start()
	tp.state = SynSent
	tp.maxseg = tp.ownMSS()
	tp.rcvScale = windowScale(so.Rcv.Hiwat)
	so.Soisconnecting()
	tp.setTimer(timerKeep, keepInit)
	if err := tp.output(); err != nil {
		tp.close()
		return err
	}
	return nil
}

// start chooses the initial sequence number.
func (tp *Tcpcb) start() {
	tp.iss, tp.tsOffset = newISN(tp.inp)
	tp.sndUna, tp.sndNxt, tp.sndMax = tp.iss, tp.iss, tp.iss
	tp.recover = tp.iss
}

// usrClosed is called when the user sends no more.
func (tp *Tcpcb) usrClosed() {
	switch tp.state {
	case Closed, Listen, SynSent:
		tp.close()
	case SynReceived:
		tp.flags |= tfNeedFin
	case Established:
		tp.state = FinWait1
	case CloseWait:
		tp.state = LastAck
	}
}

// usrDetach closes. What the user has not read is lost, which the peer learns by a
// RST (RFC 9293, section 3.6.1).
func usrDetach(so *kern.Socket) {
	tp := sototcpcb(so)
	if (tp.flags&tfLinger0 != 0 || so.Rcv.Len() > 0) && tp.state >= SynReceived && tp.state != TimeWait {
		tp.drop(nil)
		return
	}
	tp.usrClosed()
	if tp.state == FinWait2 {
		tp.setTimer(timer2MSL, finwait2Timeout)
	}
	_ = tp.output()
}

func usrSetOpt(so *kern.Socket, opt kern.SockOpt, v int) error {
	tp := sototcpcb(so)
	switch opt {
	case kern.SoNoDelay:
		tp.flags &^= tfNoDelay
		if v != 0 {
			tp.flags |= tfNoDelay
			return tp.output()
		}
	case kern.SoLinger:
		tp.flags &^= tfLinger0
		if v == 0 {
			tp.flags |= tfLinger0
		}
	case kern.SoMaxseg:
		switch {
		case v < minMSS || v > 65535-netinet.IPHdrLen-tcpHdrLen:
			return syscall.EINVAL
		case tp.state > Listen:
			return syscall.EISCONN
		}
		tp.userMSS = v
	case kern.SoKeepalive:
		if v < 0 {
			return syscall.EINVAL
		}
		tp.keepIdle = time.Duration(v) * time.Second
		if tp.state.synced() && tp.state != TimeWait {
			tp.startKeep()
		}
	default:
		return tp.inp.SetOpt(opt, v)
	}
	return nil
}

func usrGetOpt(so *kern.Socket, opt kern.SockOpt) (int, error) {
	tp := sototcpcb(so)
	switch {
	case opt != kern.SoMaxseg:
		return 0, syscall.ENOPROTOOPT
	case tp.state <= Listen && tp.userMSS != 0:
		return tp.userMSS, nil
	}
	return tp.maxseg, nil
}
