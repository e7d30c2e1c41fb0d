package netinet_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// fragment makes a fragment of an echo request.
func fragment(t testing.TB, p *stacktest.Port, src net.InAddr, id uint16, off int, data []byte, more bool) []byte {
	h := ipv4(src, mine, layers.IPProtocolICMPv4)
	h.Id, h.FragOffset = id, uint16(off/8)
	if more {
		h.Flags = layers.IPv4MoreFragments
	}
	return frame(t, ether(p, layers.EthernetTypeIPv4), h, gopacket.Payload(data))
}

func reassembling() (packets, bytes int) {
	kern.Lock()
	defer kern.Unlock()
	return netinet.Reassembling()
}

// Fragments that contradict each other drop the packet, and nothing is kept of it.
func TestOverlaps(t *testing.T) {
	eight, sixteen := make([]byte, 8), make([]byte, 16)
	type frag struct {
		off  int
		data []byte
		more bool
	}
	for name, frags := range map[string][]frag{
		"overlap at the end":     {{0, sixteen, true}, {8, sixteen, true}},
		"overlap at the start":   {{8, sixteen, true}, {0, sixteen, true}},
		"one in another":         {{0, sixteen, true}, {0, eight, true}},
		"two ends":               {{16, eight, false}, {24, eight, false}},
		"beyond the end":         {{16, eight, false}, {24, eight, true}},
		"an end before the data": {{24, eight, true}, {8, eight, false}},
		"teardrop":               {{0, make([]byte, 32), true}, {24, []byte{1, 2, 3, 4}, false}},
	} {
		t.Run(name, func(t *testing.T) {
			with(t, func(p *stacktest.Port) {
				learn(t, p, peer, mine)
				p.Sent()
				before := netinet.Ipstat().FragDropped
				for _, f := range frags {
					p.Input(fragment(t, p, peer, 1, f.off, f.data, f.more))
				}
				if n, bytes := reassembling(); n != 0 || bytes != 0 || netinet.Ipstat().FragDropped != before+1 {
					t.Errorf("%d packets, %d bytes, %d dropped", n, bytes, netinet.Ipstat().FragDropped-before)
				}
				if len(p.Sent()) != 0 {
					t.Error("an answer")
				}
			})
		})
	}
	for name, f := range map[string]frag{
		"no data":             {8, nil, true},
		"no multiple of 8":    {0, []byte{1, 2, 3}, true},
		"more than 65,535":    {65528, sixteen, false},
		"more than it can be": {65512, make([]byte, 24), false},
	} {
		t.Run(name, func(t *testing.T) {
			with(t, func(p *stacktest.Port) {
				b := fragment(t, p, peer, 1, f.off, f.data, f.more)[:34+len(f.data)] // without padding
				p.Input(b)
				if n, bytes := reassembling(); n != 0 || bytes != 0 {
					t.Errorf("%d packets, %d bytes", n, bytes)
				}
			})
		})
	}
}

// What is not complete after 30 seconds is given up, and its sender told, if the
// first fragment came.
func TestReassemblyTimeout(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		p.Sent()
		first := fragment(t, p, peer, 1, 0, bytes.Repeat([]byte{8, 0}, 8), true)
		p.Input(first)
		p.Input(fragment(t, p, peer, 2, 16, make([]byte, 16), true))
		kern.Advance(29 * time.Second)
		if n, _ := reassembling(); n != 2 {
			t.Errorf("%d packets before the time, want 2", n)
		}
		kern.Advance(2 * time.Second)
		if n, bytes := reassembling(); n != 0 || bytes != 0 {
			t.Errorf("%d packets, %d bytes after it", n, bytes)
		}
		c := layer[*layers.ICMPv4](t, one(t, p))
		if c.TypeCode != layers.CreateICMPv4TypeCode(11, 1) || !bytes.Equal(c.Payload, first[14:50]) {
			t.Error(c)
		}
	})
}

// A flood of fragments takes bounded memory, and does not keep those of others from
// being put together.
func TestFragmentFlood(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		p.Sent()
		request := frame(t, ipv4(peer, mine, layers.IPProtocolICMPv4), &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(8, 0)},
			gopacket.Payload(make([]byte, 2000)))[20:]
		for i := range 20000 {
			n := 1480
			if i%3 == 0 {
				n = 8
			}
			p.Input(fragment(t, p, peer+net.InAddr(1+i%50), uint16(i), 8*(1+i%20), make([]byte, n), true))
			packets, bytes := reassembling()
			if packets > 64 || bytes > 1<<20 {
				t.Fatalf("%d packets of %d bytes", packets, bytes)
			}
			if i%1000 == 0 {
				id := uint16(30000 + i/1000)
				p.Input(fragment(t, p, peer, id, 1480, request[1480:], false))
				p.Input(fragment(t, p, peer, id, 0, request[:1480], true))
				if n := len(p.Sent()); n != 2 { // the answer, in fragments
					t.Fatalf("%d: %d frames, %+v", i, n, netinet.Ipstat())
				}
			}
		}
		// One packet of very many fragments.
		for i := range 100 {
			p.Input(fragment(t, p, peer, 9, 8*(2*i), make([]byte, 8), true))
		}
		kern.Advance(time.Minute)
		if n, bytes := reassembling(); n != 0 || bytes != 0 {
			t.Errorf("%d packets, %d bytes are left", n, bytes)
		}
	})
}

// Errors are limited to 200 a second.
func TestErrorLimit(t *testing.T) {
	with(t, func(p *stacktest.Port) {
		learn(t, p, peer, mine)
		p.Sent()
		kern.Advance(2 * time.Second)
		u := &layers.UDP{SrcPort: 9, DstPort: 7778}
		h := ipv4(peer, mine, layers.IPProtocolUDP)
		_ = u.SetNetworkLayerForChecksum(h)
		f := frame(t, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload("x"))
		for range 2 {
			for range 1000 {
				p.Input(f)
			}
			if n := len(p.Sent()); n != 200 {
				t.Errorf("%d errors in a second, want 200", n)
			}
			kern.Advance(time.Second)
		}
		// None about errors, nor about fragments other than the first, nor to all.
		for _, b := range [][]byte{
			frame(t, ether(p, layers.EthernetTypeIPv4), ipv4(peer, mine, layers.IPProtocolICMPv4), &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}, gopacket.Payload(f[14:42])),
			frame(t, ether(p, layers.EthernetTypeIPv4), ipv4(peer, net.Broadcast, layers.IPProtocolUDP), u, gopacket.Payload("x")),
			frame(t, ether(p, layers.EthernetTypeIPv4), ipv4(0, mine, layers.IPProtocolUDP), u, gopacket.Payload("x")),
		} {
			p.Input(b)
			if n := len(p.Sent()); n != 0 {
				t.Errorf("an error about % x", b)
			}
		}
	})
}
