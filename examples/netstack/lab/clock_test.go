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
	begin := time.Now() // outside of the image, whose time.Now has its clock in a build by vimagegen
	var imageBegin time.Duration
	im.Do(func() {
		stacktest.NewPort(t, 10<<24|1, 24)
		c, err := socket.Dial("udp", "10.0.0.2:9")
		if err != nil {
			t.Fatal(err)
		}
		imageBegin = kern.Now()
		if _, err := c.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	})
	for timeouts := uint64(0); timeouts == 0; im.Do(func() { timeouts = netinet.Arpstat().Timeouts }) {
		if time.Since(begin) > 4*time.Second {
			t.Fatal("the timers run by another clock")
		}
		runtime.Gosched()
	}
	im.Do(func() {
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
	begin := time.Now()
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
		imageBegin := kern.Now()
		if c, err := socket.Dial("tcp", "10.0.0.2:9"); err == nil {
			c.Close()
			t.Fatal("connected without an answer")
		}
		if d := kern.Now() - imageBegin; d < 75*time.Second {
			t.Errorf("%v of the image's time", d)
		}
		if n := usr.ReadCounters().TCP; n.Rexmttimeo < 4 || n.Rexmttimeo > 8 || n.Sndctrl < n.Rexmttimeo {
			t.Errorf("%+v", n)
		}
	})
	if d := time.Since(begin); d > 4*time.Second {
		t.Errorf("75 s of the image's time took %v", d)
	}
}
