package tcp_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

const (
	mine net.InAddr = 10<<24 | 1
	peer net.InAddr = 10<<24 | 2
)

func addrPort(a net.InAddr, port uint16) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), port) }

// A wire is one stack, and the test as its peer, whose segments gopacket makes.
type wire struct {
	t    testing.TB
	port *stacktest.Port
	from net.InAddr // the peer's address
}

func onWire(t *testing.T, f func(w *wire), settings ...string) {
	stacktest.Run(t, func() {
		p := stacktest.NewPort(t, mine, 24)
		defer p.Detach()
		w := &wire{t, p, peer}
		w.learn()
		set(t, settings...)
		f(w)
		for _, inp := range pcbs() { // leave a plain build's stack as it was
			kern.Lock()
			inp.Socket.Proto.AbortOnEnd(inp.Socket)
			kern.Unlock()
		}
		kern.Advance(time.Minute)
		p.Sent()
	})
}

func pcbs() []*netinet.Inpcb {
	kern.Lock()
	defer kern.Unlock()
	return tcp.Pcbs()
}

// learn makes the peer known to the stack.
func (w *wire) learn() {
	w.port.Input(w.frame(&layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: net.LlBroadcast[:], EthernetType: layers.EthernetTypeARP},
		&layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: layers.ARPRequest, SourceHwAddress: stacktest.PeerLladdr[:], SourceProtAddress: w.from.Addr().AsSlice(),
			DstHwAddress: make([]byte, 6), DstProtAddress: mine.Addr().AsSlice(),
		}))
	w.port.Sent()
}

func (w *wire) frame(l ...gopacket.SerializableLayer) []byte {
	w.t.Helper()
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		w.t.Fatal(err)
	}
	return slices.Clone(b.Bytes())
}

// input has the stack receive a segment, and returns what it answers.
func (w *wire) input(seg *layers.TCP, payload string) []*layers.TCP {
	w.t.Helper()
	w.port.Input(w.segment(seg, payload))
	return w.sent()
}

func (w *wire) segment(seg *layers.TCP, payload string) []byte {
	w.t.Helper()
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: w.from.Addr().AsSlice(), DstIP: mine.Addr().AsSlice()}
	if err := seg.SetNetworkLayerForChecksum(ip); err != nil {
		w.t.Fatal(err)
	}
	return w.frame(&layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: w.port.Lladdr[:], EthernetType: layers.EthernetTypeIPv4},
		ip, seg, gopacket.Payload(payload))
}

// sent returns the segments that the stack sent.
func (w *wire) sent() (all []*layers.TCP) {
	w.t.Helper()
	for _, f := range w.port.Sent() {
		seg := segmentOf(w.t, f)
		if seg == nil {
			continue
		}
		// The options are those that gopacket makes of them.
		b := gopacket.NewSerializeBuffer()
		if err := seg.SerializeTo(b, gopacket.SerializeOptions{}); err != nil || !bytes.Equal(b.Bytes(), seg.Contents) {
			w.t.Fatalf("%v\n% x, want\n% x", err, seg.Contents, b.Bytes())
		}
		all = append(all, seg)
	}
	return all
}

// one returns the only segment of a list.
func one(t testing.TB, all []*layers.TCP) *layers.TCP {
	t.Helper()
	if len(all) != 1 {
		t.Fatalf("%d segments, want 1", len(all))
	}
	return all[0]
}

// flags returns the flags in letters.
func flags(s *layers.TCP) (f string) {
	for i, on := range []bool{s.SYN, s.FIN, s.RST, s.PSH, s.ACK} {
		if on {
			f += string("SFRP."[i])
		}
	}
	return f
}

// option returns an option's value, nil if there is none.
func option(s *layers.TCP, kind layers.TCPOptionKind) []byte {
	for _, o := range s.Options {
		if o.OptionType == kind {
			if o.OptionData == nil {
				return []byte{}
			}
			return o.OptionData
		}
	}
	return nil
}

func be32(v ...uint32) (b []byte) {
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, x)
	}
	return b
}

func opt(kind layers.TCPOptionKind, b []byte) layers.TCPOption {
	return layers.TCPOption{OptionType: kind, OptionLength: uint8(2 + len(b)), OptionData: b}
}

func nop() layers.TCPOption {
	return layers.TCPOption{OptionType: layers.TCPOptionKindNop, OptionLength: 1}
}

// A talk is a connection of the peer's with the stack.
type talk struct {
	w        *wire
	so       *kern.Socket
	seq, ack uint32 // the peer's next, and what it acknowledges
	ts       bool
}

// listen makes a listener in the stack.
func (w *wire) listen(port uint16) *kern.Socket {
	w.t.Helper()
	so, err := kern.Socreate(kern.SockStream, 6)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := so.Bind(addrPort(0, port)); err != nil {
		w.t.Fatal(err)
	}
	if err := so.Listen(8); err != nil {
		w.t.Fatal(err)
	}
	return so
}

// dial connects the peer to port 80, with SACK and a segment size of 1,000 bytes.
func (w *wire) dial() *talk {
	w.t.Helper()
	lis := w.listen(80)
	c := &talk{w: w, seq: 1000}
	syn := &layers.TCP{SrcPort: 5000, DstPort: 80, Seq: 1000, SYN: true, Window: 50000, Options: []layers.TCPOption{
		opt(layers.TCPOptionKindMSS, []byte{1000 >> 8, 1000 & 255}), opt(layers.TCPOptionKindSACKPermitted, nil), nop(), nop(),
	}}
	sa := one(w.t, w.input(syn, ""))
	if flags(sa) != "S." || sa.Ack != 1001 {
		w.t.Fatal(sa)
	}
	c.seq, c.ack = 1001, sa.Seq+1
	if all := c.say("", ""); len(all) != 0 {
		w.t.Fatal(all)
	}
	so, err := lis.Accept()
	if err != nil {
		w.t.Fatal(err)
	}
	c.so = so
	return c
}

// say sends a segment at the peer's next number, and returns the answers. Flags are
// as of function flags; ACK is always set.
func (c *talk) say(f, payload string, options ...layers.TCPOption) []*layers.TCP {
	c.w.t.Helper()
	all := c.at(c.seq, f, payload, options...)
	c.seq += uint32(len(payload))
	return all
}

// at sends a segment at any number.
func (c *talk) at(seq uint32, f, payload string, options ...layers.TCPOption) []*layers.TCP {
	c.w.t.Helper()
	seg := &layers.TCP{SrcPort: 5000, DstPort: 80, Seq: seq, Ack: c.ack, ACK: true, Window: 50000, Options: options}
	for _, r := range f {
		switch r {
		case 'S':
			seg.SYN = true
		case 'F':
			seg.FIN = true
		case 'R':
			seg.RST = true
		}
	}
	return c.w.input(seg, payload)
}

// The SYN of ours has all options; the answer to the peer's has those that it has.
func TestOptions(t *testing.T) {
	onWire(t, func(w *wire) {
		so, _ := kern.Socreate(kern.SockStream, 6)
		kern.Lock()
		err := so.Proto.Connect(so, addrPort(peer, 80))
		kern.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		syn := one(t, w.sent())
		if flags(syn) != "S" || !bytes.Equal(option(syn, layers.TCPOptionKindMSS), []byte{1460 >> 8, 1460 & 255}) ||
			!bytes.Equal(option(syn, layers.TCPOptionKindWindowScale), []byte{4}) || option(syn, layers.TCPOptionKindSACKPermitted) == nil ||
			len(option(syn, layers.TCPOptionKindTimestamps)) != 8 || syn.Window != 65535 {
			t.Errorf("%+v", syn)
		}
		lis := w.listen(80)
		for i, o := range [][]layers.TCPOption{
			{},
			{opt(layers.TCPOptionKindMSS, []byte{2, 0})},
			{nop(), opt(layers.TCPOptionKindWindowScale, []byte{7})},
			{nop(), nop(), opt(layers.TCPOptionKindTimestamps, be32(77, 0))},
			{nop(), nop(), opt(layers.TCPOptionKindSACKPermitted, nil)},
		} {
			sa := one(t, w.input(&layers.TCP{SrcPort: layers.TCPPort(6000 + i), DstPort: 80, Seq: 5, SYN: true, Window: 1000, Options: o}, ""))
			if flags(sa) != "S." || sa.Ack != 6 || option(sa, layers.TCPOptionKindMSS) == nil {
				t.Errorf("%+v", sa)
			}
			for j, kind := range []layers.TCPOptionKind{layers.TCPOptionKindWindowScale, layers.TCPOptionKindTimestamps, layers.TCPOptionKindSACKPermitted} {
				if got := option(sa, kind) != nil; got != (i == j+2) {
					t.Errorf("SYN %d: %v is %v", i, kind, got)
				}
			}
			if ts := option(sa, layers.TCPOptionKindTimestamps); ts != nil && binary.BigEndian.Uint32(ts[4:]) != 77 {
				t.Errorf("% x", ts)
			}
		}
		_ = lis.Close()
	})
}

// Segments out of order are reported by blocks, the one of the last segment first,
// and delivered when the gap is filled.
func TestOutOfOrder(t *testing.T) {
	onWire(t, func(w *wire) {
		c := w.dial()
		blocks := func(all []*layers.TCP) (b []uint32) {
			t.Helper()
			s := one(t, all)
			if flags(s) != "." || s.Ack != c.seq {
				t.Errorf("%s ack %d, want %d", flags(s), s.Ack, c.seq)
			}
			v := option(s, layers.TCPOptionKindSACK)
			for ; len(v) > 0; v = v[4:] {
				b = append(b, binary.BigEndian.Uint32(v)-c.seq)
			}
			return b
		}
		want := func(all []*layers.TCP, b ...uint32) {
			t.Helper()
			if got := blocks(all); !slices.Equal(got, b) {
				t.Errorf("blocks %v, want %v", got, b)
			}
		}
		want(c.at(c.seq+10, "", "klmno"), 10, 15)
		want(c.at(c.seq+20, "", "uvwxy"), 20, 25, 10, 15)
		want(c.at(c.seq+30, "F", "fin"), 30, 33, 20, 25, 10, 15)
		want(c.at(c.seq+12, "", "mnopqr"), 10, 18, 30, 33, 20, 25)
		want(c.at(c.seq+5, "", "fg"), 5, 7, 10, 18, 30, 33, 20, 25)
		want(c.at(c.seq+11, "", "lm"), 5, 7, 10, 18, 30, 33, 20, 25)
		want(c.at(c.seq+25, "", "zabcde"), 20, 33, 5, 7, 10, 18)
		want(c.at(c.seq+6, "", "ghijklmnopqrstuv"), 5, 33)
		if c.so.Rcv.Len() != 0 {
			t.Error("delivered early")
		}
		a := one(t, c.at(c.seq, "", "abcdef"))
		if a.Ack != c.seq+34 || option(a, layers.TCPOptionKindSACK) != nil {
			t.Errorf("ack %d, want %d", a.Ack-c.seq, 34)
		}
		b := make([]byte, 100)
		n, err := c.so.Read(b)
		if string(b[:n]) != "abcdefghijklmnopqrstuvwxyzabcdfin" && string(b[:n]) != "abcdefghijklmnopqrstuvwxyzabcdefin" || err != nil {
			t.Errorf("%q %v", b[:n], err)
		}
		if n, err := c.so.Read(b); n != 0 || err != nil {
			t.Error("no end of the stream", n, err)
		}
	})
}

// Three blocks make the first segment lost: it is sent again at once, and nothing
// that the peer has is.
func TestFastRetransmit(t *testing.T) {
	t.Run("newreno", func(t *testing.T) { fastRetransmit(t, 5, "kldload", "newreno") })
	t.Run("cubic", func(t *testing.T) { fastRetransmit(t, 7) })
}

// fastRetransmit wants a window of so many segments after a loss with a window of ten.
func fastRetransmit(t *testing.T, want int, settings ...string) {
	onWire(t, func(w *wire) {
		c := w.dial()
		if _, err := c.so.Write(make([]byte, 10000)); err != nil {
			t.Fatal(err)
		}
		if all := w.sent(); len(all) != 10 || len(all[0].Payload) != 1000 {
			t.Fatalf("%d segments", len(all))
		}
		first := c.ack
		sack := func(b ...uint32) []layers.TCPOption {
			for i := range b {
				b[i] += first
			}
			return []layers.TCPOption{nop(), nop(), opt(layers.TCPOptionKindSACK, be32(b...))}
		}
		for _, end := range []uint32{2000, 3000} {
			if all := c.say("", "", sack(1000, end)...); len(all) != 0 {
				t.Fatalf("%d segments at the first duplicates", len(all))
			}
		}
		if s := one(t, c.say("", "", sack(1000, 4000)...)); s.Seq != first || len(s.Payload) != 1000 {
			t.Errorf("%d bytes at %d", len(s.Payload), s.Seq-first)
		}
		// 5000 is lost too, which three segments above it show. No more is sent again: what is
		// above may still be reported.
		var again []uint32
		for _, end := range []uint32{7000, 8000, 9000, 10000} {
			for _, s := range c.say("", "", sack(6000, end, 1000, 5000)...) {
				again = append(again, s.Seq-first)
			}
		}
		if !slices.Equal(again, []uint32{5000}) {
			t.Errorf("sent again: %v", again)
		}
		c.ack = first + 10000
		if all := c.say("", ""); len(all) != 0 {
			t.Errorf("%d segments", len(all))
		}
		kern.Advance(time.Minute)
		if all := w.sent(); len(all) != 0 {
			t.Errorf("%d segments when all is acknowledged", len(all))
		}
		if _, err := c.so.Write(make([]byte, 20000)); err != nil {
			t.Fatal(err)
		}
		if all := w.sent(); len(all) != want {
			t.Errorf("%d segments after recovery, want %d", len(all), want)
		}
	}, settings...)
}

// The timer doubles, up to a minute, and the connection ends after twelve times.
func TestBackoff(t *testing.T) {
	onWire(t, func(w *wire) {
		c := w.dial()
		kern.Advance(time.Second)
		if _, err := c.so.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		one(t, w.sent())
		begin := kern.Now()
		var at []string
		for c.so.Err == nil && kern.Now()-begin < time.Hour {
			kern.Advance(10 * time.Millisecond)
			for range w.sent() {
				at = append(at, (kern.Now() - begin).Round(10*time.Millisecond).String())
			}
		}
		want := "[200ms 600ms 1.4s 3s 6.2s 12.6s 25.4s 51s 1m42.2s 2m42.2s 3m42.2s 4m42.2s 5m42.2s]"
		if fmt.Sprint(at) != want || c.so.Err == nil || c.so.Err.Error() != "connection timed out" {
			t.Errorf("%v, want %s; %v", at, want, c.so.Err)
		}
	})
}

// RFC 5961: a RST or SYN in the window, or an ACK of what was never sent, is
// answered by a challenge, and changes nothing.
func TestBlindAttack(t *testing.T) {
	onWire(t, func(w *wire) {
		c := w.dial()
		challenge := func(all []*layers.TCP) {
			t.Helper()
			if s := one(t, all); flags(s) != "." || s.Ack != c.seq || s.Seq != c.ack {
				t.Errorf("%+v", s)
			}
		}
		challenge(c.at(c.seq+100, "R", ""))
		challenge(c.at(c.seq+100, "S", ""))
		challenge(c.at(c.seq, "S", ""))
		ack := c.ack
		c.ack += 100
		all := c.at(c.seq, "", "injected")
		c.ack = ack - 200000
		all2 := c.at(c.seq, "", "injected")
		c.ack = ack
		challenge(all)
		challenge(all2)
		if all := c.at(c.seq-100, "R", ""); len(all) != 0 {
			t.Errorf("%d answers to an old RST", len(all))
		}
		if c.so.Rcv.Len() != 0 || c.so.Err != nil {
			t.Error(c.so.Rcv.Len(), c.so.Err)
		}
		kern.Advance(time.Second)
		before := tcp.Tcpstat()
		for range 5000 {
			c.at(c.seq+100, "R", "")
		}
		if s := tcp.Tcpstat(); s.ChallengeAck-before.ChallengeAck != 1000 || s.ChallengeLimited-before.ChallengeLimited != 4000 {
			t.Errorf("%+v", s)
		}
		if all := c.at(c.seq, "R", ""); len(all) != 0 || c.so.Err == nil {
			t.Error("a RST at the next number does nothing")
		}
	})
}

// A flood of SYNs is bounded, and peers still connect, by cookies.
func TestSynFlood(t *testing.T) {
	onWire(t, func(w *wire) {
		lis := w.listen(80)
		before := tcp.Tcpstat()
		for i := range 5000 {
			w.input(&layers.TCP{SrcPort: layers.TCPPort(1000 + i%5000), DstPort: 80, Seq: uint32(i), SYN: true, Window: 1000}, "")
		}
		s := tcp.Tcpstat()
		if s.ScAdded-before.ScAdded != 1024 || s.ScCookieSent-before.ScCookieSent != 5000-1024 {
			t.Errorf("%+v", s)
		}
		ts := uint32(99)
		o := []layers.TCPOption{
			opt(layers.TCPOptionKindMSS, []byte{1440 >> 8, 1440 & 255}), opt(layers.TCPOptionKindSACKPermitted, nil),
			nop(), opt(layers.TCPOptionKindWindowScale, []byte{7}), nop(), nop(), opt(layers.TCPOptionKindTimestamps, be32(ts, 0)),
		}
		sa := one(t, w.input(&layers.TCP{SrcPort: 7000, DstPort: 80, Seq: 50, SYN: true, Window: 1000, Options: o}, ""))
		tsval := binary.BigEndian.Uint32(option(sa, layers.TCPOptionKindTimestamps))
		kern.Advance(2 * time.Second)
		w.sent()
		stamp := []layers.TCPOption{nop(), nop(), opt(layers.TCPOptionKindTimestamps, be32(ts+2000, tsval))}
		forged := &layers.TCP{SrcPort: 7000, DstPort: 80, Seq: 51, Ack: sa.Seq + 257, ACK: true, Window: 1000, Options: stamp}
		if s := one(t, w.input(forged, "")); !s.RST {
			t.Error("a forged cookie is taken")
		}
		w.input(&layers.TCP{SrcPort: 7000, DstPort: 80, Seq: 51, Ack: sa.Seq + 1, ACK: true, Window: 1000, Options: stamp}, "question")
		so, err := lis.Accept()
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		if n, err := so.Read(b); string(b[:n]) != "question" {
			t.Errorf("%q %v", b[:n], err)
		}
		// All that the SYN said holds.
		if _, err := so.Write(make([]byte, 100000)); err != nil {
			t.Fatal(err)
		}
		all := w.sent()
		if len(all) != 10 || len(all[0].Payload) != 1428 { // ten segments, less than the scaled window of 128,000
			t.Errorf("%d segments", len(all))
		}
		now := binary.BigEndian.Uint32(option(all[0], layers.TCPOptionKindTimestamps))
		if now-tsval != 2000 {
			t.Errorf("timestamps are %d apart", now-tsval)
		}
		// What is not completed goes.
		kern.Advance(time.Minute)
		w.sent()
		if s := tcp.Tcpstat(); s.ScStale-before.ScStale != 1024 {
			t.Errorf("%+v", s)
		}
		// Cookies end.
		if s := one(t, w.input(&layers.TCP{SrcPort: 7001, DstPort: 80, Seq: 51, Ack: sa.Seq + 1, ACK: true, Window: 1000}, "")); !s.RST {
			t.Error("an old cookie is taken")
		}
	})
}

// An ICMP error that a segment was too large has it sent again in smaller ones; one that quotes a
// number that is not on its way does nothing.
func TestPathMTU(t *testing.T) {
	onWire(t, func(w *wire) {
		c := w.dial()
		if _, err := c.so.Write(make([]byte, 2000)); err != nil {
			t.Fatal(err)
		}
		if all := w.sent(); len(all) != 2 || len(all[0].Payload) != 1000 {
			t.Fatalf("%d segments", len(all))
		}
		unreach := func(seq uint32) []*layers.TCP {
			quote := &layers.TCP{SrcPort: 80, DstPort: 5000, Seq: seq}
			ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: mine.Addr().AsSlice(), DstIP: w.from.Addr().AsSlice()}
			_ = quote.SetNetworkLayerForChecksum(ip)
			outer := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolICMPv4, SrcIP: w.from.Addr().AsSlice(), DstIP: mine.Addr().AsSlice()}
			w.port.Input(w.frame(&layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: w.port.Lladdr[:], EthernetType: layers.EthernetTypeIPv4},
				outer, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 4), Seq: 576}, gopacket.Payload(w.frame(ip, quote))))
			return w.sent()
		}
		if all := unreach(c.ack - 5); len(all) != 0 {
			t.Errorf("%d segments for an error about another connection", len(all))
		}
		off := 0
		for _, s := range unreach(c.ack) {
			if s.Seq != c.ack+uint32(off) || len(s.Payload) > 536 {
				t.Errorf("%d bytes at %d, want at most 536 at %d", len(s.Payload), s.Seq-c.ack, off)
			}
			off += len(s.Payload)
		}
		if off != 2000 {
			t.Errorf("%d bytes sent again, want 2000", off)
		}
	})
}

// Without SACK three duplicates have the first segment sent again, and each partial
// acknowledgement the next that is lost (RFC 6582).
func TestNewReno(t *testing.T) {
	onWire(t, func(w *wire) {
		defer set(t, "net.inet.tcp.sack", "true")
		c := w.dial()
		if _, err := c.so.Write(make([]byte, 10000)); err != nil {
			t.Fatal(err)
		}
		if all := w.sent(); len(all) != 10 {
			t.Fatalf("%d segments", len(all))
		}
		first := c.ack
		for range 2 {
			if all := c.say("", ""); len(all) != 0 {
				t.Fatalf("%d segments at the first duplicates", len(all))
			}
		}
		if s := one(t, c.say("", "")); s.Seq != first {
			t.Errorf("sent again at %d", s.Seq-first)
		}
		for range 5 {
			if all := c.say("", ""); len(all) != 0 {
				t.Errorf("%d segments", len(all))
			}
		}
		c.ack = first + 4000
		if s := one(t, c.say("", "")); s.Seq != first+4000 {
			t.Errorf("sent again at %d, want 4000", s.Seq-first)
		}
		c.ack = first + 10000
		if all := c.say("", ""); len(all) != 0 {
			t.Errorf("%d segments when all is acknowledged", len(all))
		}
	}, "net.inet.tcp.sack", "false")
}

// What is lost is sent before what is new.
func TestLostFirst(t *testing.T) {
	onWire(t, func(w *wire) {
		c := w.dial()
		if _, err := c.so.Write(make([]byte, 30000)); err != nil {
			t.Fatal(err)
		}
		w.sent()
		first := c.ack
		var again []uint32
		for _, b := range [][]uint32{{2000, 3000}, {2000, 4000}, {2000, 5000}, {2000, 6000}, {2000, 7000}, {2000, 8000}, {2000, 9000}} {
			for _, s := range c.say("", "", nop(), nop(), opt(layers.TCPOptionKindSACK, be32(first+b[0], first+b[1]))) {
				again = append(again, s.Seq-first)
			}
		}
		// Two by limited transmission, the first, and then the second as soon as there is room.
		if len(again) < 5 || !slices.Equal(again[:4], []uint32{10000, 11000, 0, 1000}) || again[4] != 12000 {
			t.Errorf("sent: %v", again)
		}
	})
}

// A window opens by a segment at least.
func TestReceiverSillyWindow(t *testing.T) {
	onWire(t, func(w *wire) {
		defer set(t, "net.inet.tcp.recvspace", "524288")
		c := w.dial()
		for range 20 {
			c.say("", string(make([]byte, 1000)))
		}
		b := make([]byte, 300)
		for i := range 30 {
			if _, err := c.so.Read(b); err != nil {
				t.Fatal(err)
			}
			if all := append(w.sent(), c.at(c.seq, "", "x")...); len(all) == 0 { // the byte is taken: its ACK is put off
				if read := 300 * (i + 1); read < 1000 {
					t.Errorf("a window when %d bytes were read", read)
				}
				return
			} else if s := one(t, all); s.Window != 0 || s.Ack != c.seq {
				t.Fatalf("a window of %d", s.Window)
			}
		}
		t.Error("the window does not open")
	}, "net.inet.tcp.recvspace", "20000")
}
