package lab_test

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

// A flooder makes frames to a stack: SYNs, ARP requests and fragments, each from
// another address of 10.1.0.0/16.
type flooder struct {
	to  net.Lladdr
	rnd *rand.Rand
	buf gopacket.SerializeBuffer
}

func (f *flooder) frame() []byte {
	src := binary.BigEndian.AppendUint32(nil, 10<<24|1<<16|uint32(f.rnd.IntN(1<<16-2)+2))
	eth := &layers.Ethernet{SrcMAC: []byte{2, 9, src[0], src[1], src[2], src[3]}, DstMAC: f.to[:], EthernetType: layers.EthernetTypeIPv4}
	ip := &layers.IPv4{Version: 4, TTL: 64, SrcIP: src, DstIP: []byte{10, 1, 0, 1}, Protocol: layers.IPProtocolTCP, Id: uint16(f.rnd.Uint32())}
	all := []gopacket.SerializableLayer{eth, ip}
	switch f.rnd.IntN(4) {
	case 0:
		eth.EthernetType = layers.EthernetTypeARP
		all = []gopacket.SerializableLayer{eth, &layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: layers.ARPRequest, SourceHwAddress: eth.SrcMAC, SourceProtAddress: src,
			DstHwAddress: make([]byte, 6), DstProtAddress: ip.DstIP,
		}}
	case 1:
		ip.Flags, ip.FragOffset = layers.IPv4MoreFragments, uint16(f.rnd.IntN(8000))
		all = append(all, gopacket.Payload(make([]byte, 1480)))
	default:
		syn := &layers.TCP{SrcPort: layers.TCPPort(f.rnd.IntN(60000) + 1), DstPort: 80, Seq: f.rnd.Uint32(), SYN: true, Window: 1000}
		_ = syn.SetNetworkLayerForChecksum(ip)
		all = append(all, syn)
	}
	if err := gopacket.SerializeLayers(f.buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		panic(err)
	}
	return f.buf.Bytes()
}

// One stack is flooded with SYNs, ARP and fragments by another. Its memory stays
// bounded, an honest client of it is served, and two others go on with each other.
func TestFlood(t *testing.T) {
	l := start(t, `
node victim
node attacker
node client
node a
node b
link attacker:e=10.1.0.2/16 victim:e=10.1.0.1/16
link client:e=10.0.2.2/24 victim:f=10.0.2.1/24
link a:e=10.0.3.1/24 b:e=10.0.3.2/24
`)
	run(t, l.Node("victim"), "serve 80")
	run(t, l.Node("b"), "serve 80")
	fetch := func(node, url string) time.Duration {
		t.Helper()
		begin := time.Now()
		if out := run(t, l.Node(node), "fetch "+url); !strings.HasPrefix(out, "200 OK") {
			t.Error(out)
		}
		return time.Since(begin)
	}
	heap := func() int {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	const bulk = "http://10.0.3.2/20000000"
	alone := fetch("a", bulk)
	before := heap()

	f := &flooder{rnd: rand.New(rand.NewPCG(1, 2)), buf: gopacket.NewSerializeBuffer()}
	l.Node("victim").Do(func() {
		kern.Lock()
		defer kern.Unlock()
		f.to = net.IfByName("e").Lladdr
	})
	stop, stopped := make(chan struct{}), make(chan int)
	l.Node("attacker").Go(func() {
		kern.Lock()
		ifp := net.IfByName("e")
		kern.Unlock()
		for n := 0; ; n++ {
			select {
			case <-stop:
				stopped <- n
				return
			default:
				frame := f.frame()
				kern.Lock()
				_ = ifp.Transmit(ifp, kern.GetBytes(frame))
				kern.Unlock()
			}
		}
	})
	for range 3 {
		fetch("client", "http://10.0.2.1/300000")
	}
	flooded := fetch("a", bulk)
	time.Sleep(200 * time.Millisecond)
	close(stop)
	n := <-stopped
	most := heap() - before // what the flood is remembered by: the flooder's own garbage is gone
	var s tcp.TCPStat
	var ip netinet.IPStat
	var neighbours int
	l.Node("victim").Do(func() {
		kern.Lock()
		defer kern.Unlock()
		s, ip, neighbours = tcp.Tcpstat(), netinet.Ipstat(), len(netinet.Neighbours())
	})
	t.Logf("%d frames; 20 MB between others took %v alone and %v meanwhile; %d KB more memory, %d neighbours, %d cookies, %d fragments dropped",
		n, alone.Round(time.Millisecond), flooded.Round(time.Millisecond), most>>10, neighbours, s.ScCookieSent, ip.FragDropped)
	if s.ScCookieSent == 0 || ip.FragDropped == 0 || neighbours < 1000 {
		t.Error("it is no flood")
	}
	if most > 8<<20 {
		t.Errorf("%d bytes are left of the flood", most)
	}
	if flooded > 10*alone+5*time.Second {
		t.Errorf("others starve: %v, %v alone", flooded, alone)
	}
}
