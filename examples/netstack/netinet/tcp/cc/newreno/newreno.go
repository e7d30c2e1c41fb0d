// Package newreno is the congestion control of RFC 5681: a module over the slots of
// package cc. Its fast recovery, RFC 6582, is package tcp's, for all algorithms.
package newreno

import "github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"

//go:generate go tool vimagegen generate

// reno is a connection's state.
type reno struct {
	counted int // bytes acknowledged since the window grew
}

func renoOf(c *cc.Conn) *reno {
	d, ok := c.Data.(*reno)
	if !ok {
		d = new(reno)
		c.Data = d
	}
	return d
}

//vimage:strong cc.Ack
func ack(c *cc.Conn, acked, flight int) {
	switch d := renoOf(c); {
	case !c.Limited(flight):
	case c.Cwnd < c.Ssthresh:
		c.SlowStart(acked)
	default:
		if d.counted += acked; d.counted >= c.Cwnd {
			d.counted -= c.Cwnd
			c.Cwnd = min(c.Cwnd+c.MSS, cc.Most)
		}
	}
}

//vimage:strong cc.Congestion
func congestion(c *cc.Conn, flight int, _ bool) {
	c.Ssthresh = max(min(flight, c.Cwnd)/2, 2*c.MSS)
	renoOf(c).counted = 0
}

//vimage:strong cc.Name
func name() string { return "newreno" }
