package lab_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
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

// So do TCP's: the SYNs to a neighbour that does not answer them go out for 75 s of
// the image's time, at growing distances.
func TestImageClockTCP(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	im, err := vimage.New(vimage.WithClock(0, 1000))
	if err != nil {
		t.Fatal(err)
	}
	defer stacktest.Close(t, im)
	im.Do(func() {
		p := stacktest.NewPort(t, 10<<24|1, 24)
		p.Sink()
		peer := stacktest.PeerLladdr
		request := []byte{
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 6: 0, 12: 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
			22: 0, 28: 10, 0, 0, 2, 38: 10, 0, 0, 1,
		}
		copy(request[6:], peer[:])
		copy(request[22:], peer[:])
		p.Input(request)
		begin, imageBegin := time.Now(), kern.Now()
		if c, err := socket.Dial("tcp", "10.0.0.2:9"); err == nil {
			c.Close()
			t.Fatal("connected without an answer")
		}
		if d, image := time.Since(begin), kern.Now()-imageBegin; image < 75*time.Second || d > 4*time.Second {
			t.Errorf("%v of the image's time in %v", image, d)
		}
		if n := usr.ReadCounters().TCP; n.Rexmttimeo < 4 || n.Rexmttimeo > 8 || n.Sndctrl < n.Rexmttimeo {
			t.Errorf("%+v", n)
		}
	})
}
