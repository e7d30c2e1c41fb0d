package gvisor_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	gonet "net"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
	"github.com/go-vimage/vimage/examples/netstack/socket"
)

// half is a connection whose directions end on their own.
type half interface {
	gonet.Conn
	CloseWrite() error
}

// exchange sends want from one end and wants it at the other, in both directions at
// once, and then both ends of the stream. Neither end is sent before all has come,
// since gVisor reports no SACK blocks after its FIN.
func exchange(t *testing.T, a, b gonet.Conn, want []byte) {
	t.Helper()
	errs := make(chan error, 4)
	for _, c := range []gonet.Conn{a, b} {
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		go func() {
			_, err := c.Write(want)
			errs <- err
		}()
		go func() {
			got := make([]byte, len(want))
			if n, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, want) {
				errs <- fmt.Errorf("%d bytes came, not the %d that were sent: %v", n, len(want), err)
				return
			}
			errs <- nil
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for i, c := range []gonet.Conn{a, b} {
		if err := c.(half).CloseWrite(); err != nil {
			t.Error(err)
		}
		if n, err := []gonet.Conn{b, a}[i].Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("%d bytes after the end, %v", n, err)
		}
	}
}

// gVisor's TCP and this stack's shake hands, with either as the server, and carry a
// stream each way, over a wire that loses, delays and reorders.
func TestTransfer(t *testing.T) {
	want := make([]byte, 1<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(want)
	for _, c := range []struct {
		name string
		wire *wire
		size int
	}{
		{"perfect", &wire{}, 1 << 20},
		{"delay", &wire{delay: 5 * time.Millisecond}, 1 << 20},
		{"reorder", &wire{delay: time.Millisecond, jitter: 2 * time.Millisecond}, 1 << 20},
		{"loss1", &wire{delay: 2 * time.Millisecond, loss: .01}, 1 << 20},
		{"loss5", &wire{delay: 2 * time.Millisecond, jitter: 2 * time.Millisecond, loss: .05}, 1 << 17},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.wire
			p := join(t, w)
			want := want[:c.size]
			before := stat(p)
			t.Run("ours serves", func(t *testing.T) {
				var l gonet.Listener
				p.in(func() {
					var err error
					if l, err = socket.Listen("tcp", ":80"); err != nil {
						t.Fatal(err)
					}
				})
				defer p.in(func() { l.Close() })
				accepted := accept(p, l)
				g, err := gvDial(p.gv, oursAddr, 80)
				if err != nil {
					t.Fatal(err)
				}
				defer g.Close()
				o := <-accepted
				defer p.in(func() { o.Close() })
				p.in(func() { exchange(t, o, g, want) })
			})
			t.Run("gvisor serves", func(t *testing.T) {
				l := gvListen(t, p.gv, 80)
				defer l.Close()
				accepted := accept(peers{in: func(f func()) { f() }}, l)
				var o gonet.Conn
				p.in(func() {
					var err error
					if o, err = socket.Dial("tcp", "10.9.0.2:80"); err != nil {
						t.Fatal(err)
					}
				})
				defer p.in(func() { o.Close() })
				g := <-accepted
				defer g.Close()
				p.in(func() { exchange(t, o, g, want) })
			})
			after := stat(p)
			t.Logf("%d frames lost; sent %d segments, %d again, %d fast, %d timeouts", w.lost, after.Sndpack-before.Sndpack,
				after.Sndrexmitpack-before.Sndrexmitpack, after.FastRexmit-before.FastRexmit, after.Rexmttimeo-before.Rexmttimeo)
			if w.loss > 0 && (w.lost == 0 || after.FastRexmit == before.FastRexmit) {
				t.Error("the wire lost nothing, or no loss was recovered from without a timeout")
			}
			if w.loss == 0 && w.jitter == 0 && after.Sndrexmitpack != before.Sndrexmitpack {
				t.Errorf("%d segments sent again, and none was lost", after.Sndrexmitpack-before.Sndrexmitpack)
			}
		})
	}
}

// accept accepts one connection, in the stack's image.
func accept(p peers, l gonet.Listener) <-chan gonet.Conn {
	c := make(chan gonet.Conn, 1)
	go p.in(func() {
		defer close(c)
		if a, err := l.Accept(); err == nil {
			c <- a
		}
	})
	return c
}

func stat(p peers) (s tcp.TCPStat) {
	p.in(func() {
		kern.Lock()
		defer kern.Unlock()
		s = tcp.Tcpstat()
	})
	return s
}

// A port where nobody listens refuses, on either side.
func TestRefused(t *testing.T) {
	p := join(t, &wire{})
	if c, err := gvDial(p.gv, oursAddr, 81); err == nil {
		c.Close()
		t.Error("this stack accepts where nobody listens")
	}
	p.in(func() {
		if c, err := socket.Dial("tcp", "10.9.0.2:81"); err == nil {
			c.Close()
			t.Error("gVisor accepts where nobody listens")
		}
	})
}
