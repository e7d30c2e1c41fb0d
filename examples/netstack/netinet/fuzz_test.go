package netinet_test

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// seeds are frames that a peer sends, each followed by what is not as it should be.
func seeds(f *testing.F, p *stacktest.Port) [][]byte {
	udp := &layers.UDP{SrcPort: 9, DstPort: 7777}
	h := ipv4(peer, mine, layers.IPProtocolUDP)
	_ = udp.SetNetworkLayerForChecksum(h)
	e := ether(p, layers.EthernetTypeIPv4)
	first, last := *h, *h
	first.Flags, last.FragOffset = layers.IPv4MoreFragments, 2
	overlap := last
	overlap.FragOffset = 1
	far := frame(f, e, ipv4(peer, peer2, layers.IPProtocolUDP), udp, gopacket.Payload("far"))
	options := *h
	options.Options = []layers.IPv4Option{{OptionType: 137, OptionLength: 7, OptionData: []byte{4, 1, 2, 3, 4}}}
	quote := frame(f, ipv4(mine, peer, layers.IPProtocolUDP), udp, gopacket.Payload("quoted"))
	sixteen := gopacket.Payload("sixteen bytes!!!")
	return [][]byte{
		frame(f, e, h, udp, gopacket.Payload("a datagram")),
		far,
		frame(f, e, &options, udp, gopacket.Payload("source route")),
		frame(f, e, ipv4(peer, mine, layers.IPProtocolICMPv4), &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(8, 0)}, sixteen),
		frame(f, e, ipv4(peer, mine, layers.IPProtocolICMPv4), &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}, gopacket.Payload(quote)),
		frame(f, e, ipv4(peer, mine, layers.IPProtocolICMPv4), &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 4)}, gopacket.Payload(quote)),
		frame(f, e, ipv4(peer, net.Broadcast, layers.IPProtocolUDP), udp, gopacket.Payload("to all")),
		frame(f, e, ipv4(peer, mine, 200), sixteen),
		join(frame(f, e, &last, gopacket.Payload("the end")), frame(f, e, &first, sixteen)),
		join(frame(f, e, &first, sixteen), frame(f, e, &overlap, gopacket.Payload("over"))),
		frame(f, &layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: net.LlBroadcast[:], EthernetType: layers.EthernetTypeARP}, &layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: layers.ARPRequest, SourceHwAddress: stacktest.PeerLladdr[:], SourceProtAddress: ip(peer),
			DstHwAddress: make([]byte, 6), DstProtAddress: ip(mine),
		}),
		{},
		{0},
		far[:14], far[:20], far[:33], far[:40],
	}
}

// join makes one input of frames, each after its length.
func join(frames ...[]byte) (all []byte) {
	for _, f := range frames {
		all = binary.BigEndian.AppendUint16(all, uint16(len(f)))
		all = append(all, f...)
	}
	return all
}

// Whatever comes, the stack does not fail, keeps its bounds, and sends frames whose
// IP headers are right.
func FuzzInput(f *testing.F) {
	if !kern.VirtualClock() {
		kern.SetVirtualClock()
	}
	p, q := stacktest.NewPort(f, mine, 24), stacktest.NewPort(f, here2, 24)
	netinet.SetForwarding(true)
	defer netinet.SetForwarding(false)
	so, err := kern.Socreate(kern.SockDgram, 17)
	if err != nil {
		f.Fatal(err)
	}
	defer so.Close()
	if err := so.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 7777)); err != nil {
		f.Fatal(err)
	}
	for _, s := range seeds(f, p) {
		f.Add(join(s), true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, data []byte, many bool) {
		frames := [][]byte{data}
		if many {
			for frames = nil; len(data) >= 2; {
				n := min(int(binary.BigEndian.Uint16(data)), len(data)-2)
				frames = append(frames, data[2:2+n])
				data = data[2+n:]
			}
		}
		for _, b := range frames {
			if len(b) > 65535 {
				b = b[:65535]
			}
			fixed := fix(append([]byte(nil), b...), p.Lladdr)
			p.Input(b)
			p.Input(fixed)
		}
		kern.Advance(100 * time.Millisecond)
		for _, port := range []*stacktest.Port{p, q} {
			for _, b := range port.Sent() {
				check(t, b)
			}
		}
		kern.Lock()
		defer kern.Unlock()
		if n := len(netinet.Neighbours()); n > 1024 {
			t.Errorf("%d neighbours", n)
		}
		if packets, bytes := netinet.Reassembling(); packets > 64 || bytes > 1<<20 {
			t.Errorf("%d packets of %d bytes wait for fragments", packets, bytes)
		}
		so.Rcv.Flush()
	})
}

// fix addresses a frame to the interface and mends its IP checksum, which random
// bytes would hardly have right.
func fix(b []byte, to net.Lladdr) []byte {
	if len(b) < 34 {
		return b
	}
	copy(b, to[:])
	binary.BigEndian.PutUint16(b[12:], net.EtherTypeIP)
	b[14] = 4<<4 | b[14]&15
	if hl := int(b[14]&15) * 4; hl >= 20 && len(b) >= 14+hl {
		b[24], b[25] = 0, 0
		binary.BigEndian.PutUint16(b[24:], netinet.Cksum(b[14:14+hl]))
	}
	return b
}

func check(t *testing.T, b []byte) {
	if len(b) < 14 || len(b) > 1514 {
		t.Fatalf("a frame of %d bytes", len(b))
	}
	if binary.BigEndian.Uint16(b[12:]) != net.EtherTypeIP {
		return
	}
	h := netinet.IPHdr(b[14:])
	if len(h) < 20 || h.TotalLen() != len(h) || h.HdrLen() < 20 || h.HdrLen() > len(h) || netinet.Cksum(h[:h.HdrLen()]) != 0 {
		t.Fatalf("sent % x", b)
	}
}
