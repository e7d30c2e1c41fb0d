//go:build !vimage

package epair_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/runtime/vimage"
)

const dst net.InAddr = 10<<24 | 9<<16 | 9

// A chain forwards packets through hops, each with a routing table of its own and,
// if there are images and they are wanted, a stack of its own.
type chain struct {
	do   []func(func()) // for each hop
	in   *stacktest.Port
	out  atomic.Int64 // packets that came through
	done chan struct{}
	want atomic.Int64
}

func newChain(b *testing.B, hops int, images bool) *chain {
	c := &chain{done: make(chan struct{}, 1)}
	for i := range hops {
		do := func(f func()) { f() }
		if images {
			do = stacktest.New(b, fmt.Sprint("hop", i)).Do
		}
		c.do = append(c.do, do)
	}
	addr := func(k, host int) net.InAddr { return 10<<24 | 8<<16 | net.InAddr(k<<8|host) }
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	via := func(hop int, ifp *net.Ifnet, k int, to net.Lladdr) {
		kern.Lock()
		defer kern.Unlock()
		ifp.Fib = hop
		_, err := net.IfAddAddr(ifp, addr(k, 1), 24)
		check(err)
		netinet.SetNeighbour(ifp, addr(k, 3), to)
		check(net.RtAdd(hop, dst&net.Mask(24), 24, addr(k, 3)))
	}
	for k := range hops - 1 {
		cable := epair.New()
		var peer net.Lladdr
		c.do[k+1](func() {
			ifp, err := cable.B.Attach(fmt.Sprintf("e%db", k))
			check(err)
			ifp.Fib = k + 1
			ifp.Flags |= net.IFFUp
			peer = ifp.Lladdr
			netinet.SetForwarding(true)
		})
		c.do[k](func() {
			ifp, err := cable.A.Attach(fmt.Sprintf("e%da", k))
			check(err)
			via(k, ifp, k, peer)
		})
	}
	c.do[0](func() {
		netinet.SetForwarding(true)
		c.in = stacktest.NewPort(b, 0, 0)
	})
	c.do[hops-1](func() {
		p := stacktest.NewPort(b, 0, 0)
		p.Transmit = func(_ *net.Ifnet, m *kern.Mbuf) error {
			m.Free()
			if c.out.Add(1) == c.want.Load() {
				c.done <- struct{}{}
			}
			return nil
		}
		via(hops-1, p.Ifnet, hops-1, stacktest.PeerLladdr)
	})
	return c
}

// close removes the interfaces of the one stack.
func (c *chain) close() {
	kern.Lock()
	defer kern.Unlock()
	for _, ifp := range net.Interfaces() {
		if ifp != net.Lo0 {
			net.IfDetach(ifp)
		}
	}
}

// window is how many packets are on their way at most, so that none is dropped.
const window = 512

func (c *chain) run(n int, frame []byte) {
	c.out.Store(0)
	c.want.Store(int64(n))
	c.do[0](func() {
		for sent := 0; sent < n; {
			for int64(sent)-c.out.Load() >= window {
				runtime.Gosched()
			}
			kern.Lock()
			for range min(32, n-sent) {
				net.EtherInput(c.in.Ifnet, kern.GetBytes(frame))
				sent++
			}
			kern.Unlock()
		}
	})
	<-c.done
}

func frame(to net.Lladdr, n int) []byte {
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

// BenchmarkChain forwards datagrams of 1,472 bytes through three hops, in one stack
// or in three.
func BenchmarkChain(b *testing.B) {
	for _, images := range []bool{false, true} {
		b.Run(map[bool]string{false: "one", true: "images"}[images], func(b *testing.B) {
			if err := vimage.Available(); images && err != nil {
				b.Skip(err)
			}
			c := newChain(b, 3, images)
			if !images {
				defer c.close()
			}
			f := frame(c.in.Lladdr, 1472)
			c.run(1000, f)
			b.ReportAllocs()
			b.ResetTimer()
			c.run(b.N, f)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packets/s")
		})
	}
}

// BenchmarkPairs has pairs of images forward at the same time: compare one pair on
// one processor (-cpu 1) with two on two.
func BenchmarkPairs(b *testing.B) {
	if err := vimage.Available(); err != nil {
		b.Skip(err)
	}
	for _, pairs := range []int{1, 2} {
		b.Run(fmt.Sprint(pairs), func(b *testing.B) {
			var chains []*chain
			for range pairs {
				chains = append(chains, newChain(b, 2, true))
			}
			f := frame(chains[0].in.Lladdr, 1472)
			var wg sync.WaitGroup
			b.ResetTimer()
			for _, c := range chains {
				wg.Go(func() {
					f := append(append([]byte(nil), c.in.Lladdr[:]...), f[6:]...)
					c.run(b.N, f)
				})
			}
			wg.Wait()
			b.ReportMetric(float64(pairs*b.N)/b.Elapsed().Seconds(), "packets/s")
		})
	}
}
