package tcp

// prr is Proportional Rate Reduction (RFC 9937): in recovery with SACK it spreads what
// may be sent over the acknowledgements, so that the flight shrinks to ssthresh
// without a pause and without a burst.
type prr struct {
	flight    int // when recovery began
	delivered int // since then
	out       int // sent since then
}

// prrUpdate sets the congestion window for an acknowledgement in recovery, of which
// delivered is new. Advanced says that sndUna moved.
func (tp *Tcpcb) prrUpdate(delivered int, advanced bool) {
	p, mss, pipe := &tp.prr, tp.mss(), tp.pipe()
	var n int
	if pipe > tp.cc.Ssthresh {
		n = (p.delivered*tp.cc.Ssthresh+p.flight-1)/max(p.flight, 1) - p.out
	} else {
		n = max(p.delivered-p.out, delivered)
		if advanced { // no more is lost: slow start back to ssthresh
			n += mss
		}
		n = min(n, tp.cc.Ssthresh-pipe)
	}
	tp.cc.Cwnd = pipe + max(n, 0)
}
