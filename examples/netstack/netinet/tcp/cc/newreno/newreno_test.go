package newreno

import (
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
)

// The window grows by what is acknowledged in slow start, then by a segment for each
// window, and is halved by a loss.
func TestWindow(t *testing.T) {
	const mss = 1000
	c := &cc.Conn{Cwnd: 10 * mss, Ssthresh: 20 * mss, MSS: mss, Burst: 2 * mss}
	for c.Cwnd < c.Ssthresh {
		before := c.Cwnd
		ack(c, mss, c.Cwnd)
		if c.Cwnd != before+mss {
			t.Fatalf("slow start: from %d to %d", before, c.Cwnd)
		}
	}
	for range 3 {
		before := c.Cwnd
		for range before / mss {
			ack(c, mss, before)
		}
		if c.Cwnd != before+mss {
			t.Errorf("congestion avoidance: from %d to %d", before, c.Cwnd)
		}
	}
	before := c.Cwnd
	ack(c, mss, mss) // the sender has little to send
	if c.Cwnd != before {
		t.Errorf("grows while it is not what limits: from %d to %d", before, c.Cwnd)
	}
	congestion(c, 12*mss, false)
	if c.Ssthresh != 6*mss {
		t.Errorf("ssthresh %d after a loss with 12 segments on their way, want 6", c.Ssthresh)
	}
	congestion(c, mss, true)
	if c.Ssthresh != 2*mss {
		t.Errorf("ssthresh %d, want two segments at least", c.Ssthresh)
	}
}

// A connection goes on with its window under another algorithm, which begins anew.
func TestSwitch(t *testing.T) {
	const mss = 1000
	c := &cc.Conn{Cwnd: 20 * mss, Ssthresh: 10 * mss, MSS: mss, Burst: 2 * mss}
	for _, want := range []int{7, 5, 7} { // of ten segments: 0.7 by CUBIC, the package's default, 0.5 by NewReno
		window := c.Cwnd
		if want == 5 {
			ack(c, mss, window)
			congestion(c, 10*mss, false)
		} else {
			cc.Ack(c, mss, window)
			cc.Congestion(c, 10*mss, false)
		}
		if c.Ssthresh != want*mss {
			t.Errorf("ssthresh %d, want %d", c.Ssthresh, want*mss)
		}
		if c.Cwnd < window || c.Cwnd > window+mss {
			t.Errorf("from %d to %d", window, c.Cwnd)
		}
		if _, own := c.Data.(*reno); own != (want == 5) {
			t.Errorf("data %T", c.Data)
		}
	}
}
