package netinet_test

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
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
)

const (
	mine  net.InAddr = 10<<24 | 1 // 10.0.0.1
	peer  net.InAddr = 10<<24 | 2
	far   net.InAddr = 192<<24 | 168<<16 | 7
	here2 net.InAddr = 10<<24 | 1<<8 | 1
	peer2 net.InAddr = 10<<24 | 1<<8 | 2
)

var complete = gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}

// frame serialises layers by gopacket.
func frame(t testing.TB, l ...gopacket.SerializableLayer) []byte {
	t.Helper()
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, complete, l...); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(b.Bytes())
}

// decode decodes a frame by gopacket. It fails unless gopacket makes the same bytes
// of the layers, their lengths and checksums computed anew.
func decode(t testing.TB, b []byte) gopacket.Packet {
	t.Helper()
	p := gopacket.NewPacket(b, layers.LayerTypeEthernet, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatalf("%v\n%s", e.Error(), hex.Dump(b))
	}
	var again []gopacket.SerializableLayer
	for _, l := range p.Layers() {
		if n, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := n.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		}
		switch l := l.(type) {
		case gopacket.SerializableLayer:
			again = append(again, l)
		case *gopacket.Fragment:
			again = append(again, gopacket.Payload(*l))
		default:
			t.Fatalf("layer %v", l.LayerType())
		}
	}
	if b2 := frame(t, again...); !bytes.Equal(b, b2[:min(len(b), len(b2))]) { // it pads to 60 bytes
		t.Fatalf("sent\n%swant\n%s", hex.Dump(b), hex.Dump(b2))
	}
	return p
}

func layer[T gopacket.Layer](t testing.TB, p gopacket.Packet) T {
	t.Helper()
	for _, l := range p.Layers() {
		if l, ok := l.(T); ok {
			return l
		}
	}
	t.Fatalf("no layer %T in %v", *new(T), p)
	panic(0)
}

func ip(a net.InAddr) []byte { return a.Addr().AsSlice() }

func ether(p *stacktest.Port, typ layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: p.Lladdr[:], EthernetType: typ}
}

func ipv4(src, dst net.InAddr, proto layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Id: 77, Protocol: proto, SrcIP: ip(src), DstIP: ip(dst)}
}

// learn makes the peer known to the stack, by a request of its.
func learn(t testing.TB, p *stacktest.Port, a, of net.InAddr) {
	t.Helper()
	p.Input(frame(t, &layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: net.LlBroadcast[:], EthernetType: layers.EthernetTypeARP},
		&layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: layers.ARPRequest, SourceHwAddress: stacktest.PeerLladdr[:], SourceProtAddress: ip(a),
			DstHwAddress: make([]byte, 6), DstProtAddress: ip(of),
		}))
}

// one returns the only frame that was sent.
func one(t testing.TB, p *stacktest.Port) gopacket.Packet {
	t.Helper()
	sent := p.Sent()
	if len(sent) != 1 {
		t.Fatalf("%d frames sent, want 1", len(sent))
	}
	return decode(t, sent[0])
}

func with(t *testing.T, f func(p *stacktest.Port)) {
	stacktest.Run(t, func() {
		p := stacktest.NewPort(t, mine, 24)
		defer p.Detach()
		f(p)
	})
}

func TestARP(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		reply := one(t, p)
		a := layer[*layers.ARP](t, reply)
		if e := layer[*layers.Ethernet](t, reply); !bytes.Equal(e.DstMAC, stacktest.PeerLladdr[:]) || !bytes.Equal(e.SrcMAC, p.Lladdr[:]) {
			t.Error(e)
		}
		if a.Operation != layers.ARPReply || !bytes.Equal(a.SourceHwAddress, p.Lladdr[:]) || !bytes.Equal(a.SourceProtAddress, ip(mine)) ||
			!bytes.Equal(a.DstHwAddress, stacktest.PeerLladdr[:]) || !bytes.Equal(a.DstProtAddress, ip(peer)) {
			t.Error(a)
		}
		// The entry is used, and asked for again when it is old.
		send(t, peer, 1)
		if p := one(t, p); p.Layer(layers.LayerTypeUDP) == nil {
			t.Error(p)
		}
		kern.Advance(20 * time.Minute)
		send(t, peer, 1)
		if p := one(t, p); p.Layer(layers.LayerTypeARP) == nil {
			t.Error(p)
		}
	})
}

// send sends a datagram of n bytes from port 40001 to port 40002.
func send(t testing.TB, to net.InAddr, n int) {
	t.Helper()
	so, err := kern.Socreate(kern.SockDgram, 17)
	if err != nil {
		t.Fatal(err)
	}
	defer so.Close()
	if err := so.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 40001)); err != nil {
		t.Fatal(err)
	}
	if err := so.SendTo(bytes.Repeat([]byte("x"), n), netip.AddrPortFrom(to.Addr(), 40002)); err != nil {
		t.Fatal(err)
	}
}

// What waits for an address is sent when it comes; without an answer there are five
// requests, a second apart, and then the neighbour counts as down for a second.
func TestARPHold(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		for range 20 {
			send(t, peer, 1)
		}
		req := layer[*layers.ARP](t, one(t, p))
		if req.Operation != layers.ARPRequest || !bytes.Equal(req.DstProtAddress, ip(peer)) {
			t.Error(req)
		}
		learn(t, p, peer, mine)
		sent := p.Sent()
		if len(sent) != 16+1 {
			t.Errorf("%d frames, want the 16 that are held, and a reply", len(sent))
		}
		for _, b := range sent {
			decode(t, b)
		}
		send(t, peer+1, 1)
		kern.Advance(10 * time.Second)
		if n := len(p.Sent()); n != 5 {
			t.Errorf("%d requests, want 5", n)
		}
		send(t, peer+1, 1)
		if n := len(p.Sent()); n != 1 {
			t.Errorf("%d requests when the neighbour may be up again, want 1", n)
		}
		kern.Advance(4*time.Second + time.Second/2)
		p.Sent()
		kern.Advance(time.Second)
		before := netinet.Arpstat().Dropped
		send(t, peer+1, 1)
		if n := len(p.Sent()); n != 0 || netinet.Arpstat().Dropped != before+1 {
			t.Errorf("%d requests for a neighbour that is down", n)
		}
	})
}

// The table is bounded, and forgets the neighbour that was not used for the longest time.
func TestARPBound(t *testing.T) {
	stacktest.Run(t, func() {
		p := stacktest.NewPort(t, mine, 8)
		defer p.Detach()
		for i := range net.InAddr(3000) {
			learn(t, p, peer+i, mine)
			kern.Advance(time.Millisecond)
		}
		kern.Lock()
		all := netinet.Neighbours()
		kern.Unlock()
		if len(all) != 1024 {
			t.Errorf("%d entries, want 1024", len(all))
		}
		if first := all[0].Addr; first != peer+3000-1024 {
			t.Errorf("the oldest entry is of %v", first)
		}
		for range net.InAddr(3000) {
			send(t, peer+net.InAddr(rand.IntN(1<<20)), 1)
		}
		kern.Lock()
		defer kern.Unlock()
		if n := len(netinet.Neighbours()); n > 1024 {
			t.Errorf("%d entries", n)
		}
	})
}

// Packets to addresses that nobody has displace each other: a neighbour that is known
// stays so, and one that is there is still found.
func TestARPUnresolved(t *testing.T) {
	stacktest.Run(t, func() {
		p := stacktest.NewPort(t, mine, 8)
		defer p.Detach()
		learn(t, p, peer, mine)
		for i := range net.InAddr(2000) {
			send(t, peer+1000+i, 1)
			send(t, peer+1000+i, 1)
		}
		p.Sent()
		kern.Lock()
		all := netinet.Neighbours()
		kern.Unlock()
		if len(all) != 1+256 || all[0].Addr != peer || !all[0].Valid {
			t.Errorf("%d entries, the first %+v; want 256 and the one that is known", len(all), all[0])
		}
		send(t, peer, 1)
		layer[*layers.UDP](t, one(t, p))
		send(t, peer+1, 1)
		layer[*layers.ARP](t, one(t, p))
		learn(t, p, peer+1, mine)
		if n := len(p.Sent()); n != 2 {
			t.Errorf("%d frames, want the packet that waited and a reply", n)
		}
		for i := range net.InAddr(100) { // all that wait are bounded too
			for range 16 {
				send(t, peer+4000+i, 1)
			}
		}
		p.Sent()
		learn(t, p, peer+4099, mine)
		if n := len(p.Sent()); n != 3 { // 1,024 waited: it got the place of the two of the oldest entry
			t.Errorf("%d frames, want a reply and two packets", n)
		}
	})
}

func TestEcho(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		p.Sent()
		payload := gopacket.Payload("an odd payload.")
		p.Input(frame(t, ether(p, layers.EthernetTypeIPv4), ipv4(peer, mine, layers.IPProtocolICMPv4),
			&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(8, 0), Id: 0x1234, Seq: 5}, payload))
		r := one(t, p)
		h, c := layer[*layers.IPv4](t, r), layer[*layers.ICMPv4](t, r)
		if !bytes.Equal(h.SrcIP, ip(mine)) || !bytes.Equal(h.DstIP, ip(peer)) || h.TTL != 64 {
			t.Error(h)
		}
		if c.TypeCode != layers.CreateICMPv4TypeCode(0, 0) || c.Id != 0x1234 || c.Seq != 5 || !bytes.Equal(c.Payload, payload) {
			t.Error(c)
		}
	})
}

func TestUDP(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		p.Sent()
		for _, n := range []int{0, 1, 2, 31, 32, 33, 1472} {
			send(t, peer, n)
			r := one(t, p)
			u := layer[*layers.UDP](t, r)
			if u.SrcPort != 40001 || u.DstPort != 40002 || len(u.Payload) != n || u.Checksum == 0 {
				t.Error(u)
			}
		}
		so, err := kern.Socreate(kern.SockDgram, 17)
		if err != nil {
			t.Fatal(err)
		}
		defer so.Close()
		if err := so.Bind(netip.AddrPortFrom(mine.Addr(), 7777)); err != nil {
			t.Fatal(err)
		}
		h, u := ipv4(peer, mine, layers.IPProtocolUDP), &layers.UDP{SrcPort: 9, DstPort: 7777}
		if err := u.SetNetworkLayerForChecksum(h); err != nil {
			t.Fatal(err)
		}
		good := frame(t, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload("question"))
		p.Input(append(slices.Clone(good), 0, 0, 0)) // with Ethernet's padding
		b := make([]byte, 100)
		n, from, err := so.ReceiveFrom(b)
		if err != nil || string(b[:n]) != "question" || from != netip.AddrPortFrom(peer.Addr(), 9) {
			t.Errorf("%q %v %v", b[:n], from, err)
		}
		bad := slices.Clone(good)
		bad[49] ^= 1
		before := netinet.Udpstat().BadSum
		p.Input(bad)
		if netinet.Udpstat().BadSum != before+1 || so.Rcv.Len() != 0 {
			t.Error("a datagram with a wrong checksum is taken")
		}
		// A port that nobody has: an error that quotes the packet.
		u.DstPort = 7778
		f := frame(t, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload("question"))
		p.Input(f)
		c := layer[*layers.ICMPv4](t, one(t, p))
		if c.TypeCode != layers.CreateICMPv4TypeCode(3, 3) || !bytes.Equal(c.Payload, f[14:50]) {
			t.Error(c)
		}
	})
}

// A router takes one from the time to live, and nothing else changes but the checksum.
func TestForward(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		q := stacktest.NewPort(t, here2, 24)
		defer q.Detach()
		netinet.SetForwarding(true)
		defer netinet.SetForwarding(false)
		learn(t, p, peer, mine)
		learn(t, q, peer2, here2)
		p.Sent()
		q.Sent()
		for range 200 {
			h := ipv4(peer, peer2, layers.IPProtocolUDP)
			h.Id, h.TTL, h.TOS = uint16(rand.Uint32()), uint8(2+rand.IntN(254)), uint8(rand.Uint32())
			u := &layers.UDP{SrcPort: 9, DstPort: 7777}
			_ = u.SetNetworkLayerForChecksum(h)
			f := frame(t, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload(make([]byte, rand.IntN(1400))))
			p.Input(f)
			g := layer[*layers.IPv4](t, one(t, q))
			if g.TTL != h.TTL-1 || g.Id != h.Id || g.TOS != h.TOS || !bytes.Equal(g.Payload, f[34:14+int(h.Length)]) {
				t.Fatal(g)
			}
		}
		answer := func(h *layers.IPv4, n int, typ, code uint8) *layers.ICMPv4 {
			t.Helper()
			u := &layers.UDP{SrcPort: 9, DstPort: 7777}
			_ = u.SetNetworkLayerForChecksum(h)
			p.Input(frame(t, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload(make([]byte, n))))
			c := layer[*layers.ICMPv4](t, one(t, p))
			if c.TypeCode != layers.CreateICMPv4TypeCode(typ, code) || len(q.Sent()) != 0 {
				t.Error(c)
			}
			return c
		}
		h := ipv4(peer, peer2, layers.IPProtocolUDP)
		h.TTL = 1
		answer(h, 8, 11, 0)
		answer(ipv4(peer, far, layers.IPProtocolUDP), 8, 3, 1)
		q.MTU = 576
		h = ipv4(peer, peer2, layers.IPProtocolUDP)
		h.Flags = layers.IPv4DontFragment
		if c := answer(h, 1000, 3, 4); c.Seq != 576 {
			t.Errorf("MTU %d, want 576", c.Seq)
		}
	})
}

// A packet that is too large leaves in fragments, which come together again in any
// order; and fragments of fragments do.
func TestFragments(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		q := stacktest.NewPort(t, here2, 24)
		defer q.Detach()
		netinet.SetForwarding(true)
		defer netinet.SetForwarding(false)
		learn(t, p, peer, mine)
		learn(t, q, peer2, here2)
		p.Sent()
		q.Sent()
		so, err := kern.Socreate(kern.SockDgram, 17)
		if err != nil {
			t.Fatal(err)
		}
		defer so.Close()
		if err := so.Bind(netip.AddrPortFrom(mine.Addr(), 7777)); err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			n := 1473 + rand.IntN(65507-1473)
			if i == 0 {
				n = 65507
			}
			data := make([]byte, n)
			for i := range data {
				data[i] = byte(rand.Uint32())
			}
			// From a peer, cut by gopacket's measures to what a network with a small MTU has.
			h, u := ipv4(peer, mine, layers.IPProtocolUDP), &layers.UDP{SrcPort: 9, DstPort: 7777}
			h.Id = uint16(i)
			_ = u.SetNetworkLayerForChecksum(h)
			whole := frame(t, h, u, gopacket.Payload(data))[20:]
			var frags [][]byte
			each := 8 * (1500 + rand.IntN(100)) / 8
			each &^= 7
			for off := 0; off < len(whole); off += each {
				h.FragOffset, h.Flags = uint16(off/8), layers.IPv4MoreFragments
				end := min(off+each, len(whole))
				if end == len(whole) {
					h.Flags = 0
				}
				frags = append(frags, frame(t, ether(p, layers.EthernetTypeIPv4), h, gopacket.Payload(whole[off:end])))
			}
			rand.Shuffle(len(frags), func(i, j int) { frags[i], frags[j] = frags[j], frags[i] })
			for _, f := range frags {
				p.Input(f)
				if rand.IntN(4) == 0 && f != nil && so.Rcv.Len() == 0 {
					p.Input(f) // twice
				}
			}
			b := make([]byte, 65536)
			if so.Rcv.Len() != n {
				t.Fatalf("%d bytes of %d came: %+v", so.Rcv.Len(), n, netinet.Ipstat())
			}
			if got, _, err := so.ReceiveFrom(b); err != nil || !bytes.Equal(b[:got], data) {
				t.Fatal(got, n, err)
			}
			// Ours, forwarded by fragments of fragments.
			send(t, peer, n)
			q.MTU = 68 + rand.IntN(1400)
			var again []byte
			seen := map[uint16]bool{}
			for _, f := range p.Sent() {
				d := decode(t, f)
				g := layer[*layers.IPv4](t, d)
				if len(f) > 1514 {
					t.Fatalf("a frame of %d bytes", len(f))
				}
				// The test is the network: it turns the packet round, to another host behind the stack.
				g.SrcIP, g.DstIP = ip(peer), ip(peer2)
				p.Input(frame(t, ether(p, layers.EthernetTypeIPv4), g, gopacket.Payload(g.Payload)))
			}
			end := 0
			for _, f := range q.Sent() {
				g := layer[*layers.IPv4](t, decode(t, f))
				if int(g.Length) > q.MTU || seen[g.FragOffset] {
					t.Fatal(g, q.MTU)
				}
				seen[g.FragOffset] = true
				if int(g.FragOffset)*8 != end {
					t.Fatal("a gap before ", g)
				}
				end += len(g.Payload)
				again = append(again, g.Payload...)
				if more := g.Flags&layers.IPv4MoreFragments != 0; more != (end < n+8) {
					t.Fatal(g)
				}
			}
			if len(again) != n+8 || !bytes.Equal(again[8:], bytes.Repeat([]byte("x"), n)) {
				t.Fatalf("%d bytes, want %d", len(again), n+8)
			}
		}
	})
}
