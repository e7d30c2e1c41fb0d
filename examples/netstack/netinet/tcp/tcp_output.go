//go:build !vimage

package tcp

import (
	"encoding/binary"
	"syscall"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// tsLen is the length of a segment's timestamps.
const tsLen = 12

// maxSuper is the largest payload of a super-segment.
const maxSuper = 65535 - netinet.IPHdrLen - 60

// mss returns the bytes of data in a full segment.
func (tp *Tcpcb) mss() int {
	if tp.flags&tfTimestamp != 0 {
		return tp.maxseg - tsLen
	}
	return tp.maxseg
}

// output sends the segments that are due and allowed now. It returns the error of the
// interface or the route.
func (tp *Tcpcb) output() error {
	switch tp.state {
	case Closed, Listen:
		return nil
	case SynSent, SynReceived:
		return tp.outputSyn()
	}
	tp.restartIdle()
	if tp.recovering && tp.flags&tfSack != 0 {
		tp.sackOutput()
	} else {
		for more := true; more; {
			var err error
			if more, err = tp.outputData(); err != nil {
				return err
			}
		}
	}
	tp.noteFlight()
	if tp.flags&tfAckNow != 0 {
		return tp.sendAck()
	}
	tp.maybePersist()
	return nil
}

// outputSyn sends a SYN, or an ACK to a peer that sent its own.
func (tp *Tcpcb) outputSyn() error {
	if tp.sndNxt == tp.iss {
		flags := thSyn
		if tp.state == SynReceived {
			flags |= thAck
		}
		return tp.send(tp.iss, 0, flags)
	}
	if tp.flags&tfAckNow != 0 {
		return tp.sendAck()
	}
	return nil
}

// outputData sends a segment, or a super-segment, at sndNxt if there is one to be
// sent, and reports whether to try again.
func (tp *Tcpcb) outputData() (more bool, err error) {
	tp.skipSacked()
	off, queued, mss := tp.sndNxt.minus(tp.sndUna), tp.so.Snd.Len(), tp.mss()
	window := min(tp.sndWnd, tp.cc.Cwnd+tp.limitedTransmit())
	n := max(0, min(queued, window)-off)
	if s := tp.sackedFrom(tp.sndNxt); s >= 0 {
		n = min(n, s)
	}
	if doTSO && n > mss {
		if n = min(n, max(1, maxSuper/mss)*mss); off+n < queued {
			n -= n % mss
		}
	} else {
		n = min(n, mss)
	}
	last := off+n == queued
	flags := thAck
	if last && tp.finDue() {
		flags |= thFin
	}
	switch { // Nagle's rule, and the sender's part of silly window avoidance
	case flags&thFin != 0, n >= mss:
	case n == 0:
		return false, nil
	case last && (tp.flags&tfNoDelay != 0 || tp.sndUna == tp.sndMax):
	case n >= tp.maxSndWnd/2, tp.sndNxt.lt(tp.sndMax):
	default:
		return false, nil
	}
	if last && n > 0 {
		flags |= thPush
	}
	if err := tp.send(tp.sndNxt, n, flags); err != nil {
		return false, err
	}
	return !last, nil
}

// finDue reports whether a FIN follows the data of the send buffer.
func (tp *Tcpcb) finDue() bool {
	return tp.state == FinWait1 || tp.state == Closing || tp.state == LastAck
}

// send sends a segment with n bytes from the send buffer, whose place there is that
// of s, and has it retransmitted if need be.
func (tp *Tcpcb) send(s seq, n int, flags uint8) error {
	end := s.add(n)
	if flags&(thSyn|thFin) != 0 {
		end++
	}
	rexmit := s.lt(tp.sndMax)
	switch {
	case flags&(thSyn|thFin) != 0:
		tcpstat.Sndctrl++
	case rexmit:
		tcpstat.Sndrexmitpack++
		tcpstat.Sndrexmitbyte += uint64(n)
	default:
		tcpstat.Sndpack++
		tcpstat.Sndbyte += uint64(n)
	}
	if !rexmit && tp.rttTime == 0 {
		tp.rttTime, tp.rttSeq = max(1, kern.Now()), s
		tcpstat.Segstimed++
	}
	if s == tp.sndNxt {
		tp.sndNxt = end
	}
	if tp.recovering {
		tp.prr.out += n
	}
	tp.sndMax = maxSeq(tp.sndMax, end)
	if flags&thFin != 0 {
		tp.flags |= tfFinSent
	}
	if !tp.timers[timerRexmt].Pending() {
		tp.timers[timerPersist].Stop()
		tp.rxtReset()
	}
	err := tp.transmit(s, n, flags)
	switch err {
	case nil, syscall.ENOBUFS: // as if it were lost
		return nil
	case syscall.EMSGSIZE:
		if tp.mtuChanged(0) {
			tp.sndNxt = minSeq(tp.sndNxt, s)
			return nil
		}
	}
	tp.softError = err
	if tp.state.synced() {
		return nil
	}
	return err
}

// sendAck sends a segment without data.
func (tp *Tcpcb) sendAck() error {
	if tp.flags&tfAckNow != 0 {
		tcpstat.Sndacks++
	} else {
		tcpstat.Sndwinup++
	}
	s := tp.sndMax
	if tp.sndWnd == 0 && tp.state.synced() { // a probe's byte may have been refused
		s = tp.sndUna
	}
	return tp.transmit(s, 0, thAck)
}

// options returns a segment's options. A RST has the timestamp alone (RFC 7323, 3.2).
func (tp *Tcpcb) options(flags uint8) (o tcpOpts) {
	o.wscale = -1
	if flags&thRst != 0 {
		o.ts = tp.flags&tfTimestamp != 0
	} else if flags&thSyn != 0 {
		o.mss = tp.ownMSS() // not what the peer's own SYN lowered
		if flags&thAck == 0 || tp.flags&tfWScale != 0 {
			if doRFC1323 {
				o.wscale = int(tp.rcvScale)
			}
		}
		o.ts = doRFC1323 && (flags&thAck == 0 || tp.flags&tfTimestamp != 0)
		o.sackOK = doSack && (flags&thAck == 0 || tp.flags&tfSack != 0)
	} else {
		o.ts = tp.flags&tfTimestamp != 0
		if tp.nrcvSack > 0 && tp.flags&tfSack != 0 {
			o.nsack = tp.nrcvSack
			if o.ts {
				o.nsack = min(o.nsack, 3)
			}
			copy(o.sack[:], tp.rcvSack[:o.nsack])
		}
	}
	if o.ts {
		o.tsval, o.tsecr = tp.tsNow(), tp.tsRecent
	}
	return o
}

// transmit makes a segment and hands it to IP.
func (tp *Tcpcb) transmit(s seq, n int, flags uint8) error {
	o := tp.options(flags)
	var space [60]byte
	options := o.append(space[:0])
	m := kern.Get(tcpHdrLen + len(options) + n)
	b := m.Data()
	if n > 0 {
		tp.so.Snd.Peek(s.minus(tp.sndUna), b[tcpHdrLen+len(options):])
		if n+len(options) > tp.maxseg {
			m.TSOSize = tp.maxseg - len(options)
		}
	}
	win := tp.rcvWindow()
	field := win >> tp.rcvScale
	if flags&thSyn != 0 {
		field = min(win, 65535)
		win = field
	} else {
		win = field << tp.rcvScale
	}
	ack := seq(0)
	if flags&thAck != 0 {
		ack = tp.rcvNxt
		tp.rcvAdv = maxSeq(tp.rcvAdv, ack.add(win))
		tp.lastAckSent = ack
		tp.flags &^= tfAckNow | tfDelAck
	}
	putHdr(b, tp.inp.Lport, tp.inp.Fport, s, ack, flags, field, options)
	m.Flags |= kern.MCsumDelayed
	tcpstat.Sndtotal++
	return netinet.IPOutput(m, &netinet.IPOut{
		Src: tp.inp.Laddr, Dst: tp.inp.Faddr, Proto: netinet.IPProtoTCP, TTL: tp.inp.TTL, TOS: tp.inp.TOS,
		DF: true, Fib: tp.inp.Fib, Route: &tp.inp.Route,
	})
}

// rcvWindow returns the window to advertise. It does not shrink, and opens by a
// segment at least: the receiver's part of silly window avoidance.
func (tp *Tcpcb) rcvWindow() int {
	win, had := tp.so.Rcv.Space(), max(0, tp.rcvAdv.minus(tp.rcvNxt))
	if win < min(tp.so.Rcv.Hiwat/4, tp.maxseg) {
		win = 0
	}
	return min(max(win, had), 65535<<tp.rcvScale)
}

// windowUpdateDue reports whether the window has grown so much that the peer needs
// an update. What it could not learn by the SYN, which has no scaled window, it
// learns by the first ACK of data.
func (tp *Tcpcb) windowUpdateDue() bool {
	had, hiwat := max(0, tp.rcvAdv.minus(tp.rcvNxt)), tp.so.Rcv.Hiwat
	if !tp.state.synced() || tp.state.gotFin() || tp.lastAckSent == tp.irs+1 && had >= 2*tp.maxseg {
		return false
	}
	grown := tp.rcvWindow() - had
	return 2*grown >= hiwat || grown >= 2*tp.maxseg && (4*grown >= hiwat || 8*had <= hiwat)
}

// respond answers a segment that no connection has, or that a connection refuses: by
// a RST, or by an ACK if flags say so.
func respond(h netinet.IPHdr, th tcpHdr, fib int, s, ack seq, flags uint8) {
	m := kern.Get(tcpHdrLen)
	putHdr(m.Data(), th.dport(), th.sport(), s, ack, flags, 0, nil)
	m.Flags |= kern.MCsumDelayed
	tcpstat.Sndtotal++
	if flags&thRst != 0 {
		tcpstat.Sndrst++
	}
	_ = netinet.IPOutput(m, &netinet.IPOut{Src: h.Dst(), Dst: h.Src(), Proto: netinet.IPProtoTCP, DF: true, Fib: fib})
}

// reset answers a segment by a RST that its sender accepts, unless it is one.
func reset(h netinet.IPHdr, th tcpHdr, fib, tlen int) {
	switch flags := th.flags(); {
	case flags&thRst != 0:
	case flags&thAck != 0:
		respond(h, th, fib, th.ack(), 0, thRst)
	default:
		if flags&thSyn != 0 {
			tlen++
		}
		if flags&thFin != 0 {
			tlen++
		}
		respond(h, th, fib, 0, th.seq().add(tlen), thRst|thAck)
	}
}

// tsoSegment cuts a super-segment, from its IP header on. It owns m.
func tsoSegment(m *kern.Mbuf, each func(m *kern.Mbuf)) {
	defer m.Free()
	h := netinet.IPHdr(m.Data())
	hl := h.HdrLen()
	th := tcpHdr(h[hl:])
	hdrs := hl + th.hdrLen()
	for off := hdrs; off < len(h); off += m.TSOSize {
		n := min(m.TSOSize, len(h)-off)
		s := kern.Get(hdrs + n)
		b := s.Data()
		copy(b, h[:hdrs])
		copy(b[hdrs:], h[off:off+n])
		binary.BigEndian.PutUint16(b[2:], uint16(hdrs+n))
		binary.BigEndian.PutUint16(b[4:], h.ID()+uint16((off-hdrs)/m.TSOSize))
		b[10], b[11] = 0, 0
		binary.BigEndian.PutUint16(b[10:], netinet.Cksum(b[:hl]))
		binary.BigEndian.PutUint32(b[hl+4:], uint32(th.seq().add(off-hdrs)))
		if off+n < len(h) {
			b[hl+13] &^= thFin | thPush
		}
		s.Flags, s.Fib, s.Rcvif = m.Flags|kern.MCsumDelayed, m.Fib, m.Rcvif
		each(s)
	}
}
