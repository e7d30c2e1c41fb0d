//go:build !vimage

package usr

import (
	"fmt"
	"io"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
	"github.com/go-vimage/vimage/runtime/vdso/self"
)

// Counters are the statistics of a stack's protocols.
type Counters struct {
	Ether net.EtherStat    `json:"ether"`
	ARP   netinet.ARPStat  `json:"arp"`
	IP    netinet.IPStat   `json:"ip"`
	ICMP  netinet.ICMPStat `json:"icmp"`
	UDP   netinet.UDPStat  `json:"udp"`
	TCP   tcp.TCPStat      `json:"tcp"`
}

// ReadCounters returns the current stack's counters. It takes Giant.
func ReadCounters() Counters {
	kern.Lock()
	defer kern.Unlock()
	return Counters{
		net.Etherstat(), netinet.Arpstat(), netinet.Ipstat(), netinet.Icmpstat(), netinet.Udpstat(), tcp.Tcpstat(),
	}
}

// published is the stack's page.
var published *self.Page

// publish makes the stack's page, unless there is one, and prints its path.
func publish(w io.Writer, args []string) (err error) {
	if len(args) != 0 {
		return errUsage
	}
	if published == nil {
		if published, err = newPage(); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, published.Path())
	return nil
}

// newPage publishes the stack's settings and counters on its image's page (package
// self), which other processes read without a call: vimagegen page PATH.
func newPage() (*self.Page, error) {
	of := func(get func(c *Counters) any) sum {
		return func() any {
			c := ReadCounters()
			return get(&c)
		}
	}
	return self.Publish(
		self.WithStats("ether", of(func(c *Counters) any { return c.Ether })),
		self.WithStats("arp", of(func(c *Counters) any { return c.ARP })),
		self.WithStats("ip", of(func(c *Counters) any { return c.IP })),
		self.WithStats("icmp", of(func(c *Counters) any { return c.ICMP })),
		self.WithStats("udp", of(func(c *Counters) any { return c.UDP })),
		self.WithStats("tcp", of(func(c *Counters) any { return c.TCP })),
	)
}

// sum is a function that self.WithStats takes.
type sum func() any

func (f sum) SumAny() any { return f() }
