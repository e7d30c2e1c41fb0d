//go:build !vimage

package tcp

import (
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
)

// ccUpdate sets the algorithm's inputs.
func (tp *Tcpcb) ccUpdate() {
	tp.cc.MSS, tp.cc.SRTT, tp.cc.Now = tp.mss(), tp.srtt, kern.Coarse()
	tp.cc.Burst = 2 * tp.cc.MSS // RFC 3465
	if doTSO {
		tp.cc.Burst = maxSuper // acknowledgements are of super-segments
	}
}

// ccAck is called when bytes were acknowledged, of which flight were on their way.
func (tp *Tcpcb) ccAck(acked, flight int) {
	tp.ccUpdate()
	cc.Ack(&tp.cc, acked, flight)
}

// ccCongestion sets ssthresh, at the beginning of recovery or at a timeout.
func (tp *Tcpcb) ccCongestion(timeout bool) {
	tp.ccUpdate()
	cc.Congestion(&tp.cc, tp.sndMax.minus(tp.sndUna), timeout)
}
