//go:build !vimage

// Package cc is TCP's congestion control: how far the window grows when bytes are
// acknowledged, and how far it shrinks when some are lost.
//
// Input: a connection's [Conn], which package tcp fills in before each call. Output:
// the fields Cwnd and Ssthresh of it.
//
// The algorithm is a group of three slots, [Ack], [Congestion] and [Name], which
// each stack has layers of its own for (per=image). Without a module they are CUBIC
// (RFC 9438). A module that overrides them is another algorithm, as package newreno
// is. It may be loaded and unloaded while connections send: each goes on from its
// window, and the new algorithm begins with a new [Conn.Data].
//
// Limits: all connections of a stack have one algorithm.
package cc

import "time"

//go:generate go tool vimagegen generate

// A Conn is an algorithm's input and output for a connection. Windows are in bytes.
type Conn struct {
	Cwnd, Ssthresh int
	MSS            int           // bytes of data in a full segment
	SRTT           time.Duration // the smoothed round-trip time
	Now            time.Duration // by the stack's clock
	Burst          int           // the most that slow start grows by for one acknowledgement
	Data           any           // the algorithm's own; one that finds another's begins anew
}

// Most bounds a window by the largest that a header can announce (RFC 7323).
const Most = 65535 << 14

// Limited reports whether the congestion window, and nothing else, keeps the sender
// from sending more. Flight are the bytes on their way.
func (c *Conn) Limited(flight int) bool {
	if c.Cwnd < c.Ssthresh {
		return 2*flight > c.Cwnd
	}
	return flight+3*c.MSS >= c.Cwnd
}

// SlowStart grows the window by the bytes that were acknowledged, within Burst (RFC
// 3465).
func (c *Conn) SlowStart(acked int) { c.Cwnd = min(c.Cwnd+min(acked, c.Burst), Most) }

// Ack is called when bytes were acknowledged, out of recovery. Flight are the bytes
// that were on their way before.
//
//vimage:weak group=cc per=image
func Ack(c *Conn, acked, flight int) { cubicAck(c, acked, flight) }

// Congestion sets Ssthresh, at the beginning of recovery or at a timeout. Flight are
// the bytes between the oldest that is not acknowledged and the last that was sent.
//
//vimage:weak group=cc per=image
func Congestion(c *Conn, flight int, timeout bool) { cubicCongestion(c, flight, timeout) }

// Name returns the algorithm's name.
//
//vimage:weak group=cc per=image
func Name() string { return "cubic" }
