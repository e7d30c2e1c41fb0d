package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// packets is how many a measurement forwards, and window how many are on their way
// at most, so that none is dropped.
const (
	packets = 2_000_000
	window  = 512
	batch   = 32
)

const target net.InAddr = 10<<24 | 9<<16 | 9

// A chain forwards packets through hops that epairs join, each with a routing table
// of its own and, if images are wanted, a stack of its own.
type chain struct {
	do     []func(func()) // for each hop
	images []*vimage.Image
	in     *net.Ifnet
	out    atomic.Int64 // packets that came through
	want   atomic.Int64
	room   chan struct{} // an entry for each batch that came through
	done   chan struct{}
}

func newChain(hops int, images bool) (*chain, error) {
	c := &chain{done: make(chan struct{}, 1), room: make(chan struct{}, 2*window/batch)}
	for i := range hops {
		do := func(f func()) { f() }
		if images {
			im, err := vimage.New(vimage.WithName(fmt.Sprint("hop", i)))
			if err != nil {
				return nil, err
			}
			c.images = append(c.images, im)
			do = im.Do
		}
		c.do = append(c.do, do)
	}
	var errs []error
	for i := range hops - 1 {
		cable := epair.New()
		var peer net.Lladdr
		c.do[i+1](func() {
			ifp, err := cable.B.Attach(fmt.Sprintf("e%db", i))
			if err != nil {
				errs = append(errs, err)
				return
			}
			ifp.Fib = i + 1
			ifp.Flags |= net.IFFUp
			peer = ifp.Lladdr
			netinet.SetForwarding(true)
		})
		c.do[i](func() {
			ifp, err := cable.A.Attach(fmt.Sprintf("e%da", i))
			if err != nil {
				errs = append(errs, err)
				return
			}
			errs = append(errs, route(i, ifp, peer))
		})
	}
	c.do[0](func() {
		netinet.SetForwarding(true)
		c.in = &net.Ifnet{Xname: "in0", Lladdr: net.Lladdr{2, 1}, Flags: net.IFFUp, Transmit: discard}
		errs = append(errs, net.EtherIfattach(c.in))
	})
	c.do[hops-1](func() {
		out := &net.Ifnet{Xname: "out0", Lladdr: net.Lladdr{2, 2}, Flags: net.IFFUp, Transmit: c.arrived}
		errs = append(errs, net.EtherIfattach(out), route(hops-1, out, net.Lladdr{2, 3}))
	})
	return c, errors.Join(errs...)
}

// route adds a route to the target, by a neighbour, to a hop's table.
func route(hop int, ifp *net.Ifnet, to net.Lladdr) error {
	kern.Lock()
	defer kern.Unlock()
	at := func(host int) net.InAddr { return 10<<24 | 8<<16 | net.InAddr(hop<<8|host) }
	ifp.Fib = hop
	if _, err := net.IfAddAddr(ifp, at(1), 24); err != nil {
		return err
	}
	netinet.SetNeighbour(ifp, at(3), to)
	return net.RtAdd(hop, target&net.Mask(24), 24, at(3))
}

func discard(_ *net.Ifnet, m *kern.Mbuf) error {
	m.Free()
	return nil
}

func (c *chain) arrived(_ *net.Ifnet, m *kern.Mbuf) error {
	m.Free()
	switch n := c.out.Add(1); {
	case n == c.want.Load():
		c.done <- struct{}{}
	case n%batch == 0:
		c.room <- struct{}{}
	}
	return nil
}

// run sends n datagrams and waits for the last.
func (c *chain) run(n int) {
	frame := datagram(c.in.Lladdr, 1472)
	c.out.Store(0)
	c.want.Store(int64(n))
	c.do[0](func() {
		for len(c.room) > 0 {
			<-c.room // of the run before
		}
		for sent := 0; sent < n; {
			// The sender sleeps: one that yields instead is put on another processor than
			// its receiver as often as not, and then each packet crosses between them.
			if sent >= window {
				<-c.room
			}
			kern.Lock()
			for range min(batch, n-sent) {
				net.EtherInput(c.in, kern.GetBytes(frame))
				sent++
			}
			kern.Unlock()
		}
	})
	<-c.done
}

// datagram makes a frame for the target with n bytes of data.
func datagram(to net.Lladdr, n int) []byte {
	b := make([]byte, 14+20+8+n)
	copy(b, to[:])
	b[12] = 8
	h := b[14:]
	h[0], h[8], h[9] = 0x45, 64, 17
	h[2], h[3] = byte(len(h)>>8), byte(len(h))
	copy(h[12:], []byte{11, 0, 0, 1})
	copy(h[16:], []byte{10, 9, 0, 9})
	sum := netinet.Cksum(h[:20])
	h[10], h[11] = byte(sum>>8), byte(sum)
	return b
}

func forward(name string, images bool) error {
	c, err := newChain(3, images)
	if err != nil {
		return err
	}
	c.run(packets / 10)
	begin := processorTime()
	c.run(packets)
	report(name, (processorTime()-begin)/packets)
	return nil
}

// pairs compares one pair on one processor with two on two: by their rates, which
// need a machine that does nothing else, and by the processor time of a packet, of
// which two pairs take as much as one if they do not wait for each other.
func pairs() error {
	var chains [2]*chain
	for i := range chains {
		var err error
		if chains[i], err = newChain(2, true); err != nil {
			return err
		}
		chains[i].run(packets / 10)
	}
	rate := func(n int) (rate, used float64) {
		runtime.GOMAXPROCS(n)
		var wg sync.WaitGroup
		begin, before := time.Now(), processorTime()
		for _, c := range chains[:n] {
			wg.Go(func() { c.run(packets) })
		}
		wg.Wait()
		sent := float64(n * packets)
		return sent / time.Since(begin).Seconds(), (processorTime() - before) / sent
	}
	one, usedOne := rate(1)
	two, usedTwo := rate(2)
	report("pairs", two/one)
	report("pairs-processor", 2*usedOne/usedTwo)
	return nil
}
