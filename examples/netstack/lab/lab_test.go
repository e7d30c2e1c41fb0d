package lab_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/isolation"
)

func start(t testing.TB, text string) *lab.Lab {
	t.Helper()
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	top, err := lab.Parse("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(top, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func run(t testing.TB, n *lab.Node, line string) string {
	t.Helper()
	var b bytes.Buffer
	if err := n.Run(&b, strings.Fields(line)...); err != nil {
		t.Fatalf("%v\n%s", err, &b)
	}
	return b.String()
}

const line = `
node a
node r
node s
node b
link a:eth0=10.0.1.2/24 r:eth0=10.0.1.1/24
link r:eth1=10.0.2.1/24 s:eth0=10.0.2.2/24
link s:eth1=10.0.3.1/24 b:eth0=10.0.3.2/24
do a route add default 10.0.1.1
do b route add default 10.0.3.1
do r route add 10.0.3.0/24 10.0.2.2
do s route add 10.0.1.0/24 10.0.2.1
do r sysctl net.inet.ip.forwarding=true
do s sysctl net.inet.ip.forwarding=true
`

func TestLine(t *testing.T) {
	l := start(t, line)
	out := run(t, l.Node("a"), "ping -c 2 -i 0 10.0.3.2")
	if !strings.Contains(out, "ttl=62") || !strings.Contains(out, "2 received") {
		t.Error(out)
	}
	out = run(t, l.Node("a"), "ping -c 2 -i 0 -s 20000 10.0.3.2")
	if !strings.Contains(out, "20008 bytes") || !strings.Contains(out, "2 received") {
		t.Error(out)
	}
	out = run(t, l.Node("a"), "traceroute -q 1 10.0.3.2")
	var hops []string
	for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
		hops = append(hops, strings.Fields(line)[1])
	}
	if !slices.Equal(hops, []string{"10.0.1.1", "10.0.2.2", "10.0.3.2"}) {
		t.Error(out)
	}
	// A node that ends is missed, and leaves the others running.
	if err := l.Node("s").Close(); err != nil {
		t.Error(err)
	}
	var b bytes.Buffer
	if err := l.Node("a").Run(&b, "ping", "-c", "1", "-W", "50ms", "10.0.3.2"); err == nil {
		t.Error(&b)
	}
	run(t, l.Node("a"), "ping -c 1 10.0.2.1")
}

// Hosts at a switch reach each other and it, over its address.
func TestSwitch(t *testing.T) {
	l := start(t, `
node s
node a
node b
node c
link s:p1 a:e=10.0.0.1/24
link s:p2 b:e=10.0.0.2/24
link s:p3 c:e=10.0.0.3/24
do s bridge br0 p1 p2 p3
do s ifconfig br0 10.0.0.9/24
`)
	for _, from := range []string{"a", "b", "c", "s"} {
		for _, to := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"} {
			run(t, l.Node(from), "ping -c 2 -i 0 -s 3000 "+to)
		}
	}
	if out := run(t, l.Node("s"), "bridge br0"); out != "p1\np2\np3\n" {
		t.Error(out)
	}
	// What a and b say to each other is not sent to c, once the switch knows them.
	before := run(t, l.Node("c"), "netstat -i")
	run(t, l.Node("a"), "ping -c 3 -i 0 10.0.0.2")
	if after := run(t, l.Node("c"), "netstat -i"); before != after {
		t.Errorf("%s\n%s", before, after)
	}
}

// A net/http server and client run over the stacks, also where frames are lost, late and
// out of order.
func TestHTTP(t *testing.T) {
	for how, n := range map[string]int{"": 5000000, "delay=1ms jitter=1ms loss=1%": 300000} {
		l := start(t, "node a\nnode b\nlink a:e=10.0.0.1/24 b:e=10.0.0.2/24 "+how)
		run(t, l.Node("b"), "serve 80")
		if out := run(t, l.Node("a"), fmt.Sprint("fetch http://10.0.0.2/", n)); !strings.HasPrefix(out, fmt.Sprintf("200 OK: %d bytes", n)) {
			t.Errorf("%s: %s", how, out)
		}
		for url, want := range map[string]string{"http://10.0.0.2/x": "404", "http://10.0.0.2:81/1": "refused", "ftp://10.0.0.2/1": "want http://"} {
			if err := l.Node("a").Run(io.Discard, "fetch", url); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", url, err, want)
			}
		}
	}
}

// Loss is as it was asked for, and the same for the same seed.
func TestLoss(t *testing.T) {
	received := func() string {
		l := start(t, "node a\nnode b\nlink a:e=10.0.0.1/24 b:e=10.0.0.2/24 loss=30% seed=7")
		var out bytes.Buffer
		_ = l.Node("a").Run(&out, "ping", "-c", "50", "-i", "0", "-W", "10ms", "10.0.0.2")
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		n := 0
		if _, err := fmt.Sscanf(lines[len(lines)-1], "50 packets transmitted, %d received", &n); err != nil || n < 10 || n > 40 {
			t.Errorf("%d of 50 received: %s", n, out.String())
		}
		return fmt.Sprint(n)
	}
	if a, b := received(), received(); a != b {
		t.Errorf("%s and %s of 50 received", a, b)
	}
}

func TestDelay(t *testing.T) {
	l := start(t, "node a\nnode b\nlink a:e=10.0.0.1/24 b:e=10.0.0.2/24 delay=20ms")
	begin := time.Now()
	run(t, l.Node("a"), "ping -c 1 10.0.0.2")
	if d := time.Since(begin); d < 80*time.Millisecond { // ARP, and the echo
		t.Error(d)
	}
}

// ping pings up to three times: a packet is dropped if more of them wait for the
// answer to one ARP request than a stack keeps.
func ping(n *lab.Node, to string) (err error) {
	for range 3 {
		if err = n.Run(io.Discard, "ping", "-c", "1", "-W", "5s", to); err == nil {
			break
		}
	}
	return err
}

// All nodes of a random network reach each other, and no state of one shows in another:
// no object is reachable from two, and work in some changes nothing in one that rests.
func TestRandom(t *testing.T) {
	n := 200
	if testing.Short() {
		n = 30
	}
	var text strings.Builder
	parent := make([]int, n)
	for i := range n {
		fmt.Fprintf(&text, "node n%d\ndo n%d sysctl net.inet.ip.forwarding=true\n", i, i)
	}
	up := make([]netip.Addr, n) // the address of each node, towards its parent
	down := make([]netip.Addr, n)
	for i := 1; i < n; i++ {
		parent[i] = rand.IntN(i)
		subnet := netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0})
		down[i] = subnet.Next()
		up[i] = down[i].Next()
		fmt.Fprintf(&text, "link n%d:up=%v/24 n%d:down%d=%v/24\n", i, up[i], parent[i], i, down[i])
		fmt.Fprintf(&text, "do n%d route add default %v\n", i, down[i])
		for at := parent[i]; at != 0; at = parent[at] { // those above know the way
			fmt.Fprintf(&text, "do n%d route add %v/24 %v\n", parent[at], subnet, up[at])
		}
	}
	up[0] = down[1] // the root, whose first child is n1
	l := start(t, text.String())
	rest := l.Nodes[n-1]
	var pings atomic.Int64
	pingAll := func(from, to []int) *sync.WaitGroup {
		var wg sync.WaitGroup
		for _, i := range from {
			wg.Go(func() {
				for k := range to {
					j := to[(k+i)%len(to)]
					if err := ping(l.Nodes[i], up[j].String()); err != nil {
						t.Errorf("n%d to n%d: %v", i, j, err)
						return
					}
					pings.Add(1)
				}
			})
		}
		return &wg
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	working := pingAll(all[:n-1], all[:n-1])
	snap, err := isolation.Take(rest.Image)
	if err != nil {
		t.Fatal(err)
	}
	working.Wait()
	var fetches sync.WaitGroup // TCP, and net/http above it
	for i := range 20 {
		run(t, l.Nodes[i], "serve 80")
	}
	for i := range 20 {
		fetches.Go(func() {
			if err := l.Nodes[(i+7)%20].Run(io.Discard, "fetch", fmt.Sprintf("http://%v/50000", up[i])); err != nil {
				t.Error(err)
			}
		})
	}
	fetches.Wait()
	changes, err := snap.Changes()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		t.Error(c)
	}
	leaks, err := isolation.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range leaks {
		t.Error(leak)
	}
	pingAll(all[n-1:], all).Wait()
	pingAll(all[:n-1], all[n-1:]).Wait()
	if got := pings.Load(); got != int64(n*n) {
		t.Errorf("%d pings came back, want those of all %d pairs", got, n*n)
	}
	// The two tests would see it.
	if changes, err := snap.Changes(); err != nil || len(changes) == 0 {
		t.Error("work in the one that rests is not seen", err)
	}
	common := new([100]string)
	for _, node := range l.Nodes[:2] {
		node.Do(func() { net.IfByIndex(1).Softc = common })
	}
	if leaks, err := isolation.Check(); err != nil || len(leaks) == 0 {
		t.Error("an object that two stacks have is not seen", err)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "f: no node",
		"nod a":                            "f:1: nod: want node NAME, link",
		"node a\nnode a":                   "f:2: node a is there already",
		"node a\nlink a:e b:e":             "f:2: link: no node b",
		"node a\nlink a a:e":               "f:2: link: a: want NODE:INTERFACE",
		"node a\nlink a:e a:e":             "f:2: link: a:e is there already",
		"node a\nlink a:e=x a:f":           "f:2: link: a:e=x: want an IPv4 address and a length",
		"node a\nlink a:e a:f loss=200%":   "f:2: link: loss=200%: loss 2: want 0 to 1",
		"node a\nlink a:e a:f delay=x":     "f:2: link: delay=x: time: invalid duration",
		"node a\nlink a:e a:f colour=blue": "f:2: link: colour=blue: no such property",
		"node a\ndo b ping":                "f:2: do: no node b",
	} {
		_, err := lab.Parse("f", strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if err := usr.Run(io.Discard, "ifconfig", "nothing0"); err == nil || err.Error() != "ifconfig: nothing0: no such interface" {
		t.Error(err)
	}
}
