//go:build !vimage

package tcp

import (
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// A segment is the part of a received segment that is not processed yet.
type segment struct {
	m     *kern.Mbuf // until another owner takes it; data refers to its bytes
	ip    netinet.IPHdr
	th    tcpHdr
	seq   seq
	ack   seq
	flags uint8
	win   int // scaled, unless it is a SYN's
	opts  tcpOpts
	data  []byte
	tlen  int // of data when it came
	now   time.Duration
}

// tcpInput takes a segment. It owns m.
func tcpInput(m *kern.Mbuf) {
	tcpstat.Rcvtotal++
	s := segment{m: m}
	if s.parse() {
		s.dispatch()
	}
	if s.m != nil {
		s.m.Free()
	}
}

// parse reads a segment, and reports whether it is one.
func (s *segment) parse() bool {
	s.ip = netinet.IPHdr(s.m.Data())
	b := s.ip.Payload()
	if len(b) < tcpHdrLen {
		tcpstat.Rcvshort++
		return false
	}
	s.th = tcpHdr(b)
	hl := s.th.hdrLen()
	if hl < tcpHdrLen || hl > len(b) {
		tcpstat.Rcvbadoff++
		return false
	}
	src, dst := s.ip.Src(), s.ip.Dst()
	if s.m.Flags&kern.MCsumDelayed == 0 &&
		netinet.CksumFold(netinet.CksumAdd(netinet.PseudoSum(src, dst, netinet.IPProtoTCP, len(b)), b)) != 0 {
		tcpstat.Rcvbadsum++
		return false
	}
	if s.m.Flags&(kern.MBcast|kern.MMcast) != 0 || !unicast(src) || !unicast(dst) || net.Laddrs[dst] == nil && !dst.Loopback() {
		return false
	}
	s.seq, s.ack, s.flags, s.win = s.th.seq(), s.th.ack(), s.th.flags(), s.th.win()
	s.data = b[hl:]
	s.tlen = len(s.data)
	parseOpts(b[tcpHdrLen:hl], &s.opts)
	return true
}

func (s *segment) has(flags uint8) bool { return s.flags&flags != 0 }

// reset answers by a RST.
func (s *segment) reset() { reset(s.ip, s.th, s.m.Fib, s.tlen) }

// dispatch hands a segment to its connection.
func (s *segment) dispatch() {
	k := connKey{s.ip.Dst(), s.ip.Src(), s.th.dport(), s.th.sport()}
	for {
		inp := tcbinfo.Lookup(k.faddr, k.fport, k.laddr, k.lport, true)
		if inp == nil {
			tcpstat.NoPort++
			if !blackhole {
				s.reset()
			}
			return
		}
		tp := inp.Ppcb.(*Tcpcb)
		switch {
		case tp.state == Closed:
			s.reset()
		case tp.state == Listen:
			s.listen(tp, k)
		case tp.state == TimeWait && s.has(thSyn) && !s.has(thRst|thAck) && s.seq.gt(tp.rcvNxt):
			tp.close() // the peer uses its port again: RFC 9293, 3.6.1
			continue
		default:
			tp.input(s)
		}
		return
	}
}

// listen takes a segment to a listener.
func (s *segment) listen(lis *Tcpcb, k connKey) {
	switch {
	case s.has(thRst):
		syncacheReset(k, s)
	case s.has(thSyn) && s.has(thAck):
		s.reset()
	case s.has(thAck):
		tp, rst := syncacheExpand(lis, k, s)
		if tp != nil {
			tp.input(s)
		} else if rst {
			s.reset()
		}
	case s.has(thSyn) && s.has(thFin), k.faddr == k.laddr && k.fport == k.lport:
		tcpstat.Badsyn++
	case s.has(thSyn):
		syncacheAdd(lis, k, s)
	}
}

// input takes a segment to a connection.
func (tp *Tcpcb) input(s *segment) {
	s.now = kern.Coarse()
	tp.lastRcv = s.now
	if tp.keepIdle != 0 && tp.probes > 0 && tp.state.synced() {
		tp.startKeep()
	}
	if tp.state == SynSent {
		tp.inputSynSent(s)
		return
	}
	if s.has(thSyn) {
		tp.unexpectedSyn(s)
		return
	}
	s.win <<= tp.sndScale
	if !tp.checkTimestamp(s) {
		return
	}
	if s.has(thRst) {
		tp.inputRst(s)
		return
	}
	if !tp.trim(s) {
		return
	}
	if !s.has(thAck) {
		return
	}
	if len(s.data) > 0 && tp.so.State&kern.SSClosed != 0 && tp.state.sentFin() { // the user has closed it
		tcpstat.Rcvafterclose++
		tp.close()
		s.reset()
		return
	}
	if tp.state == SynReceived && (!tp.sndUna.lt(s.ack) || s.ack.gt(tp.sndMax)) {
		s.reset()
		return
	}
	if !tp.ackAcceptable(s) {
		return
	}
	if tp.flags&tfTimestamp != 0 && s.opts.ts && s.seq.leq(tp.lastAckSent) && !tsLess(s.opts.tsval, tp.tsRecent) {
		tp.tsRecent, tp.tsRecentAge = s.opts.tsval, s.now
	}
	if tp.state == SynReceived {
		tp.sndWl1, tp.sndWl2 = s.seq-1, s.ack
		tp.established()
	}
	if !tp.inputAck(s) {
		return
	}
	tp.updateWindow(s)
	tp.inputData(s)
	_ = tp.output()
}

// inputSynSent takes a segment that may answer our SYN.
func (tp *Tcpcb) inputSynSent(s *segment) {
	if s.has(thAck) && (s.ack.leq(tp.iss) || s.ack.gt(tp.sndMax)) {
		s.reset()
		return
	}
	if s.has(thRst) {
		if s.has(thAck) {
			tp.drop(syscall.ECONNREFUSED)
		}
		return
	}
	if !s.has(thSyn) {
		return
	}
	tp.irs = s.seq
	tp.rcvNxt = s.seq + 1
	tp.rcvAdv = tp.rcvNxt.add(min(tp.so.Rcv.Hiwat, 65535))
	tp.lastAckSent = tp.rcvNxt
	tp.setPeerOpts(&s.opts)
	tp.sndWnd, tp.sndWl1, tp.sndWl2 = s.win, s.seq, s.ack
	tp.maxSndWnd = max(tp.maxSndWnd, s.win)
	tp.flags |= tfAckNow
	if !s.has(thAck) { // both opened at once
		tp.state = SynReceived
		tp.sndNxt = tp.iss
		tp.rttTime = 0
		_ = tp.output()
		return
	}
	tp.measure(s)
	tp.sndUna = s.ack
	tp.flags &^= tfSynOut
	tp.rxtshift = 0
	tp.timers[timerRexmt].Stop()
	tp.established()
	s.seq++ // what follows the SYN
	s.flags &^= thSyn
	if tp.trim(s) {
		tp.inputData(s)
	}
	_ = tp.output()
}

// unexpectedSyn answers a SYN in a connection: in SYN-RECEIVED by our own, else by a
// challenge (RFC 5961, section 4).
func (tp *Tcpcb) unexpectedSyn(s *segment) {
	switch {
	case s.has(thRst):
	case tp.state == SynReceived && s.seq == tp.irs && s.has(thAck) && s.ack == tp.iss+1: // of a simultaneous open
		tp.sndWnd, tp.sndWl1, tp.sndWl2 = s.win, s.seq, s.ack
		tp.maxSndWnd = max(tp.maxSndWnd, s.win)
		tp.established()
		tp.flags |= tfAckNow
		tp.inputAck(s)
		_ = tp.output()
	case tp.state == SynReceived && s.seq == tp.irs:
		tp.sndNxt = tp.iss
		_ = tp.output()
	default:
		tp.challenge()
	}
}

// challenges counts the challenge ACKs of a second.
var (
	challenges      int
	challengeSecond time.Duration
)

// challenge has the sender of a doubtful segment show that it knows the numbers.
func (tp *Tcpcb) challenge() {
	if second := kern.Now() / time.Second; second != challengeSecond {
		challengeSecond, challenges = second, 0
	}
	if challenges++; challengeLimit != 0 && challenges > challengeLimit {
		tcpstat.ChallengeLimited++
		return
	}
	tcpstat.ChallengeAck++
	tp.flags |= tfAckNow
	_ = tp.sendAck()
}

// checkTimestamp reports whether a segment is not an old duplicate by its timestamp
// (PAWS), and answers one that is.
func (tp *Tcpcb) checkTimestamp(s *segment) bool {
	switch {
	case tp.flags&tfTimestamp == 0 || s.has(thRst):
		return true
	case !s.opts.ts: // RFC 7323, section 3.2
	case !tsLess(s.opts.tsval, tp.tsRecent):
		return true
	case s.now-tp.tsRecentAge > pawsIdle:
		tp.tsRecent = s.opts.tsval
		return true
	default:
		if len(s.data) > 0 || s.has(thFin) {
			tp.flags |= tfAckNow
			_ = tp.output()
		}
	}
	tcpstat.Pawsdrop++
	return false
}

// inputRst takes a RST: only one at exactly the next number counts (RFC 5961,
// section 3).
func (tp *Tcpcb) inputRst(s *segment) {
	switch {
	case s.seq == tp.rcvNxt || s.seq == tp.lastAckSent:
		err := error(syscall.ECONNRESET)
		switch tp.state {
		case SynReceived:
			err = syscall.ECONNREFUSED
		case Closing, LastAck, TimeWait:
			err = nil
		}
		if tp.state != TimeWait {
			tcpstat.Drops++
		}
		tp.so.Err = err
		tp.close()
	case s.seq.in(tp.rcvNxt, maxSeq(tp.rcvAdv, tp.rcvNxt+1)) && tp.state != TimeWait:
		tp.challenge()
	default:
		tcpstat.BadRst++
	}
}

// trim cuts a segment to the receive window. It reports false if nothing of it is
// acceptable, and answers it then.
func (tp *Tcpcb) trim(s *segment) bool {
	if dup := tp.rcvNxt.minus(s.seq); dup > 0 {
		fin := 0
		if s.has(thFin) {
			fin = 1
		}
		if dup > len(s.data) || dup == len(s.data) && fin == 0 {
			if len(s.data) > 0 || fin != 0 || dup > len(s.data) {
				tp.flags |= tfAckNow
			}
			if len(s.data) > 0 || fin != 0 {
				tcpstat.Rcvduppack++
				tcpstat.Rcvdupbyte += uint64(len(s.data))
				if tp.state == TimeWait {
					tp.timeWait()
				}
			}
			s.flags &^= thFin
			dup = len(s.data)
			s.seq = tp.rcvNxt.add(-dup)
		}
		s.data = s.data[dup:]
		s.seq = tp.rcvNxt
	}
	window := max(tp.rcvWindow(), tp.rcvAdv.minus(tp.rcvNxt))
	beyond := s.seq.add(len(s.data)).minus(tp.rcvNxt.add(window))
	if beyond <= 0 {
		return true
	}
	tcpstat.Rcvafterwin++
	if beyond >= len(s.data) {
		tp.flags |= tfAckNow
		if s.seq != tp.rcvNxt { // nothing of it is in the window
			_ = tp.output()
			return false
		}
		tcpstat.Rcvwinprobe++
	}
	s.data = s.data[:len(s.data)-min(beyond, len(s.data))]
	s.flags &^= thFin
	return true
}

// measure takes the round trip that a segment shows: of a byte that was sent once,
// or, when bytes were sent twice, by the timestamp.
func (tp *Tcpcb) measure(s *segment) {
	switch {
	case tp.rttTime != 0 && s.ack.gt(tp.rttSeq):
		tp.rttUpdate(kern.Now() - tp.rttTime)
		tp.rttTime = 0
	case tp.rttTime == 0 && tp.flags&tfTimestamp != 0 && s.opts.ts && s.opts.tsecr != 0:
		if ms := tp.tsNow() - s.opts.tsecr; ms < 1<<20 {
			tp.rttUpdate(time.Duration(ms) * time.Millisecond)
		}
	}
}

// ackAcceptable reports whether an acknowledgement is of data sent, and not too
// old (RFC 5961, section 5). It answers one that is not. Nothing of such a segment
// counts, its timestamp neither.
func (tp *Tcpcb) ackAcceptable(s *segment) bool {
	switch {
	case s.ack.gt(tp.sndMax):
		tcpstat.Rcvacktoomuch++
	case !s.ack.lt(tp.sndUna.add(-tp.maxSndWnd)):
		return true
	}
	tp.challenge()
	return false
}

// inputAck takes the acknowledgement. It reports false if the segment is done with.
func (tp *Tcpcb) inputAck(s *segment) bool {
	had := tp.sackedBytes
	sacked := tp.sackUpdate(s)
	acked := max(0, s.ack.minus(tp.sndUna))
	delivered := acked + tp.sackedBytes - had
	if tp.recovering {
		tp.prr.delivered += delivered
	}
	if acked == 0 {
		tp.inputDupAck(s, sacked, delivered)
		return true
	}
	tp.measure(s)
	tp.rxtshift = 0
	finAcked := tp.dropAcked(s.ack)
	if tp.sndNxt.lt(tp.sndUna) {
		tp.sndNxt = tp.sndUna
	}
	if tp.sndUna == tp.sndMax {
		tp.timers[timerRexmt].Stop()
	} else {
		tp.rxtReset()
	}
	tp.ackedData(acked, delivered)
	if !finAcked {
		return true
	}
	switch tp.state {
	case FinWait1:
		tp.state = FinWait2
		if tp.so.State&kern.SSClosed != 0 {
			tp.setTimer(timer2MSL, finwait2Timeout)
		}
	case Closing:
		tp.timeWait()
	case LastAck:
		tp.close()
		return false
	}
	return true
}

// dropAcked removes acknowledged data from the send buffer. It reports whether our
// FIN is.
func (tp *Tcpcb) dropAcked(ack seq) (finAcked bool) {
	n := ack.minus(tp.sndUna)
	if tp.flags&tfSynOut != 0 {
		tp.flags &^= tfSynOut
		n--
	}
	tp.sndUna = ack
	if have := tp.so.Snd.Len(); n > have {
		n, finAcked = have, tp.flags&tfFinSent != 0
	}
	if n > 0 {
		tp.so.Snd.Drop(n)
		tp.so.Sowwakeup()
	}
	return finAcked
}

// updateWindow takes the peer's window from a segment that is not older than the
// last one it was taken from.
func (tp *Tcpcb) updateWindow(s *segment) {
	if !tp.sndWl1.lt(s.seq) && !(tp.sndWl1 == s.seq && (tp.sndWl2.lt(s.ack) || tp.sndWl2 == s.ack && s.win > tp.sndWnd)) {
		return
	}
	if tp.sndWnd == 0 && s.win > 0 && tp.timers[timerPersist].Pending() {
		tp.timers[timerPersist].Stop()
		tp.rxtshift = 0
	}
	tp.sndWnd, tp.sndWl1, tp.sndWl2 = s.win, s.seq, s.ack
	tp.maxSndWnd = max(tp.maxSndWnd, s.win)
}

// inputData takes data and the FIN.
func (tp *Tcpcb) inputData(s *segment) {
	fin := s.has(thFin)
	if len(s.data) == 0 && !fin || tp.state.gotFin() || !tp.state.synced() {
		return
	}
	if s.seq != tp.rcvNxt || len(tp.reass) > 0 {
		tp.flags |= tfAckNow
		if fin = tp.reassemble(s); !fin {
			return
		}
	} else {
		tp.deliver(s.data)
		if fin || len(s.data) >= 2*tp.mss() || tp.flags&tfDelAck != 0 || delackTime == 0 {
			tp.flags |= tfAckNow
		} else {
			tp.flags |= tfDelAck
			tp.setTimer(timerDelack, delackTime)
		}
		tp.so.Sorwakeup()
	}
	if fin {
		tp.inputFin()
	}
}

// deliver appends bytes to the receive buffer, unless the user has shut reading
// down.
func (tp *Tcpcb) deliver(b []byte) {
	tcpstat.Rcvpack++
	tcpstat.Rcvbyte += uint64(len(b))
	n := len(b)
	if !tp.so.Rcv.Shut {
		n = tp.so.Rcv.Append(b) // all of it, since it is in the window
	}
	tp.rcvNxt = tp.rcvNxt.add(n)
}

// inputFin takes the peer's FIN, when all before it has come.
func (tp *Tcpcb) inputFin() {
	tp.rcvNxt++
	tp.flags |= tfAckNow
	tp.so.Socantrcvmore()
	switch tp.state {
	case Established:
		tp.state = CloseWait
	case FinWait1:
		tp.state = Closing
	case FinWait2:
		_ = tp.sendAck()
		tp.timeWait()
	}
}
