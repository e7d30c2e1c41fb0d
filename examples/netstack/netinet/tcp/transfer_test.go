package tcp_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

func data(n int) []byte {
	p := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(p)
	return p
}

// transfer sends n bytes each way and closes, and returns the virtual time it took.
func transfer(w *world, n int) time.Duration {
	w.t.Helper()
	ca, cb, lis := w.pair()
	begin := w.now
	out := data(n)
	restA, restB := out, out
	var gotA, gotB []byte
	shutA, shutB := false, false
	w.run(30*time.Minute, func() bool {
		for moved := true; moved; {
			before := len(restA) + len(restB) - len(gotA) - len(gotB)
			restA, restB = ca.send(restA), cb.send(restB)
			gotA = append(gotA, ca.receive(1<<20)...)
			gotB = append(gotB, cb.receive(1<<20)...)
			moved = before != len(restA)+len(restB)-len(gotA)-len(gotB)
		}
		if len(restA) == 0 && !shutA {
			shutA = true
			ca.shut()
		}
		if len(restB) == 0 && !shutB {
			shutB = true
			cb.shut()
		}
		return ca.eof() && cb.eof()
	})
	if !bytes.Equal(gotA, out) || !bytes.Equal(gotB, out) {
		w.t.Fatalf("%d and %d bytes came, not the %d that were sent", len(gotA), len(gotB), n)
	}
	took := w.now - begin
	ca.close()
	cb.close()
	lis.close()
	w.run(5*time.Minute, func() bool { return len(w.a.states())+len(w.b.states()) == 0 })
	return took
}

// What is sent arrives, whatever the wire does to it.
func TestTransfer(t *testing.T) {
	lossy := func(part float64) func(w *world) {
		return func(w *world) {
			w.fate = func(*host, *layers.TCP, []byte) []time.Duration {
				if w.random.Float64() < part {
					return nil
				}
				return []time.Duration{w.delay}
			}
		}
	}
	wires := []struct {
		name string
		wire func(w *world)
	}{
		{"perfect", func(*world) {}},
		{"loss1", lossy(.01)},
		{"loss5", lossy(.05)},
		{"loss20", lossy(.2)},
		{"reorder", func(w *world) {
			w.fate = func(*host, *layers.TCP, []byte) []time.Duration {
				return []time.Duration{w.delay + time.Duration(w.random.IntN(int(5*time.Millisecond)))}
			}
		}},
		{"everything", func(w *world) {
			w.fate = func(_ *host, _ *layers.TCP, f []byte) []time.Duration {
				some := func() time.Duration { return w.delay + time.Duration(w.random.IntN(int(30*time.Millisecond))) }
				switch r := w.random.Float64(); {
				case r < .05:
					return nil
				case r < .1:
					return []time.Duration{some(), some()}
				}
				return []time.Duration{some()}
			}
		}},
	}
	for _, wire := range wires {
		for _, settings := range [][]string{
			{},
			{"net.inet.tcp.sack", "false"},
			{"kldload", "newreno"},
			{"kldload", "newreno", "net.inet.tcp.sack", "false", "net.inet.tcp.rfc1323", "false", "net.inet.tcp.tso", "false"},
		} {
			t.Run(fmt.Sprint(wire.name, settings), func(t *testing.T) {
				w := newWorld(t, settings...)
				wire.wire(w)
				took := transfer(w, 1<<20)
				a := w.a.stat()
				t.Logf("%v; sent %d, again %d, fast %d, timeouts %d", took.Round(time.Millisecond), a.Sndpack, a.Sndrexmitpack, a.FastRexmit, a.Rexmttimeo)
				if wire.name == "perfect" && (a.Sndrexmitpack != 0 || a.Rcvduppack != 0 || took > 2*time.Second) {
					t.Errorf("%+v", a)
				}
				if wire.name == "loss1" && (a.FastRexmit == 0 || a.Rexmttimeo > 8) {
					t.Errorf("%+v", a)
				}
			})
		}
	}
}

// Closing in all its orders, and the states on the way.
func TestClose(t *testing.T) {
	want := func(w *world, a, b tcp.State) {
		w.t.Helper()
		get := func(h *host) tcp.State {
			if s := h.states(); len(s) == 1 {
				return s[0]
			} else if len(s) == 0 {
				return tcp.Closed
			}
			w.t.Fatal("more than one connection")
			return 0
		}
		if ga, gb := get(w.a), get(w.b); ga != a || gb != b {
			w.t.Errorf("states %v and %v, want %v and %v", ga, gb, a, b)
		}
	}
	t.Run("one after the other", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		want(w, tcp.Established, tcp.Established)
		ca.close()
		want(w, tcp.FinWait1, tcp.Established)
		w.wait(15 * time.Millisecond)
		want(w, tcp.FinWait1, tcp.CloseWait)
		w.wait(15 * time.Millisecond)
		want(w, tcp.FinWait2, tcp.CloseWait)
		if !cb.eof() {
			t.Error("no end of the stream")
		}
		cb.close()
		want(w, tcp.FinWait2, tcp.LastAck)
		w.wait(15 * time.Millisecond)
		want(w, tcp.TimeWait, tcp.LastAck)
		w.wait(15 * time.Millisecond)
		want(w, tcp.TimeWait, tcp.Closed)
		w.wait(time.Minute - 50*time.Millisecond)
		want(w, tcp.TimeWait, tcp.Closed)
		w.wait(time.Second)
		want(w, tcp.Closed, tcp.Closed)
	})
	t.Run("both at once", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		ca.close()
		cb.close()
		want(w, tcp.FinWait1, tcp.FinWait1)
		w.wait(15 * time.Millisecond)
		want(w, tcp.Closing, tcp.Closing)
		w.wait(15 * time.Millisecond)
		want(w, tcp.TimeWait, tcp.TimeWait)
	})
	t.Run("half", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		ca.shut()
		w.wait(50 * time.Millisecond)
		want(w, tcp.FinWait2, tcp.CloseWait)
		w.wait(10 * time.Minute) // nobody closed the socket: it may stay so
		want(w, tcp.FinWait2, tcp.CloseWait)
		cb.send([]byte("still"))
		var got []byte
		w.run(time.Second, func() bool { got = append(got, ca.receive(9)...); return string(got) == "still" })
		cb.close()
		w.run(time.Second, ca.eof)
		want(w, tcp.TimeWait, tcp.LastAck)
		w.wait(50 * time.Millisecond)
		want(w, tcp.TimeWait, tcp.Closed)
		ca.close()
	})
	t.Run("data after close", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		ca.close()
		w.run(time.Second, cb.eof)
		cb.send([]byte("nobody reads this"))
		w.wait(50 * time.Millisecond)
		want(w, tcp.Closed, tcp.Closed)
		if cb.Err == nil || cb.Err.Error() != "connection reset by peer" {
			t.Error(cb.Err)
		}
	})
	t.Run("FIN-WAIT-2 of a closed socket ends", func(t *testing.T) {
		w := newWorld(t)
		ca, _, _ := w.pair()
		ca.close()
		w.wait(time.Second)
		want(w, tcp.FinWait2, tcp.CloseWait)
		w.wait(time.Minute)
		want(w, tcp.Closed, tcp.CloseWait)
	})
	t.Run("linger 0", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		ca.h.Do(func() { _ = ca.SetOpt(kern.SoLinger, 0) })
		ca.close()
		want(w, tcp.Closed, tcp.Established)
		w.wait(15 * time.Millisecond)
		want(w, tcp.Closed, tcp.Closed)
		if cb.Err == nil || cb.Err.Error() != "connection reset by peer" {
			t.Error(cb.Err)
		}
	})
	t.Run("FIN with the last data, lost", func(t *testing.T) {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		lost := 0
		w.fate = func(from *host, p *layers.TCP, _ []byte) []time.Duration {
			if p.FIN && lost < 3 {
				lost++
				return nil
			}
			return []time.Duration{w.delay}
		}
		ca.send([]byte("last words"))
		ca.close()
		var got []byte
		w.run(time.Minute, func() bool { got = append(got, cb.receive(99)...); return cb.eof() })
		if string(got) != "last words" || lost != 3 {
			t.Errorf("%q, %d lost", got, lost)
		}
		cb.close()
		w.run(5*time.Minute, func() bool { return len(w.a.states())+len(w.b.states()) == 0 })
	})
	t.Run("simultaneous open", func(t *testing.T) {
		w := newWorld(t)
		ca, cb := w.a.socket(), w.b.socket()
		for i, s := range []sock{ca, cb} {
			s.h.Do(func() {
				if err := s.Bind(addrPort(s.h.addr, 1000)); err != nil {
					t.Fatal(err)
				}
			})
			if err := s.connect([]*host{w.b, w.a}[i], 1000); err != nil {
				t.Fatal(err)
			}
		}
		w.run(time.Second, func() bool {
			return slices.Equal(append(w.a.states(), w.b.states()...), []tcp.State{tcp.Established, tcp.Established})
		})
		ca.send([]byte("hello"))
		w.run(time.Second, func() bool { return string(cb.receive(9)) == "hello" })
	})
	t.Run("closed in SYN-RECEIVED", func(t *testing.T) {
		w := newWorld(t)
		ca, cb := w.a.socket(), w.b.socket()
		for i, s := range []sock{ca, cb} {
			s.h.Do(func() { _ = s.Bind(addrPort(s.h.addr, 1000)) })
			if err := s.connect([]*host{w.b, w.a}[i], 1000); err != nil {
				t.Fatal(err)
			}
		}
		w.wait(25 * time.Millisecond) // ARP's requests, and the SYNs
		want(w, tcp.SynReceived, tcp.SynReceived)
		ca.close()
		w.run(time.Second, cb.eof)
		cb.close()
		w.run(time.Second, func() bool { return len(w.b.states()) == 0 })
		want(w, tcp.TimeWait, tcp.Closed)
	})
	t.Run("TIME-WAIT is used again", func(t *testing.T) {
		w := newWorld(t)
		lis := w.b.listen(80, 8)
		for range 3 {
			ca := w.a.socket()
			ca.h.Do(func() {
				if err := ca.Bind(addrPort(w.a.addr, 1000)); err != nil {
					t.Fatal(err)
				}
			})
			if err := ca.connect(w.b, 80); err != nil {
				t.Fatal(err)
			}
			var cb sock
			w.run(time.Second, func() (ok bool) { cb, ok = lis.accept(); return ok })
			cb.close()
			w.run(time.Second, ca.eof)
			ca.close()
			w.wait(50 * time.Millisecond)
			want(w, tcp.Closed, tcp.TimeWait)
		}
	})
}

func TestRefused(t *testing.T) {
	w := newWorld(t)
	c := w.a.socket()
	if err := c.connect(w.b, 81); err != nil {
		t.Fatal(err)
	}
	w.run(time.Second, func() bool { return c.Err != nil })
	if c.Err.Error() != "connection refused" {
		t.Error(c.Err)
	}
	// A peer that does not answer: SYNs until the time is over.
	w.fate = func(*host, *layers.TCP, []byte) []time.Duration { return nil }
	syns := 0
	w.seen = func(_ *host, p *layers.TCP) { syns++ }
	c = w.a.socket()
	if err := c.connect(w.b, 81); err != nil {
		t.Fatal(err)
	}
	w.run(76*time.Second, func() bool { return c.Err != nil })
	if c.Err.Error() != "connection timed out" || syns != 7 {
		t.Errorf("%v after %d SYNs, want 7", c.Err, syns)
	}
}

// A reader that does not read closes the window; probes go on; nothing is lost.
func TestZeroWindow(t *testing.T) {
	w := newWorld(t, "net.inet.tcp.recvspace", "10000")
	ca, cb, _ := w.pair()
	out := data(100000)
	rest := ca.send(out)
	w.wait(5 * time.Minute)
	if s := w.a.stat(); s.Sndprobe < 5 || s.Sndprobe > 20 || s.Timeoutdrop != 0 {
		t.Errorf("%+v", s)
	}
	// The window update is lost too: a probe finds out.
	w.fate = func(from *host, _ *layers.TCP, _ []byte) []time.Duration { return nil }
	got := cb.receive(1 << 20)
	w.wait(10 * time.Millisecond)
	w.fate = nil
	w.run(5*time.Minute, func() bool {
		rest = ca.send(rest)
		got = append(got, cb.receive(1<<20)...)
		return len(got) == len(out)
	})
	if !bytes.Equal(got, out) {
		t.Error("other bytes came")
	}
}

// A reader that reads a byte at a time does not make small segments.
func TestSillyWindow(t *testing.T) {
	w := newWorld(t, "net.inet.tcp.recvspace", "20000", "net.inet.tcp.tso", "false")
	ca, cb, _ := w.pair()
	out := data(200000)
	rest := ca.send(out)
	var got []byte
	for i := 0; i < 10000 && len(got) < len(out); i++ {
		w.wait(5 * time.Millisecond)
		rest = ca.send(rest)
		got = append(got, cb.receive(300)...)
	}
	if s := w.a.stat(); !bytes.Equal(got, out) || s.Sndpack > 250 {
		t.Errorf("%d segments for 200,000 bytes", s.Sndpack)
	}
}

// Without SoNoDelay small writes wait for the ACK of what is on its way.
func TestNagle(t *testing.T) {
	for _, nodelay := range []int{0, 1} {
		w := newWorld(t)
		ca, cb, _ := w.pair()
		ca.h.Do(func() { _ = ca.SetOpt(kern.SoNoDelay, nodelay) })
		before := w.a.stat().Sndpack
		for range 10 {
			ca.send([]byte("x"))
		}
		n := 0
		w.run(time.Second, func() bool { n += len(cb.receive(99)); return n == 10 })
		if sent := w.a.stat().Sndpack - before; sent != uint64([]int{2, 10}[nodelay]) {
			t.Errorf("nodelay %d: %d segments", nodelay, sent)
		}
	}
}

// A lone segment's ACK is put off; every second one's is not.
func TestDelayedAck(t *testing.T) {
	w := newWorld(t)
	ca, _, _ := w.pair()
	w.wait(time.Second)
	acks := 0
	var at time.Duration
	w.seen = func(from *host, p *layers.TCP) {
		if from == w.b {
			acks++
			at = w.now
		}
	}
	begin := w.now
	ca.send([]byte("x"))
	w.wait(49 * time.Millisecond)
	if acks != 0 {
		t.Error("an ACK at once")
	}
	w.wait(time.Second)
	if acks != 1 || at-begin != 50*time.Millisecond {
		t.Errorf("%d ACKs, after %v", acks, at-begin)
	}
	ca.send(data(14480)) // ten segments
	w.wait(15 * time.Millisecond)
	if acks != 6 {
		t.Errorf("%d ACKs for ten segments", acks-1)
	}
}

// A dead peer is found by keepalive, and one that lives is left alone.
func TestKeepalive(t *testing.T) {
	w := newWorld(t)
	ca, _, _ := w.pair()
	ca.h.Do(func() { _ = ca.SetOpt(kern.SoKeepalive, 10) })
	w.wait(time.Hour)
	if s := w.a.stat(); s.Keepprobe < 300 || s.Keepdrops != 0 || len(w.a.states()) != 1 {
		t.Errorf("%+v", s)
	}
	w.fate = func(*host, *layers.TCP, []byte) []time.Duration { return nil }
	w.wait(9 * time.Minute)
	if len(w.a.states()) != 1 {
		t.Error("ended too early")
	}
	w.wait(2 * time.Minute)
	if len(w.a.states()) != 0 || ca.Err == nil || ca.Err.Error() != "connection timed out" {
		t.Error(w.a.states(), ca.Err)
	}
}
