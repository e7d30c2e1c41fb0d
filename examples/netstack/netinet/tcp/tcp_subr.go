//go:build !vimage

package tcp

import (
	"encoding/binary"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
)

func init() {
	netinet.IPProtoRegister(netinet.IPProtoTCP, &netinet.Protosw{Input: tcpInput, Ctlinput: tcpCtlinput})
	netinet.SetTSO(tsoSegment)
	registerSocket()
}

// newTcpcb makes a control block for an end point.
func newTcpcb(inp *netinet.Inpcb) *Tcpcb {
	tp := &Tcpcb{
		inp: inp, so: inp.Socket, maxseg: mssDefault, rto: rexmitInitial,
		cc: cc.Conn{Cwnd: 1 << 30, Ssthresh: 1 << 30}, flags: tfSynOut,
	}
	if noDelay {
		tp.flags |= tfNoDelay
	}
	tp.initTimers()
	inp.Ppcb = tp
	return tp
}

// pathMSS returns the segment size of the way to the peer, as far as it is known.
func pathMSS(inp *netinet.Inpcb) int {
	_, mtu, err := netinet.SourceFor(inp.Fib, inp.Faddr, &inp.Route)
	if err != nil {
		return mssDefault
	}
	return mtu - netinet.IPHdrLen - tcpHdrLen
}

// ownMSS returns the segment size that our SYN says.
func (tp *Tcpcb) ownMSS() int {
	if mss := pathMSS(tp.inp); tp.userMSS == 0 || mss < tp.userMSS {
		return mss
	}
	return tp.userMSS
}

// windowScale returns the shift by which a receive buffer's window fits into a
// header.
func windowScale(hiwat int) (shift uint8) {
	for ; shift < maxWScale && hiwat>>shift > 65535; shift++ {
	}
	return shift
}

// setPeerOpts applies the options of the peer's SYN.
func (tp *Tcpcb) setPeerOpts(o *tcpOpts) {
	mss := o.mss
	if mss == 0 {
		mss = mssDefault
	}
	tp.maxseg = min(tp.maxseg, max(mss, minMSS))
	if doRFC1323 && o.wscale >= 0 {
		tp.flags |= tfWScale
		tp.sndScale = uint8(o.wscale)
	} else {
		tp.sndScale, tp.rcvScale = 0, 0
	}
	if doRFC1323 && o.ts {
		tp.flags |= tfTimestamp
		tp.tsRecent, tp.tsRecentAge = o.tsval, kern.Now()
	}
	if doSack && o.sackOK {
		tp.flags |= tfSack
	}
}

// established is called when both SYNs are acknowledged.
func (tp *Tcpcb) established() {
	tp.state = Established
	tcpstat.Connects++
	tp.timers[timerKeep].Stop()
	mss := tp.mss()
	tp.cc = cc.Conn{Cwnd: initcwndSegments * mss, Ssthresh: 1 << 30}
	tp.recover = tp.iss
	tp.highRxt = tp.sndUna
	if tp.keepIdle != 0 {
		tp.startKeep()
	}
	tp.so.Soisconnected()
	if tp.flags&tfNeedFin != 0 {
		tp.flags &^= tfNeedFin
		tp.state = FinWait1
	}
}

// drop ends a connection by an error, and by a RST if the peer knows of it.
func (tp *Tcpcb) drop(err error) {
	if tp.state >= SynReceived && tp.state != TimeWait {
		tcpstat.Drops++
		tcpstat.Sndrst++
		_ = tp.transmit(tp.sndMax, 0, thRst|thAck)
	} else {
		tcpstat.Conndrops++
	}
	tp.so.Err = err
	tp.close()
}

// close forgets a connection.
func (tp *Tcpcb) close() {
	if tp.state == Closed && tp.inp.Lport == 0 {
		return
	}
	tcpstat.Closed++
	tp.stopTimers()
	tp.freeReass()
	tp.laddr, tp.faddr = tp.inp.Sockaddr(), tp.inp.Peeraddr()
	tp.state = Closed
	tp.scoreboard = nil
	tp.inp.Detach()
	tp.so.Soisdisconnected()
}

// timeWait begins TIME-WAIT, or begins it again.
func (tp *Tcpcb) timeWait() {
	if tp.state != TimeWait {
		tp.state = TimeWait
		tp.stopTimers()
		tp.freeReass()
		tp.so.Soisdisconnected()
	}
	tp.setTimer(timer2MSL, 2*msl)
}

// mtuChanged lowers the segment size to an MTU, or, if that is 0, to that of the
// route. It reports whether it did.
func (tp *Tcpcb) mtuChanged(mtu int) bool {
	mss := pathMSS(tp.inp)
	if mtu != 0 {
		mss = min(mss, mtu-netinet.IPHdrLen-tcpHdrLen)
	}
	mss = max(mss, minMSS)
	if mss >= tp.maxseg {
		return false
	}
	tp.maxseg = mss
	tcpstat.MTUReduced++
	return true
}

// tcpCtlinput takes an ICMP error about a segment that was sent.
func tcpCtlinput(e *netinet.CtlError) {
	lport, fport := binary.BigEndian.Uint16(e.Header), binary.BigEndian.Uint16(e.Header[2:])
	s := seq(binary.BigEndian.Uint32(e.Header[4:]))
	inp := tcbinfo.Lookup(e.Dst, fport, e.Src, lport, false)
	if inp == nil {
		syncacheUnreach(e, lport, fport, s)
		return
	}
	tp := inp.Ppcb.(*Tcpcb)
	switch {
	case !s.in(tp.sndUna, tp.sndMax): // RFC 5927: not about data in flight
	case e.Errno == syscall.EMSGSIZE:
		mtu := e.MTU
		if mtu == 0 { // a router older than RFC 1191
			mtu = 576
		}
		if tp.mtuChanged(mtu) && tp.state.synced() {
			tp.rttTime = 0
			tp.sndNxt = tp.sndUna
			_ = tp.output()
		}
	case e.Hard && (tp.state == SynSent || tp.state == SynReceived):
		tp.drop(e.Errno)
	default:
		tp.softError = e.Errno
	}
}

// unicast reports whether an address can be that of one peer.
func unicast(a net.InAddr) bool { return a != 0 && a != net.Broadcast && !a.Multicast() }
