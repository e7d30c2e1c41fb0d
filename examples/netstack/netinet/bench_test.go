package netinet_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

// BenchmarkForward forwards a packet from one interface to another: input, look-up,
// ARP and output, without a driver.
func BenchmarkForward(b *testing.B) {
	for _, n := range []int{18, 1472} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			stacktest.Run(b, func() {
				p, q := stacktest.NewPort(b, mine, 24), stacktest.NewPort(b, here2, 24)
				defer p.Detach()
				defer q.Detach()
				netinet.SetForwarding(true)
				learn(b, q, peer2, here2)
				q.Sink()
				h := ipv4(peer, peer2, layers.IPProtocolUDP)
				u := &layers.UDP{SrcPort: 9, DstPort: 7777}
				_ = u.SetNetworkLayerForChecksum(h)
				f := frame(b, ether(p, layers.EthernetTypeIPv4), h, u, gopacket.Payload(make([]byte, n)))
				b.SetBytes(int64(len(f)))
				b.ReportAllocs()
				kern.Lock()
				defer kern.Unlock()
				for b.Loop() {
					net.EtherInput(p.Ifnet, kern.GetBytes(f))
				}
			})
		})
	}
}

// BenchmarkUDP sends a datagram by a socket, without a driver.
func BenchmarkUDP(b *testing.B) {
	stacktest.Run(b, func() {
		p := stacktest.NewPort(b, mine, 24)
		defer p.Detach()
		learn(b, p, peer, mine)
		p.Sink()
		so, err := kern.Socreate(kern.SockDgram, 17)
		if err != nil {
			b.Fatal(err)
		}
		defer so.Close()
		data, to := make([]byte, 1472), netip.AddrPortFrom(peer.Addr(), 7777)
		b.ReportAllocs()
		for b.Loop() {
			if err := so.SendTo(data, to); err != nil {
				b.Fatal(err)
			}
		}
	})
}
