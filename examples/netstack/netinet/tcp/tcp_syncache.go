//go:build !vimage

package tcp

import (
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

var (
	//vimage:sysctl net.inet.tcp.syncache.cachelimit rw "Connections in SYN-RECEIVED that are remembered" min=0
	syncacheLimit = 1024
	//vimage:sysctl net.inet.tcp.syncache.rexmtlimit rw "How often a SYN is answered again" min=0 max=10
	syncacheRexmits = 3
	//vimage:sysctl net.inet.tcp.syncookies rw "Take connections by cookies when the cache is full"
	syncookies = true
)

// The syncache has connections in SYN-RECEIVED, without a socket. It is bounded:
// when it is full, SYNs are answered by cookies and not remembered.
var (
	syncache     map[connKey]*synEntry
	cookiesUntil time.Duration // cookies that were sent hold until then
)

// A synEntry is a connection that a listener has heard of.
type synEntry struct {
	key      connKey
	listener *Tcpcb
	iss, irs seq
	opts     tcpOpts
	tsOffset uint32
	fib      int
	sent     time.Duration // when the answer was sent first
	rexmits  int
	timer    kern.Callout
}

func (e *synEntry) free() {
	e.timer.Stop()
	if syncache[e.key] == e {
		delete(syncache, e.key)
	}
}

// syncacheAdd answers a SYN to a listener.
func syncacheAdd(lis *Tcpcb, k connKey, s *segment) {
	if e := syncache[k]; e != nil {
		if e.irs == s.seq {
			e.opts.tsval = s.opts.tsval
			e.answer()
			return
		}
		e.free() // its sender began anew
	}
	if lis.so.Soqfull() {
		tcpstat.ListenDrop++
		return
	}
	e := &synEntry{
		key: k, listener: lis, irs: s.seq, opts: s.opts, tsOffset: tsOffsetOf(k), fib: lis.inp.Fib, sent: kern.Now(),
	}
	e.iss = makeCookie(k, s.seq, &s.opts)
	if len(syncache) >= syncacheLimit {
		tcpstat.ScOverflow++
		if !syncookies {
			return
		}
		cookiesUntil = kern.Now() + 2*cookieEpoch
		tcpstat.ScCookieSent++
		e.answer()
		return
	}
	if syncache == nil {
		syncache = map[connKey]*synEntry{}
	}
	syncache[k] = e
	tcpstat.ScAdded++
	e.answer()
	e.timer.Reset(rexmitInitial, e.timeout)
}

func (e *synEntry) timeout() {
	if e.rexmits >= syncacheRexmits || e.listener.state != Listen {
		tcpstat.ScStale++
		e.free()
		return
	}
	e.rexmits++
	e.answer()
	e.timer.Reset(rexmitInitial<<e.rexmits, e.timeout)
}

// answer sends SYN and ACK.
func (e *synEntry) answer() {
	lis := e.listener
	_, mtu, err := netinet.SourceFor(e.fib, e.key.faddr, nil)
	if err != nil {
		return
	}
	o := tcpOpts{mss: mtu - netinet.IPHdrLen - tcpHdrLen, wscale: -1, sackOK: doSack && e.opts.sackOK}
	if lis.userMSS != 0 {
		o.mss = min(o.mss, lis.userMSS)
	}
	if doRFC1323 && e.opts.wscale >= 0 {
		o.wscale = int(windowScale(lis.so.Rcv.Hiwat))
	}
	if doRFC1323 && e.opts.ts {
		o.ts, o.tsval, o.tsecr = true, uint32(kern.Now()/time.Millisecond)+e.tsOffset, e.opts.tsval
	}
	var space [40]byte
	options := o.append(space[:0])
	m := kern.Get(tcpHdrLen + len(options))
	putHdr(m.Data(), e.key.lport, e.key.fport, e.iss, e.irs+1, thSyn|thAck, min(lis.so.Rcv.Hiwat, 65535), options)
	m.Flags |= kern.MCsumDelayed
	tcpstat.Sndtotal++
	tcpstat.Sndctrl++
	_ = netinet.IPOutput(m, &netinet.IPOut{
		Src: e.key.laddr, Dst: e.key.faddr, Proto: netinet.IPProtoTCP, TTL: lis.inp.TTL, TOS: lis.inp.TOS, DF: true, Fib: e.fib,
	})
}

// syncacheExpand makes a connection of the ACK that ends a handshake. It returns
// nil and whether to answer by a RST if there is none.
func syncacheExpand(lis *Tcpcb, k connKey, s *segment) (tp *Tcpcb, rst bool) {
	e := syncache[k]
	if e == nil {
		if !syncookies || kern.Now() > cookiesUntil {
			return nil, true
		}
		o, ok := checkCookie(k, s.seq-1, s.ack-1)
		if !ok {
			return nil, true
		}
		tcpstat.ScCookieRecv++
		o.ts, o.tsval = s.opts.ts, s.opts.tsval
		e = &synEntry{key: k, listener: lis, iss: s.ack - 1, irs: s.seq - 1, opts: o, tsOffset: tsOffsetOf(k), fib: lis.inp.Fib, rexmits: 1}
	}
	switch {
	case s.ack != e.iss+1:
		return nil, true
	case !s.seq.in(e.irs+1, e.irs.add(1+min(lis.so.Rcv.Hiwat, 65535))):
		return nil, false
	}
	so := lis.so.Sonewconn()
	if so == nil {
		tcpstat.ListenDrop++
		return nil, false
	}
	inp := tcbinfo.New(so)
	inp.Fib, inp.TTL, inp.TOS, inp.ReuseAddr = e.fib, lis.inp.TTL, lis.inp.TOS, true
	if inp.Adopt(k.laddr, k.lport, k.faddr, k.fport) != nil {
		inp.Detach()
		return nil, true
	}
	tp = newTcpcb(inp)
	so.Pcb = tp
	tp.flags = tfSynOut | lis.flags&(tfNoDelay|tfLinger0)
	tp.keepIdle = lis.keepIdle
	tp.state = SynReceived
	tp.iss, tp.irs, tp.tsOffset = e.iss, e.irs, e.tsOffset
	tp.sndUna, tp.sndNxt, tp.sndMax = tp.iss, tp.iss+1, tp.iss+1
	tp.recover = tp.iss
	tp.rcvNxt = tp.irs + 1
	tp.lastAckSent = tp.rcvNxt
	tp.rcvAdv = tp.rcvNxt.add(min(so.Rcv.Hiwat, 65535))
	tp.rcvScale = windowScale(so.Rcv.Hiwat)
	tp.userMSS = lis.userMSS
	tp.maxseg = tp.ownMSS()
	tp.setPeerOpts(&e.opts)
	if e.rexmits == 0 {
		tp.rttTime, tp.rttSeq = max(1, e.sent), tp.iss
	}
	tcpstat.Accepts++
	tcpstat.ScCompleted++
	e.free()
	return tp, false
}

// syncacheReset forgets a connection that its peer reset.
func syncacheReset(k connKey, s *segment) {
	if e := syncache[k]; e != nil && s.seq == e.irs+1 {
		tcpstat.ScDropped++
		e.free()
	}
}

// syncacheUnreach forgets a connection whose peer cannot be reached.
func syncacheUnreach(e *netinet.CtlError, lport, fport uint16, s seq) {
	if c := syncache[connKey{e.Src, e.Dst, lport, fport}]; c != nil && e.Hard && s == c.iss {
		tcpstat.ScDropped++
		c.free()
	}
}
