//go:build !vimage

package tcp

import (
	"math"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// A ccAlgo is an algorithm of congestion control.
type ccAlgo struct {
	name string
	init func(tp *Tcpcb)
	// ack is called when bytes were acknowledged, out of recovery. Flight is what was
	// on its way before.
	ack func(tp *Tcpcb, acked, flight int)
	// congestion sets ssthresh, at the beginning of recovery or at a timeout.
	congestion func(tp *Tcpcb, timeout bool)
}

// ccAlgos are the algorithms, by the numbers of ccAlgorithm.
var ccAlgos = [...]*ccAlgo{
	{"newreno", newrenoInit, newrenoAck, newrenoCongestion},
	{"cubic", cubicInit, cubicAck, cubicCongestion},
}

//vimage:sysctl net.inet.tcp.cc.algorithm rw "Congestion control of new connections" enum=newreno,cubic
var ccAlgorithm = 1

// ccData is the algorithms' part of a connection.
type ccData struct {
	counted int // bytes acknowledged since the window grew

	// CUBIC's, windows in segments.
	wMax, k, wEst float64
	part          float64       // of a byte that the window grew by
	epoch         time.Duration // when this growth began, 0 if it has not
}

// limited reports whether the congestion window is what keeps the sender from
// sending more.
func (tp *Tcpcb) limited(flight int) bool {
	if tp.cwnd < tp.ssthresh {
		return 2*flight >= tp.cwnd
	}
	return flight+3*tp.mss() >= tp.cwnd
}

// maxCwnd bounds the window by what the peer could ever take.
const maxCwnd = 65535 << maxWScale

// slowStart grows the window by what was acknowledged, two segments at most (RFC
// 3465), or more of a super-segment's.
func (tp *Tcpcb) slowStart(acked int) {
	limit := 2 * tp.mss()
	if doTSO {
		limit = maxSuper
	}
	tp.cwnd = min(tp.cwnd+min(acked, limit), maxCwnd)
}

func newrenoInit(tp *Tcpcb) { tp.ccData = ccData{} }

func newrenoAck(tp *Tcpcb, acked, flight int) {
	switch {
	case !tp.limited(flight):
	case tp.cwnd < tp.ssthresh:
		tp.slowStart(acked)
	default:
		if tp.ccData.counted += acked; tp.ccData.counted >= tp.cwnd {
			tp.ccData.counted -= tp.cwnd
			tp.cwnd = min(tp.cwnd+tp.mss(), maxCwnd)
		}
	}
}

func newrenoCongestion(tp *Tcpcb, _ bool) {
	tp.ssthresh = max(min(tp.sndMax.minus(tp.sndUna), tp.cwnd)/2, 2*tp.mss())
	tp.ccData.counted = 0
}

// CUBIC's constants (RFC 9438, section 4.6).
const (
	cubicC    = 0.4
	cubicBeta = 0.7
)

func cubicInit(tp *Tcpcb) { tp.ccData = ccData{} }

func cubicAck(tp *Tcpcb, acked, flight int) {
	d := &tp.ccData
	if !tp.limited(flight) {
		d.epoch = 0 // the curve does not run on while nothing is sent
		return
	}
	if tp.cwnd < tp.ssthresh {
		tp.slowStart(acked)
		return
	}
	mss := float64(tp.mss())
	cwnd := float64(tp.cwnd) / mss
	now := max(1, kern.Now())
	if d.epoch == 0 {
		d.epoch, d.wEst = now, cwnd
		if cwnd < d.wMax {
			d.k = math.Cbrt((d.wMax - cwnd) / cubicC)
		} else {
			d.k, d.wMax = 0, cwnd
		}
	}
	segments := float64(acked) / mss
	alpha := 1.0
	if d.wEst < d.wMax {
		alpha = 3 * (1 - cubicBeta) / (1 + cubicBeta)
	}
	d.wEst += alpha * segments / cwnd
	t := (now - d.epoch).Seconds() - d.k
	at := cubicC*t*t*t + d.wMax
	if at < d.wEst { // Reno would be faster
		tp.cwnd = min(max(tp.cwnd, int(d.wEst*mss)), maxCwnd)
		return
	}
	t += tp.srtt.Seconds()
	target := min(max(cubicC*t*t*t+d.wMax, cwnd), 1.5*cwnd)
	d.part += (target - cwnd) / cwnd * segments * mss
	whole := math.Floor(d.part)
	d.part -= whole
	tp.cwnd = min(tp.cwnd+int(whole), maxCwnd)
}

func cubicCongestion(tp *Tcpcb, timeout bool) {
	d := &tp.ccData
	mss := tp.mss()
	flight := min(tp.sndMax.minus(tp.sndUna), tp.cwnd)
	w := float64(flight) / float64(mss)
	if w < d.wMax { // fast convergence
		d.wMax = w * (1 + cubicBeta) / 2
	} else {
		d.wMax = w
	}
	d.epoch = 0
	tp.ssthresh = max(int(float64(flight)*cubicBeta), 2*mss)
}
