// Package tcp is the transmission control protocol, RFC 9293, over package netinet.
//
// Input: segments from IP, and calls of the socket layer, by the Protosw of either.
// Output: segments by netinet.IPOutput, bytes in the sockets' buffers, and the
// counters [Tcpstat]. All of it needs Giant (package kern).
//
//	tcp_input.go     a segment that came, in the order of RFC 9293, section 3.10.7
//	tcp_output.go    what to send now: data, FIN, ACK, window updates, probes
//	tcp_timer.go     retransmission (RFC 6298), persist, keepalive, 2MSL, delayed ACK
//	tcp_usrreq.go    the socket layer's calls
//	tcp_syncache.go  connections that a listener has heard of, and SYN cookies
//	tcp_reass.go     segments that came out of order
//	tcp_sack.go      both sides of SACK (RFC 2018), loss recovery (RFC 6675)
//	tcp_recovery.go  fast retransmit and recovery, NewReno (RFC 6582)
//	tcp_prr.go       Proportional Rate Reduction (RFC 9937)
//	tcp_info.go      the state of a connection, for other packages
//	tcp_cc.go        calls of package cc, which is congestion control
//
// It has window scaling, timestamps and PAWS (RFC 7323), limited transmit (RFC
// 3042), challenge ACKs (RFC 5961), path MTU discovery by ICMP (RFC 1191), and
// initial sequence numbers as RFC 6528 has them.
//
// Limits: urgent data is in line with the rest, and none is sent. There is no ECN,
// D-SACK, RACK or tail loss probe, TCP Fast Open or buffer autotuning. The rescue
// retransmission of RFC 6675 is made after a partial acknowledgement alone.
package tcp

import _ "github.com/go-vimage/vimage/runtime/pcpu" // for //vimage:pcpustat

//go:generate go tool vimagegen sysctl
//go:generate go tool vimagegen generate
