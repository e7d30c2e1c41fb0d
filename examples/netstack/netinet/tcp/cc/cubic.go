package cc

import (
	"math"
	"time"
)

// Constants of RFC 9438, section 4.6.
const (
	cubicC    = 0.4
	cubicBeta = 0.7
)

// cubic is a connection's state, with windows in segments.
type cubic struct {
	wMax, k, wEst float64
	part          float64       // of a byte that the window grew by
	epoch         time.Duration // when this growth began, 0 if it has not
}

func cubicOf(c *Conn) *cubic {
	d, ok := c.Data.(*cubic)
	if !ok {
		d = new(cubic)
		c.Data = d
	}
	return d
}

func cubicAck(c *Conn, acked, flight int) {
	d := cubicOf(c)
	if !c.Limited(flight) {
		d.epoch = 0 // the curve does not run on while nothing is sent
		return
	}
	if c.Cwnd < c.Ssthresh {
		c.SlowStart(acked)
		return
	}
	mss := float64(c.MSS)
	cwnd := float64(c.Cwnd) / mss
	now := max(1, c.Now)
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
		c.Cwnd = min(max(c.Cwnd, int(d.wEst*mss)), Most)
		return
	}
	t += c.SRTT.Seconds()
	target := min(max(cubicC*t*t*t+d.wMax, cwnd), 1.5*cwnd)
	d.part += (target - cwnd) / cwnd * segments * mss
	whole := math.Floor(d.part)
	d.part -= whole
	c.Cwnd = min(c.Cwnd+int(whole), Most)
}

func cubicCongestion(c *Conn, flight int, _ bool) {
	d := cubicOf(c)
	flight = min(flight, c.Cwnd)
	w := float64(flight) / float64(c.MSS)
	if w < d.wMax { // fast convergence
		d.wMax = w * (1 + cubicBeta) / 2
	} else {
		d.wMax = w
	}
	d.epoch = 0
	c.Ssthresh = max(int(float64(flight)*cubicBeta), 2*c.MSS)
}
