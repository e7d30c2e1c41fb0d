package gvisor_test

import (
	"io"
	gonet "net"
	"runtime"
	"testing"

	"gvisor.dev/gvisor/pkg/tcpip/link/pipe"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	_ "github.com/go-vimage/vimage/examples/netstack/lab" // the whole stack
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// chunk is the length of a write, and of a read, in bulk.
const chunk = 128 << 10

// BenchmarkBulk sends a stream from one stack to another of the same kind, with an
// MTU of 1,500: over gVisor's pipe; over a cable of this stack's, and, in a plain
// build, over its loopback interface. Super-segments are off, as gVisor's pipe has
// none, and on.
func BenchmarkBulk(b *testing.B) {
	b.Run("gvisor", func(b *testing.B) {
		x, y := pipe.New("\x02\x00\x00\x00\x00\x01", "\x02\x00\x00\x00\x00\x02", mtu)
		from, to := gvStack(b, x, oursAddr), gvStack(b, y, gvAddr)
		defer from.Close()
		defer to.Close()
		l := gvListen(b, to, 90)
		here := func(f func()) { f() }
		bulk(b, here, here, l, func() (gonet.Conn, error) { return gvDial(from, gvAddr, 90) })
	})
	for _, tso := range []string{"false", "true"} {
		b.Run("ours,tso="+tso, func(b *testing.B) {
			from, to, addr := pair(b)
			var l gonet.Listener
			to(func() {
				var err error
				if l, err = socket.Listen("tcp", ":90"); err != nil {
					b.Fatal(err)
				}
			})
			from(func() {
				if err := sysctl.Set("net.inet.tcp.tso", tso); err != nil {
					b.Fatal(err)
				}
			})
			bulk(b, from, to, l, func() (gonet.Conn, error) { return socket.Dial("tcp", addr+":90") })
		})
	}
}

// bulk sends b.N chunks.
func bulk(b *testing.B, from, to func(f func()), l gonet.Listener, dial func() (gonet.Conn, error)) {
	done := make(chan error, 1)
	go to(func() {
		c, err := l.Accept()
		if err == nil {
			_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, chunk))
			c.Close()
		}
		l.Close()
		done <- err
	})
	from(func() {
		c, err := dial()
		if err != nil {
			b.Fatal(err)
		}
		data := make([]byte, chunk)
		b.SetBytes(chunk)
		b.ResetTimer()
		for range b.N {
			if _, err := c.Write(data); err != nil {
				b.Fatal(err)
			}
		}
		c.Close()
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
	})
}

// pair returns two stacks joined by a cable, or the one of a plain build, and the
// address of the second.
func pair(b *testing.B) (from, to func(f func()), addr string) {
	if vimage.Available() != nil {
		kern.Lock()
		net.IfByName("lo0").MTU = mtu
		kern.Unlock()
		here := func(f func()) { f() }
		return here, here, "127.0.0.1"
	}
	c := epair.New()
	var in [2]func(f func())
	for i, end := range []*epair.End{c.A, c.B} {
		im := stacktest.New(b, []string{"from", "to"}[i])
		in[i] = im.Do
		im.Do(func() {
			ifp, err := end.Attach("eth0")
			if err != nil {
				b.Fatal(err)
			}
			kern.Lock()
			defer kern.Unlock()
			if _, err := net.IfAddAddr(ifp, 10<<24|net.InAddr(i+1), 24); err != nil {
				b.Fatal(err)
			}
		})
	}
	return in[0], in[1], "10.0.0.2"
}

// BenchmarkStack creates a stack and closes it, and reports the memory of one at
// rest, the goroutines' stacks with it.
func BenchmarkStack(b *testing.B) {
	b.Run("gvisor", func(b *testing.B) {
		link := func() stack.LinkEndpoint { x, _ := pipe.New("", "", mtu); return x }
		create(b, func() func() {
			s := gvStack(b, link(), oursAddr)
			return func() { s.Close(); s.Wait() }
		})
	})
	b.Run("ours", func(b *testing.B) {
		if err := vimage.Available(); err != nil {
			b.Skip(err)
		}
		create(b, func() func() {
			im, err := vimage.New()
			if err != nil {
				b.Fatal(err)
			}
			return func() { stacktest.Close(b, im) }
		})
	})
}

func create(b *testing.B, create func() (destroy func())) {
	const n = 200
	var destroy [n]func()
	bytes, goroutines := live(), runtime.NumGoroutine()
	for i := range destroy {
		destroy[i] = create()
	}
	bytes, goroutines = live()-bytes, runtime.NumGoroutine()-goroutines
	for _, f := range destroy {
		f()
	}
	for b.Loop() {
		create()()
	}
	b.ReportMetric(float64(bytes)/n, "bytes/stack")
	b.ReportMetric(float64(goroutines)/n, "goroutines/stack")
}

func live() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}
