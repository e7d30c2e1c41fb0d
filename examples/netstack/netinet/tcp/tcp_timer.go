//go:build !vimage

package tcp

import (
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// Timers of a connection.
const (
	timerRexmt = iota
	timerPersist
	timerKeep // also bounds the time to connect
	timer2MSL // also bounds FIN-WAIT-2
	timerDelack
	timerCount
)

func (tp *Tcpcb) initTimers() {
	tp.funcs = [timerCount]func(){tp.rexmtTimeout, tp.persistTimeout, tp.keepTimeout, tp.close2MSL, tp.delackTimeout}
}

func (tp *Tcpcb) setTimer(which int, d time.Duration) { tp.timers[which].Reset(d, tp.funcs[which]) }

func (tp *Tcpcb) stopTimers() {
	for i := range tp.timers {
		tp.timers[i].Stop()
	}
}

// tsNow returns the timestamp of now, in milliseconds.
func (tp *Tcpcb) tsNow() uint32 { return uint32(kern.Coarse()/time.Millisecond) + tp.tsOffset }

// rttUpdate takes a measured round trip, as RFC 6298 says.
func (tp *Tcpcb) rttUpdate(rtt time.Duration) {
	tcpstat.Rttupdated++
	rtt = max(rtt, time.Microsecond)
	if tp.srtt == 0 {
		tp.srtt, tp.rttvar = rtt, rtt/2
	} else {
		d := tp.srtt - rtt
		if d < 0 {
			d = -d
		}
		tp.rttvar += (d - tp.rttvar) / 4
		tp.srtt += (rtt - tp.srtt) / 8
	}
	tp.rto = min(max(tp.srtt+max(4*tp.rttvar, time.Millisecond), rexmitMin), rexmitMax)
	tp.rxtshift = 0
}

// backoff returns the retransmission timeout, after rxtshift of them.
func (tp *Tcpcb) backoff() time.Duration { return min(tp.rto<<tp.rxtshift, rexmitMax) }

func (tp *Tcpcb) rxtReset() { tp.setTimer(timerRexmt, tp.backoff()) }

// rexmtTimeout sends again from the oldest byte that is not acknowledged.
func (tp *Tcpcb) rexmtTimeout() {
	tcpstat.Rexmttimeo++
	limit := maxRxtshift
	if !tp.state.synced() {
		limit = maxSynRexmit
	}
	if tp.rxtshift++; tp.rxtshift > limit {
		tcpstat.Timeoutdrop++
		tp.drop(tp.timeoutError())
		return
	}
	tp.rttTime = 0 // Karn
	if tp.state.synced() {
		tp.lossTimeout()
	}
	tp.sndNxt = tp.sndUna
	_ = tp.output() // which sets the timer, or that of persist if the window is closed
}

func (tp *Tcpcb) timeoutError() error {
	if tp.softError != nil {
		return tp.softError
	}
	return syscall.ETIMEDOUT
}

// maybePersist begins to probe a closed window if data waits and nothing else would
// have it sent.
func (tp *Tcpcb) maybePersist() {
	if tp.so.Snd.Len() > 0 && !tp.timers[timerRexmt].Pending() && !tp.timers[timerPersist].Pending() {
		tp.rxtshift = 0
		tp.persistReset()
	}
}

func (tp *Tcpcb) persistReset() {
	tp.setTimer(timerPersist, min(max(tp.rto<<tp.rxtshift, persistMin), persistMax))
}

// persistTimeout probes the window with one byte.
func (tp *Tcpcb) persistTimeout() {
	tcpstat.Persisttimeo++
	if tp.so.Snd.Len() == 0 {
		return
	}
	if tp.sndWnd > 0 { // there is room, but not for a segment: silly windows end here
		tp.maxSndWnd = min(tp.maxSndWnd, 2*tp.sndWnd)
		if _ = tp.output(); tp.timers[timerRexmt].Pending() {
			return
		}
	}
	gone := tp.so.State&kern.SSClosed != 0
	if tp.rxtshift >= maxRxtshift && (gone || kern.Now()-tp.lastRcv > time.Duration(keepCnt)*keepIntvl) {
		tcpstat.Timeoutdrop++
		tp.drop(tp.timeoutError())
		return
	}
	tcpstat.Sndprobe++
	tp.sndMax = maxSeq(tp.sndMax, tp.sndUna.add(1))
	_ = tp.transmit(tp.sndUna, 1, thAck)
	tp.rxtshift = min(tp.rxtshift+1, maxRxtshift)
	tp.persistReset()
}

// keepTimeout gives a connection up that was not made in time, or probes an idle
// one.
func (tp *Tcpcb) keepTimeout() {
	tcpstat.Keeptimeo++
	switch {
	case !tp.state.synced():
		tcpstat.Keepdrops++
		tp.drop(tp.timeoutError())
		return
	case tp.keepIdle == 0 || tp.state == TimeWait:
		return
	}
	if idle := kern.Now() - tp.lastRcv; idle < tp.keepIdle {
		tp.probes = 0
		tp.setTimer(timerKeep, tp.keepIdle-idle)
		return
	}
	if tp.probes >= keepCnt {
		tcpstat.Keepdrops++
		tp.drop(tp.timeoutError())
		return
	}
	tp.probes++
	tcpstat.Keepprobe++
	_ = tp.transmit(tp.sndUna-1, 0, thAck) // not acceptable: the peer answers by an ACK
	tp.setTimer(timerKeep, keepIntvl)
}

// startKeep sets the timer of keepalive anew.
func (tp *Tcpcb) startKeep() {
	tp.probes = 0
	if tp.keepIdle == 0 {
		tp.timers[timerKeep].Stop()
		return
	}
	tp.setTimer(timerKeep, tp.keepIdle)
}

func (tp *Tcpcb) close2MSL() { tp.close() }

func (tp *Tcpcb) delackTimeout() {
	if tp.flags&tfDelAck != 0 {
		tp.flags = tp.flags&^tfDelAck | tfAckNow
		tcpstat.Delack++
		_ = tp.output()
	}
}
