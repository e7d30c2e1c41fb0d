package lab_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// A stack's timers run by the clock of its image. In one that is a thousand times
// as fast, the five requests for a neighbour that is not there, a second apart, take
// milliseconds; its deadlines come as early.
func TestImageClock(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	im, err := vimage.New(vimage.WithClock(0, 1000))
	if err != nil {
		t.Fatal(err)
	}
	defer stacktest.Close(t, im)
	im.Do(func() {
		stacktest.NewPort(t, 10<<24|1, 24)
		c, err := socket.Dial("udp", "10.0.0.2:9")
		if err != nil {
			t.Fatal(err)
		}
		begin, imageBegin := time.Now(), kern.Now()
		if _, err := c.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		for netinet.Arpstat().Timeouts == 0 {
			if time.Since(begin) > 4*time.Second {
				t.Fatal("the timers run by another clock")
			}
			runtime.Gosched()
		}
		if n, d := netinet.Arpstat().TxRequests, kern.Now()-imageBegin; n != 5 || d < 5*time.Second {
			t.Errorf("%d requests in %v", n, d)
		}
	})
}
