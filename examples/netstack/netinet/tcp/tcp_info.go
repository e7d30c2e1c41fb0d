//go:build !vimage

package tcp

import (
	"time"

	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// An Info is a copy of a connection's state, as BSD's and Linux's
// struct tcp_info. Windows and amounts are bytes.
type Info struct {
	State             State
	MSS, AdvMSS       int // of data in a segment sent; our SYN's option
	Cwnd, Ssthresh    int
	SndWnd, RcvWnd    int
	Unacked, Sacked   int
	DupAcks           int
	FastRecovery      bool // since duplicates showed a loss
	LossRecovery      bool // since a timeout
	SRTT, RTTVar, RTO time.Duration
	Backoff           int // times that RTO doubled
}

// InfoOf returns the state of an end point of TCP.
func InfoOf(inp *netinet.Inpcb) Info {
	tp := inp.Ppcb.(*Tcpcb)
	return Info{
		State: tp.state, MSS: tp.mss(), AdvMSS: tp.ownMSS(), Cwnd: tp.cc.Cwnd, Ssthresh: tp.cc.Ssthresh,
		SndWnd: tp.sndWnd, RcvWnd: tp.rcvWindow(), Unacked: tp.sndMax.minus(tp.sndUna), Sacked: tp.sackedBytes,
		DupAcks: tp.dupacks, FastRecovery: tp.recovering, LossRecovery: !tp.recovering && tp.sndUna.lt(tp.recover),
		SRTT: tp.srtt, RTTVar: tp.rttvar, RTO: tp.rto, Backoff: tp.rxtshift,
	}
}
