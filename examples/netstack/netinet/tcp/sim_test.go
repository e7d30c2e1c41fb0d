package tcp_test

import (
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
	_ "github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc/newreno" // a module to load
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// A host is a stack in an image, on a virtual clock, with one interface.
type host struct {
	*vimage.Image
	t    testing.TB
	addr net.InAddr
	port *stacktest.Port
}

// A flight is a frame on its way.
type flight struct {
	at    time.Duration
	to    *host
	frame []byte
}

// A world is two hosts and the wire between them. One goroutine runs it: it
// carries frames, and moves both clocks to what happens next.
type world struct {
	t      testing.TB
	a, b   *host
	now    time.Duration
	delay  time.Duration
	random *rand.Rand
	flying []flight
	// fate says after how long a segment arrives, once for each copy. Nil is once, after delay.
	fate func(from *host, p *layers.TCP, frame []byte) []time.Duration
	// seen is called for every segment that is sent.
	seen func(from *host, p *layers.TCP)
}

func newWorld(t testing.TB, settings ...string) *world {
	t.Helper()
	if err := vimage.Available(); err != nil {
		t.Skip("two stacks are needed:", err)
	}
	w := &world{t: t, delay: 10 * time.Millisecond, random: rand.New(rand.NewPCG(1, 2))}
	w.a = newHost(t, "a", 10<<24|1, settings)
	w.b = newHost(t, "b", 10<<24|2, settings)
	return w
}

func newHost(t testing.TB, name string, addr net.InAddr, settings []string) *host {
	t.Helper()
	h := &host{Image: stacktest.New(t, name), t: t, addr: addr}
	h.Do(func() {
		kern.SetVirtualClock()
		set(t, settings...)
		h.port = stacktest.NewPort(t, addr, 24)
	})
	return h
}

// set sets sysctls, given as name, value, name, value, and loads modules, given as
// "kldload", name.
func set(t testing.TB, settings ...string) {
	t.Helper()
	for i := 0; i < len(settings); i += 2 {
		if settings[i] == "kldload" {
			stacktest.Load(t, settings[i+1])
			continue
		}
		if err := sysctl.Set(settings[i], settings[i+1]); err != nil {
			t.Fatal(err)
		}
	}
}

// stat returns the host's counters.
func (h *host) stat() (s tcp.TCPStat) {
	h.Do(func() {
		kern.Lock()
		defer kern.Unlock()
		s = tcp.Tcpstat()
	})
	return s
}

func (w *world) other(h *host) *host {
	if h == w.a {
		return w.b
	}
	return w.a
}

// segmentOf decodes a frame by gopacket, and fails if its checksums are wrong. It
// returns nil if it is no TCP.
func segmentOf(t testing.TB, frame []byte) *layers.TCP {
	t.Helper()
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatalf("%v\n%s", e.Error(), hex.Dump(frame))
	}
	l, _ := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
	if l == nil {
		return nil
	}
	h := netinet.IPHdr(frame[14:])
	if len(frame) > 1514 || netinet.CksumFold(netinet.CksumAdd(netinet.PseudoSum(h.Src(), h.Dst(), 6, len(h.Payload())), h.Payload())) != 0 ||
		netinet.Cksum(h[:h.HdrLen()]) != 0 || h.TotalLen() != len(h) {
		t.Fatalf("a frame of %d bytes with a wrong length or checksum\n%s", len(frame), hex.Dump(frame))
	}
	return l
}

// collect takes what the hosts sent.
func (w *world) collect() {
	for _, h := range []*host{w.a, w.b} {
		var sent [][]byte
		h.Do(func() { sent = h.port.Sent() })
		for _, f := range sent {
			fates := []time.Duration{w.delay}
			if seg := segmentOf(w.t, f); seg != nil {
				if w.seen != nil {
					w.seen(h, seg)
				}
				if w.fate != nil {
					fates = w.fate(h, seg, f)
				}
			}
			for _, d := range fates {
				w.flying = append(w.flying, flight{w.now + d, w.other(h), f})
			}
		}
	}
}

// deliver hands over what has arrived, and reports whether anything did.
func (w *world) deliver() bool {
	var due []flight
	kept := w.flying[:0]
	for _, f := range w.flying {
		if f.at <= w.now {
			due = append(due, f)
		} else {
			kept = append(kept, f)
		}
	}
	w.flying = kept
	for _, f := range due {
		f.to.Do(func() { f.to.port.Input(f.frame) })
	}
	return len(due) > 0
}

// run runs the hosts until cond is true. It fails if that takes longer than limit,
// of virtual time.
func (w *world) run(limit time.Duration, cond func() bool) {
	w.t.Helper()
	if !w.runFor(limit, cond) {
		w.t.Fatalf("not after %v of virtual time; a %+v; b %+v", limit, w.a.stat(), w.b.stat())
	}
}

func (w *world) runFor(limit time.Duration, cond func() bool) bool {
	end := w.now + limit
	for {
		w.collect()
		if w.deliver() {
			continue
		}
		if cond() {
			return true
		}
		w.collect()
		next := end
		for _, f := range w.flying {
			next = min(next, f.at)
		}
		for _, h := range []*host{w.a, w.b} {
			h.Do(func() {
				if d, ok := kern.NextCallout(); ok {
					next = min(next, w.now+d)
				}
			})
		}
		if next >= end {
			w.advance(end - w.now)
			w.collect()
			return cond()
		}
		w.advance(next - w.now)
	}
}

func (w *world) advance(d time.Duration) {
	for _, h := range []*host{w.a, w.b} {
		h.Do(func() { kern.Advance(d) })
	}
	w.now += d
}

// wait runs the hosts for some virtual time.
func (w *world) wait(d time.Duration) { w.runFor(d, func() bool { return false }) }

// A sock is a socket that never blocks.
type sock struct {
	*kern.Socket
	h *host
}

func (h *host) socket() (s sock) {
	h.t.Helper()
	h.Do(func() {
		so, err := kern.Socreate(kern.SockStream, 6)
		if err != nil {
			h.t.Fatal(err)
		}
		s = sock{so, h}
	})
	return s
}

func (h *host) listen(port uint16, backlog int) sock {
	h.t.Helper()
	s := h.socket()
	h.Do(func() {
		if err := errors.Join(s.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), port)), s.Socket.Listen(backlog)); err != nil {
			h.t.Fatal(err)
		}
	})
	return s
}

// connect begins to connect.
func (s sock) connect(to *host, port uint16) (err error) {
	s.h.Do(func() {
		kern.Lock()
		defer kern.Unlock()
		err = s.Proto.Connect(s.Socket, netip.AddrPortFrom(to.addr.Addr(), port))
	})
	return err
}

// accept returns a connection if there is one.
func (s sock) accept() (c sock, ok bool) {
	s.h.Do(func() {
		kern.Lock()
		s.Rcv.Deadline = 1
		kern.Unlock()
		so, err := s.Accept()
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			s.h.t.Fatal(err)
		}
		c, ok = sock{so, s.h}, err == nil
	})
	return c, ok
}

// send writes as much of p as there is room for, and returns the rest.
func (s sock) send(p []byte) []byte {
	s.h.Do(func() {
		kern.Lock()
		n := min(len(p), s.Snd.Space())
		kern.Unlock()
		if n == 0 {
			return
		}
		if _, err := s.Write(p[:n]); err != nil {
			s.h.t.Fatalf("%s: write: %v", s.h.Name(), err)
		}
		p = p[n:]
	})
	return p
}

// receive reads what there is, of at most n bytes.
func (s sock) receive(n int) (p []byte) {
	s.h.Do(func() {
		kern.Lock()
		n = min(n, s.Rcv.Len())
		kern.Unlock()
		if n == 0 {
			return
		}
		p = make([]byte, n)
		got, err := s.Read(p)
		if err != nil {
			s.h.t.Fatalf("%s: read: %v", s.h.Name(), err)
		}
		p = p[:got]
	})
	return p
}

// eof reports whether all was read.
func (s sock) eof() (eof bool) {
	s.h.Do(func() {
		kern.Lock()
		defer kern.Unlock()
		eof = s.Rcv.Len() == 0 && s.Rcv.Shut
	})
	return eof
}

func (s sock) close() {
	s.h.Do(func() {
		if err := s.Close(); err != nil {
			s.h.t.Error(err)
		}
	})
}

func (s sock) shut() {
	s.h.t.Helper()
	s.h.Do(func() {
		if err := s.Shutdown(false, true); err != nil {
			s.h.t.Error(err)
		}
	})
}

// states returns the states of the host's connections, listeners apart.
func (h *host) states() (all []tcp.State) {
	h.Do(func() {
		kern.Lock()
		defer kern.Unlock()
		for _, inp := range tcp.Pcbs() {
			if s := tcp.StateOf(inp); s != tcp.Listen {
				all = append(all, s)
			}
		}
	})
	return all
}

// pair connects a to b, and returns both ends and the listener.
func (w *world) pair() (ca, cb, lis sock) {
	w.t.Helper()
	lis = w.b.listen(80, 8)
	ca = w.a.socket()
	if err := ca.connect(w.b, 80); err != nil {
		w.t.Fatal(err)
	}
	w.run(time.Minute, func() (ok bool) { cb, ok = lis.accept(); return ok })
	w.run(time.Minute, func() bool { return ca.State&kern.SSConnected != 0 })
	return ca, cb, lis
}
