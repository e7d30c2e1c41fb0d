package lab_test

import (
	"fmt"
	"io"
	gonet "net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
)

// flood has a node ping an address until stop, whether there is an answer or not.
func flood(n *lab.Node, to string, stop *atomic.Bool) {
	for !stop.Load() {
		_ = n.Run(io.Discard, "ping", "-c", "20", "-i", "0", "-W", "0.001", "-s", "3000", to)
	}
}

// A router is closed while packets are in it and on their way to it. Its image ends in
// order, the others go on, and another one can take its place at their cables.
func TestCloseUnderTraffic(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	for round := range rounds {
		l := start(t, `
node a
node r
node b
link a:eth0=10.0.1.2/24 r:eth0=10.0.1.1/24
link r:eth1=10.0.2.1/24 b:eth0=10.0.2.2/24
do a route add default 10.0.1.1
do b route add default 10.0.2.1
do r sysctl net.inet.ip.forwarding=true
`)
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { flood(l.Node("a"), "10.0.2.2", &stop) })
			wg.Go(func() { flood(l.Node("b"), "10.0.1.2", &stop) })
		}
		run(t, l.Node("a"), "ping -c 3 -i 0.001 10.0.2.2")
		if err := l.Node("r").Close(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		// Another one.
		other := start(t, "node q")
		q := other.Node("q")
		for i, e := range []*epair.End{l.Links[0].Pair.B, l.Links[1].Pair.A} {
			name := fmt.Sprintf("eth%d", i)
			var err error
			q.Do(func() {
				if _, err = e.Attach(name); err == nil {
					err = usr.Run(io.Discard, "ifconfig", name, fmt.Sprintf("10.0.%d.1/24", i+1))
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		run(t, q, "sysctl net.inet.ip.forwarding=true")
		run(t, l.Node("a"), "ping -c 3 -i 0.001 10.0.2.2")
		stop.Store(true)
		wg.Wait()
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A socket that is used in another stack is refused, before it does any harm.
func TestForeignSocket(t *testing.T) {
	l := start(t, "node a\nnode b")
	var c gonet.PacketConn
	l.Node("a").Do(func() {
		var err error
		if c, err = socket.ListenPacket("udp", ":7"); err != nil {
			t.Fatal(err)
		}
	})
	l.Node("b").Do(func() {
		defer func() {
			if r := recover(); r != "kern: a socket is used in another stack than its own" {
				t.Errorf("recovered %v", r)
			}
		}()
		c.Close()
	})
	l.Node("a").Do(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}
