// Package lab builds networks of stacks, each in an image of its own.
//
// Input: a topology, by lines. Output: a [Lab] whose nodes run the commands of
// package usr.
//
//	node a                 # a host
//	node r                 # by a command below it forwards
//	link a:eth0=10.0.1.2/24 r:eth0=10.0.1.1/24 delay=10ms jitter=1ms loss=0.5% rate=10M
//	do a route add default 10.0.1.1
//	do r sysctl net.inet.ip.forwarding=true
//
// An end of a link may be without an address: a:eth0. Delay, jitter, loss and rate
// hold for both directions. Errors are FILE:LINE: and one sentence.
package lab
