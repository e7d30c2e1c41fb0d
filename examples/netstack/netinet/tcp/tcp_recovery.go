//go:build !vimage

package tcp

import "github.com/go-vimage/vimage/examples/netstack/kern"

// flight returns the bytes between the oldest that is not acknowledged and the next
// to be sent.
func (tp *Tcpcb) flight() int { return tp.sndNxt.minus(tp.sndUna) }

// limitedTransmit returns how much more than the congestion window may be sent on
// the first duplicates (RFC 3042).
func (tp *Tcpcb) limitedTransmit() int {
	if tp.recovering {
		return 0
	}
	return min(tp.dupacks, dupThresh-1) * tp.mss()
}

// inputDupAck takes an acknowledgement of nothing new. Sacked is what is new in its
// blocks. With SACK that alone makes a duplicate (RFC 6675, section 2): segments of a
// peer that sends data too carry blocks, and so do those that were overtaken. The
// answer to a probe of a closed window, for which no retransmission waits, is none.
func (tp *Tcpcb) inputDupAck(s *segment, sacked, delivered int) {
	switch {
	case tp.sndUna == tp.sndMax, !tp.timers[timerRexmt].Pending(),
		tp.flags&tfSack != 0 && sacked == 0,
		tp.flags&tfSack == 0 && (s.ack != tp.sndUna || len(s.data) > 0 || s.has(thFin) || s.win != tp.sndWnd):
		return
	}
	tcpstat.Rcvdupack++
	tp.dupacks++
	if tp.recovering {
		if tp.flags&tfSack == 0 {
			tp.cc.Cwnd += tp.mss()
		} else {
			tp.prrUpdate(delivered, false)
		}
		return
	}
	fresh := tp.sndUna.gt(tp.recover) || tp.flags&tfSack != 0 && tp.sndUna == tp.recover
	if fresh && (tp.dupacks >= dupThresh || tp.firstLost()) {
		tp.enterRecovery(delivered)
	}
}

// enterRecovery begins fast recovery with the fast retransmission. Delivered is what
// the acknowledgement says that it begins with.
func (tp *Tcpcb) enterRecovery(delivered int) {
	tcpstat.FastRexmit++
	tp.recovering, tp.rescued, tp.partial = true, false, false
	tp.recover = tp.sndMax
	tp.ccCongestion(false)
	tp.rttTime = 0
	tp.highRxt = tp.sndUna
	if tp.flags&tfSack != 0 {
		tcpstat.SackRecovery++
		tp.prr = prr{flight: tp.sndMax.minus(tp.sndUna) - tp.sackedBytes + delivered, delivered: delivered}
		tp.prrUpdate(delivered, false)
	} else {
		tp.cc.Cwnd = tp.cc.Ssthresh + dupThresh*tp.mss()
	}
	tp.resendFirst()
	tp.rxtReset()
}

// resendFirst sends the oldest segment again.
func (tp *Tcpcb) resendFirst() {
	n := min(tp.mss(), tp.sndMax.minus(tp.sndUna))
	if s := tp.sackedFrom(tp.sndUna); s >= 0 {
		n = min(n, s)
	}
	_ = tp.resend(tp.sndUna, n)
	tp.highRxt = maxSeq(tp.highRxt, tp.sndUna.add(n))
}

// resend sends n sequence numbers again, the last of which may be the FIN's.
func (tp *Tcpcb) resend(s seq, n int) error {
	flags := thAck
	if data := tp.so.Snd.Len() - s.minus(tp.sndUna); n > data {
		n = max(0, data)
		flags |= thFin
	}
	return tp.send(s, n, flags)
}

// sendNew sends a segment of new data, or the FIN, if the peer's window has room,
// and returns its length.
func (tp *Tcpcb) sendNew(most int) int {
	off, queued := tp.sndNxt.minus(tp.sndUna), tp.so.Snd.Len()
	n := max(0, min(queued, tp.sndWnd)-off)
	n = min(n, most)
	flags := thAck
	fin := 0
	if off+n == queued && tp.finDue() {
		flags |= thFin
		fin = 1
	}
	if n == 0 && fin == 0 || tp.send(tp.sndNxt, n, flags) != nil {
		return 0
	}
	return n + fin
}

// ackedData is called when bytes were acknowledged. Delivered is less if blocks
// reported some of them before, or, without SACK, duplicates.
func (tp *Tcpcb) ackedData(acked, delivered int) {
	mss := tp.mss()
	if !tp.recovering {
		if tp.flags&tfSack == 0 {
			delivered = max(0, acked-tp.dupacks*mss)
		}
		tp.dupacks = 0
		tp.recover = maxSeq(tp.recover, tp.sndUna-1) // so that it is never too old to compare
		switch {
		case tp.sndUna.gt(tp.recover) && tp.firstLost(): // its blocks show a loss, and no duplicate may come
			tp.enterRecovery(delivered)
		case tp.state.synced() && delivered > 0:
			tp.ccAck(delivered, tp.maxFlight)
		}
		return
	}
	if tp.sndUna.geq(tp.recover) {
		tp.recovering, tp.dupacks = false, 0
		if tp.cc.Cwnd = tp.cc.Ssthresh; tp.flags&tfSack == 0 {
			tp.cc.Cwnd = min(tp.cc.Ssthresh, max(tp.sndMax.minus(tp.sndUna), mss)+mss)
		}
		return
	}
	tp.partial = true
	if tp.flags&tfSack == 0 { // a partial one: the next segment is lost too
		tp.resendFirst()
		tp.cc.Cwnd -= acked
		if acked >= mss {
			tp.cc.Cwnd += mss
		}
		tp.cc.Cwnd = max(tp.cc.Cwnd, mss)
	} else {
		tp.prrUpdate(delivered, true)
	}
}

// noteFlight keeps the largest flight of a round trip. By that, and not by what is
// left of it when an acknowledgement comes, it is known whether the congestion window
// is what limits the sender (RFC 7661).
func (tp *Tcpcb) noteFlight() {
	if flight := tp.flight(); flight > tp.maxFlight || tp.sndUna.geq(tp.flightEnd) {
		tp.maxFlight, tp.flightEnd = flight, tp.sndNxt
	}
}

// lossTimeout is called when nothing was acknowledged until the timer.
func (tp *Tcpcb) lossTimeout() {
	if tp.rxtshift == 1 {
		tp.ccCongestion(true)
	}
	tp.cc.Cwnd = tp.mss()
	tp.recovering, tp.dupacks = false, 0
	tp.recover = tp.sndMax
	tp.scoreboard, tp.sackedBytes = nil, 0 // the peer may have thrown it away
}

// restartIdle has a connection that was silent begin slowly (RFC 5681, section 4.1).
func (tp *Tcpcb) restartIdle() {
	if slowStartAfterIdle && tp.sndUna == tp.sndMax && tp.so.Snd.Len() > 0 && kern.Now()-tp.lastRcv > tp.rto {
		tp.cc.Cwnd = min(tp.cc.Cwnd, initcwndSegments*tp.mss())
	}
}
