// Package packetdrill runs scripts in packetdrill's language against this stack's
// TCP: calls of sockets, segments of a peer's, and the segments that the stack has to
// answer by, each at its time.
//
// Input: a script, by [Parse]. Output of [Run]: nil, an [Unsupported] that says what
// the script asks for and neither this package nor the stack has, or the first
// difference, with its line.
//
//	0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
//	+0   bind(3, ..., ...) = 0
//	+0   listen(3, 1) = 0
//	+0   < S 0:0(0) win 32792 <mss 1000>
//	+0   > S. 0:0(0) ack 1 <mss 1460>
//	+.1  < . 1:1(0) ack 1 win 257
//	+0   accept(3, ..., ...) = 4
//	+0   %{ assert tcpi_snd_cwnd == 10 }%
//
// The clock is virtual, so a script of a minute takes a millisecond. A call that
// blocks runs in a goroutine; time goes on when all such goroutines sleep.
//
// Some of what scripts say is Linux's choice and no standard's. In [Lenient] runs
// these are not compared: PSH, the order and padding of options, and whether a run
// of data is one segment or several.
//
// Commands in backquotes are settings that [Run] knows, by Linux's name or by this
// stack's; kldload NAME loads a module; synflood N sends so many SYNs by peers that
// never answer.
//
// Limits: IPv4 and TCP; one connection at a time, which a SYN of number 0 begins;
// Python in %{ }% is assertions, assignments and print.
package packetdrill
