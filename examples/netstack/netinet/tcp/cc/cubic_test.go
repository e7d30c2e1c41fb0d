package cc_test

import (
	"math"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
)

// After a loss the window follows RFC 9438's curve: from 0.7 of it, flat where the
// loss was, and steep beyond.
func TestCubicCurve(t *testing.T) {
	const (
		mss = 1000
		rtt = 200 * time.Millisecond
		max = 200.0 // segments, when the loss was
	)
	c := &cc.Conn{Cwnd: max * mss, Ssthresh: 1 << 30, MSS: mss, SRTT: rtt, Now: time.Hour, Burst: 2 * mss}
	cc.Congestion(c, c.Cwnd, false)
	if c.Ssthresh != max*mss*7/10 {
		t.Fatalf("ssthresh %d", c.Ssthresh)
	}
	c.Cwnd = c.Ssthresh
	k := math.Cbrt(max * .3 / .4)
	cc.Ack(c, 0, c.Cwnd) // the curve begins
	for now := time.Duration(0); now < 12*time.Second; {
		for left := c.Cwnd; left > 0; left -= 2 * mss { // a round trip
			step := rtt * 2 * mss / time.Duration(c.Cwnd)
			c.Now += step
			now += step
			cc.Ack(c, 2*mss, c.Cwnd)
		}
		x := now.Seconds() - k
		want := .4*x*x*x + max
		if got := float64(c.Cwnd) / mss; math.Abs(got-want) > .03*want {
			t.Fatalf("%v after the loss: a window of %.1f segments, want %.1f", now, got, want)
		}
	}
	if c.Cwnd < 250*mss {
		t.Errorf("a window of %d after 12 s", c.Cwnd)
	}
}

// On a short path the curve is slower than Reno's line, which the window follows then:
// 3 * 0.3 / 1.7 segments a round trip.
func TestCubicReno(t *testing.T) {
	const mss, rtt = 1000, 5 * time.Millisecond
	c := &cc.Conn{Cwnd: 20 * mss, Ssthresh: 1 << 30, MSS: mss, SRTT: rtt, Now: time.Hour, Burst: 2 * mss}
	cc.Congestion(c, c.Cwnd, false)
	c.Cwnd = c.Ssthresh
	cc.Ack(c, 0, c.Cwnd)
	for i := range 10 {
		for left := c.Cwnd; left > 0; left -= mss {
			c.Now += rtt * mss / time.Duration(c.Cwnd)
			cc.Ack(c, mss, c.Cwnd)
		}
		if got, want := float64(c.Cwnd)/mss, 14+.53*float64(i+1); math.Abs(got-want) > 1 {
			t.Errorf("round trip %d: a window of %.1f segments, want %.1f", i+1, got, want)
		}
	}
}
