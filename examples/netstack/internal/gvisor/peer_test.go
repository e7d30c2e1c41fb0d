package gvisor_test

import (
	"context"
	"math/rand/v2"
	gonet "net"
	"sync"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	gvgonet "gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/link/ethernet"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	gvtcp "gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/runtime/vimage"
)

const (
	nic  tcpip.NICID = 1
	mtu              = 1500
	plen             = 24
)

// gvStack makes a stack of gVisor's with one interface, and its SACK on.
func gvStack(t testing.TB, link stack.LinkEndpoint, addr [4]byte) *stack.Stack {
	t.Helper()
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{arp.NewProtocol, ipv4.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{gvtcp.NewProtocol},
	})
	sack := tcpip.TCPSACKEnabled(true)
	fail := func(err tcpip.Error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fail(s.SetTransportProtocolOption(gvtcp.ProtocolNumber, &sack))
	fail(s.CreateNIC(nic, link))
	at := tcpip.AddrFrom4(addr)
	fail(s.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol: ipv4.ProtocolNumber, AddressWithPrefix: tcpip.AddressWithPrefix{Address: at, PrefixLen: plen},
	}, stack.AddressProperties{}))
	s.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nic}})
	return s
}

func gvDial(s *stack.Stack, addr [4]byte, port uint16) (gonet.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return gvgonet.DialContextTCP(ctx, s, tcpip.FullAddress{Addr: tcpip.AddrFrom4(addr), Port: port}, ipv4.ProtocolNumber)
}

func gvListen(t testing.TB, s *stack.Stack, port uint16) gonet.Listener {
	t.Helper()
	l, err := gvgonet.ListenTCP(s, tcpip.FullAddress{Port: port}, ipv4.ProtocolNumber)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Addresses of the wire's ends.
var (
	oursAddr = [4]byte{10, 9, 0, 1}
	gvAddr   = [4]byte{10, 9, 0, 2}
)

// A wire joins an interface of this stack's and one of gVisor's, and is as bad as
// its fields say. Without jitter it keeps the order of frames.
type wire struct {
	loss          float64
	delay, jitter time.Duration

	mu     sync.Mutex
	random *rand.Rand
	lost   int
	ended  chan struct{}
}

// A direction is a wire's, from one end to the other.
type direction struct {
	*wire
	deliver func(frame []byte)
	flying  chan flight
}

type flight struct {
	at    time.Time
	frame []byte
}

func (w *wire) direction(deliver func(frame []byte)) *direction {
	d := &direction{w, deliver, make(chan flight, 4096)}
	go func() {
		for {
			select {
			case f := <-d.flying:
				time.Sleep(time.Until(f.at))
				d.arrive(f.frame)
			case <-w.ended:
				return
			}
		}
	}()
	return d
}

func (d *direction) arrive(frame []byte) {
	select {
	case <-d.ended:
	default:
		d.deliver(frame)
	}
}

// carry has the frame arrive, if it does. It does not wait.
func (d *direction) carry(frame []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.random.Float64() < d.loss {
		d.lost++
		return
	}
	if d.jitter > 0 {
		time.AfterFunc(d.delay+time.Duration(d.random.Int64N(int64(d.jitter))), func() { d.arrive(frame) })
		return
	}
	select {
	case d.flying <- flight{time.Now().Add(d.delay), frame}:
	default:
		d.lost++
	}
}

// peers is this stack and gVisor's at the ends of a wire.
type peers struct {
	in func(f func()) // runs f in this stack's image, if builds have images
	gv *stack.Stack
}

// join makes both stacks. They end with the test.
func join(t *testing.T, w *wire) peers {
	t.Helper()
	w.random, w.ended = rand.New(rand.NewPCG(1, 2)), make(chan struct{})
	p := peers{in: func(f func()) { f() }}
	if vimage.Available() == nil {
		p.in = stacktest.New(t, "ours").Do
	}
	link := channel.New(4096, mtu+header.EthernetMinimumSize, tcpip.LinkAddress("\x02\x00\x00\x00\x09\x02"))
	p.gv = gvStack(t, ethernet.New(link), gvAddr)
	ifp := &net.Ifnet{Xname: "gv0", Lladdr: net.Lladdr{2, 0, 0, 0, 9, 1}, MTU: mtu}
	toGV := w.direction(func(frame []byte) {
		pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(frame)})
		link.InjectInbound(0, pkt)
		pkt.DecRef()
	})
	ifp.Transmit = func(_ *net.Ifnet, m *kern.Mbuf) error {
		toGV.carry(append([]byte(nil), m.Data()...))
		m.Free()
		return nil
	}
	toOurs := w.direction(func(frame []byte) {
		p.in(func() {
			kern.Lock()
			defer kern.Unlock()
			net.EtherInput(ifp, kern.GetBytes(frame))
		})
	})
	p.in(func() {
		kern.Lock()
		defer kern.Unlock()
		if err := net.EtherIfattach(ifp); err != nil {
			t.Fatal(err)
		}
		a := net.InAddr(oursAddr[0])<<24 | net.InAddr(oursAddr[1])<<16 | net.InAddr(oursAddr[2])<<8 | net.InAddr(oursAddr[3])
		if _, err := net.IfAddAddr(ifp, a, plen); err != nil {
			t.Fatal(err)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			pkt := link.ReadContext(ctx)
			if pkt == nil {
				return
			}
			view := pkt.ToView()
			frame := append([]byte(nil), view.AsSlice()...)
			view.Release()
			pkt.DecRef()
			toOurs.carry(frame)
		}
	}()
	t.Cleanup(func() { // before the image closes
		close(w.ended)
		cancel()
		<-done
		p.gv.Close()
		link.Close()
		p.in(func() {
			kern.Lock()
			defer kern.Unlock()
			net.IfDetach(ifp)
		})
	})
	return p
}
