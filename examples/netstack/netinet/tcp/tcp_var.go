//go:build !vimage

package tcp

import (
	"net/netip"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
)

// A State is that of a connection, by its name of RFC 9293.
type State uint8

const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	CloseWait
	FinWait1
	Closing
	LastAck
	FinWait2
	TimeWait
)

func (s State) String() string {
	return [...]string{
		"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-1", "CLOSING", "LAST-ACK",
		"FIN-WAIT-2", "TIME-WAIT",
	}[s]
}

// sentFin reports whether the state is one in which our FIN is to be sent.
func (s State) sentFin() bool {
	return s == FinWait1 || s == Closing || s == LastAck || s == FinWait2 || s == TimeWait
}

// gotFin reports whether the state is one in which the peer's FIN came.
func (s State) gotFin() bool {
	return s == CloseWait || s == Closing || s == LastAck || s == TimeWait
}

// synced reports whether both SYNs have been seen.
func (s State) synced() bool { return s >= Established }

// Flags of a connection.
const (
	tfNoDelay   uint16 = 1 << iota
	tfAckNow           // an ACK is due at once
	tfDelAck           // an ACK is due at the timer
	tfNeedFin          // closed before it was established
	tfTimestamp        // both sides have them
	tfSack             // both sides permit it
	tfWScale           // both sides scale
	tfSynOut           // our SYN is not acknowledged
	tfLinger0          // close by RST
	tfFinSent
)

// A Tcpcb is a connection's control block. Sequence variables have the names of
// RFC 9293.
type Tcpcb struct {
	inp   *netinet.Inpcb
	so    *kern.Socket
	state State
	flags uint16

	// Send.
	sndUna, sndNxt, sndMax seq // the oldest not acknowledged; the next to send; the end of all data sent
	iss, sndWl1, sndWl2    seq
	sndWnd, maxSndWnd      int
	maxseg                 int // bytes of data that a segment has room for, options apart
	userMSS                int // the user's limit of maxseg, and of our SYN's option; 0: none
	sndScale, rcvScale     uint8

	// Receive.
	rcvNxt, irs, rcvAdv seq // rcvAdv: the end of the window that the peer knows of
	lastAckSent         seq
	reass               []reassSeg
	reassLen            int
	rcvSack             [maxSack]sackBlock // runs above rcvNxt, the one that came last first
	nrcvSack            int

	// Timestamps.
	tsRecent    uint32
	tsRecentAge time.Duration
	tsOffset    uint32

	// Round-trip time, RFC 6298.
	srtt, rttvar, rto time.Duration
	rttTime           time.Duration // when rttSeq was sent, 0 if nothing is timed
	rttSeq            seq
	rxtshift          int

	// Congestion control and recovery.
	cc          cc.Conn
	dupacks     int
	recovering  bool // fast recovery
	recover     seq  // sndMax when it began, or at the last timeout
	scoreboard  []sackBlock
	sackedBytes int
	highRxt     seq  // the end of the data that recovery sent again
	rescued     bool // RFC 6675's rescue retransmission was made
	partial     bool // recovery has had a partial acknowledgement
	prr         prr
	maxFlight   int // the largest flight until flightEnd is acknowledged
	flightEnd   seq

	softError error
	lastRcv   time.Duration // when a segment came, for keepalive
	keepIdle  time.Duration // 0: no keepalive
	probes    int

	timers [timerCount]kern.Callout
	funcs  [timerCount]func() // made once, since a method value is an allocation

	laddr, faddr netip.AddrPort // when inp is detached
}

// TCPStat counts segments, and events of connections.
type TCPStat struct {
	Connattempt, Accepts, Connects, Drops, Conndrops, Closed                         uint64
	Sndtotal, Sndpack, Sndbyte, Sndrexmitpack, Sndrexmitbyte, Sndacks, Sndctrl       uint64
	Sndprobe, Sndwinup, Sndrst                                                       uint64
	Rcvtotal, Rcvpack, Rcvbyte, Rcvbadsum, Rcvbadoff, Rcvshort                       uint64
	Rcvduppack, Rcvdupbyte, Rcvoopack, Rcvoobyte, Rcvafterwin, Rcvafterclose         uint64
	Rcvacktoomuch, Rcvdupack, Rcvwinprobe, Pawsdrop, Badsyn, NoPort                  uint64
	Segstimed, Rttupdated, Delack, Rexmttimeo, Timeoutdrop, Persisttimeo             uint64
	Keeptimeo, Keepprobe, Keepdrops, FastRexmit, SackRecovery, SackRexmit            uint64
	ReassOverflow, ChallengeAck, ChallengeLimited, BadRst, MTUReduced, ListenDrop    uint64
	ScAdded, ScCompleted, ScDropped, ScOverflow, ScStale, ScCookieSent, ScCookieRecv uint64
}

//vimage:pcpustat
var tcpstat TCPStat

// Tcpstat returns the counters.
func Tcpstat() TCPStat { return tcpstat }

var tcbinfo netinet.Inpcbinfo

// Pcbs returns the end points of TCP.
func Pcbs() []*netinet.Inpcb { return tcbinfo.All() }

// StateOf returns the state of an end point of TCP.
func StateOf(inp *netinet.Inpcb) State { return inp.Ppcb.(*Tcpcb).state }

// Settings.
var (
	//vimage:sysctl net.inet.tcp.sendspace rw "Bytes that wait in a socket to be acknowledged" min=2048
	sendspace = 512 << 10
	//vimage:sysctl net.inet.tcp.recvspace rw "Bytes that wait in a socket to be read: the largest window" min=2048
	recvspace = 512 << 10
	//vimage:sysctl net.inet.tcp.rfc1323 rw "Window scaling and timestamps"
	doRFC1323 = true
	//vimage:sysctl net.inet.tcp.sack rw "Selective acknowledgements"
	doSack = true
	//vimage:sysctl net.inet.tcp.tso rw "Super-segments, where the interface takes them"
	doTSO = true
	//vimage:sysctl net.inet.tcp.nodelay rw "New sockets send small segments at once, as those of package net do"
	noDelay = true
	//vimage:sysctl net.inet.tcp.msl rw "Maximum segment lifetime: TIME-WAIT lasts twice as long" min=1ms
	msl = 30 * time.Second
	//vimage:sysctl net.inet.tcp.finwait2_timeout rw "How long a closed connection waits for the peer's FIN" min=1ms
	finwait2Timeout = 60 * time.Second
	//vimage:sysctl net.inet.tcp.rexmit_min rw "The least retransmission timeout" min=1ms
	rexmitMin = 200 * time.Millisecond
	//vimage:sysctl net.inet.tcp.rexmit_initial rw "The retransmission timeout before a round trip was measured" min=1ms
	rexmitInitial = time.Second
	//vimage:sysctl net.inet.tcp.delacktime rw "How long an ACK is put off" min=0s max=500ms
	delackTime = 40 * time.Millisecond
	//vimage:sysctl net.inet.tcp.keepintvl rw "Time between keepalive probes" min=1ms
	keepIntvl = 75 * time.Second
	//vimage:sysctl net.inet.tcp.keepcnt rw "Keepalive probes without an answer that end a connection" min=1
	keepCnt = 8
	//vimage:sysctl net.inet.tcp.keepinit rw "How long to wait for a connection" min=1ms
	keepInit = 75 * time.Second
	//vimage:sysctl net.inet.tcp.blackhole rw "No RST for segments to ports that are not bound"
	blackhole = false
	//vimage:sysctl net.inet.tcp.initcwnd_segments rw "Segments of the initial congestion window" min=1 max=100
	initcwndSegments = 10
	//vimage:sysctl net.inet.tcp.slowstart_after_idle rw "Begin with the initial window after a silence (RFC 5681, 4.1)"
	slowStartAfterIdle = true
	//vimage:sysctl net.inet.tcp.challenge_limit rw "Challenge ACKs in a second, 0 for no limit" min=0
	challengeLimit = 1000
	//vimage:sysctl net.inet.tcp.mssdflt rw "Segment size of a peer that says none" min=48
	mssDefault = 536
	//vimage:sysctl net.inet.tcp.minmss rw "The least segment size that a peer or a router may ask for" min=48
	minMSS = 216
)

// Limits of the timers.
const (
	rexmitMax    = 60 * time.Second
	persistMin   = 500 * time.Millisecond
	persistMax   = 60 * time.Second
	maxRxtshift  = 12
	pawsIdle     = 24 * 24 * time.Hour // after which a timestamp is too old to compare
	maxSynRexmit = 6
)
