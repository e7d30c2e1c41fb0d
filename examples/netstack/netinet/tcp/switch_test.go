package tcp_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc"
	"github.com/go-vimage/vimage/examples/netstack/usr"
)

// The congestion control of a host changes to and fro while its connection sends
// over a lossy wire. That of its peer stays what it is.
func TestSwitchCongestionControl(t *testing.T) {
	w := newWorld(t)
	random := rand.New(rand.NewPCG(3, 4))
	w.fate = func(*host, *layers.TCP, []byte) []time.Duration {
		if random.Float64() < .03 {
			return nil
		}
		return []time.Duration{w.delay}
	}
	segments, switches := 0, 0
	w.seen = func(*host, *layers.TCP) {
		if segments++; segments%50 != 0 {
			return
		}
		line, want := "kldload", "newreno"
		if switches++; switches%2 == 0 {
			line, want = "kldunload", "cubic"
		}
		w.a.Do(func() {
			if err := usr.Run(t.Output(), line, "newreno"); err != nil {
				t.Fatal(err)
			}
			if got := cc.Name(); got != want {
				t.Errorf("a runs %s, want %s", got, want)
			}
		})
		w.b.Do(func() {
			if got := cc.Name(); got != "cubic" {
				t.Errorf("b runs %s, want cubic", got)
			}
		})
	}
	transfer(w, 1<<20)
	if a := w.a.stat(); switches < 20 || a.FastRexmit < 5 {
		t.Errorf("%d switches; %+v", switches, a)
	}
}
