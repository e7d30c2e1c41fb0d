package ipfw_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net/ipfw"
	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"allow ip from any to any", "00000 allow ip from any to any"},
		{
			"7 deny tcp from 10.1.2.3/8 to 10.0.0.1 80 in via eth0",
			"00007 deny tcp from 10.0.0.0/8 to 10.0.0.1/32 80 in via eth0",
		},
		{"deny udp from any 53 to any out", "00000 deny udp from any 53 to any out"},
		{"", `"": want allow or deny`},
		{"0 allow ip from any to any", "rule 0: want a number from 1 to 65534"},
		{"allow gre from any to any", `"gre": want ip, icmp, tcp or udp`},
		{"allow ip to any", `"to": want from`},
		{"allow ip from any", `"": want to`},
		{"allow icmp from any to any 80", "port 80 of icmp"},
		{"allow ip from any to 10.0.0.0/33", `"10.0.0.0/33": want an IPv4 address, with a length or without, or any`},
		{"allow ip from any to any in out", `"out": want in, out or via IF`},
		{"allow ip from any to any via", `"via": want in, out or via IF`},
		{"allow ip from ::1 to any", `"::1/32": want an IPv4 address, with a length or without, or any`},
		{"allow udp from any 70000 to any", `"70000": want to`},
		{"deny ip from any to any in via eth0 via eth1", `"via": want in, out or via IF`},
		{"allow ip from any to 10.0.0.1 and then some more words, please", `"and": want in, out or via IF`},
	} {
		r, err := ipfw.Parse(strings.Fields(c.line))
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = r.String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.line, got, c.want)
		}
	}
}

// Rules filter in the stack that has them, and only while it has the module loaded.
func TestFilter(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	top, err := lab.Parse("three", strings.NewReader(`
node a
node r
node b
link a:eth0=10.0.1.2/24 r:eth0=10.0.1.1/24
link r:eth1=10.0.2.1/24 b:eth0=10.0.2.2/24
do a route add default 10.0.1.1
do b route add default 10.0.2.1
do r sysctl net.inet.ip.forwarding=true
`))
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
	a, r := l.Node("a"), l.Node("r")
	run := func(n *lab.Node, line string) string {
		t.Helper()
		var b bytes.Buffer
		if err := n.Run(&b, strings.Fields(line)...); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	passes := func(to string, want bool) {
		t.Helper()
		err := a.Run(io.Discard, "ping", "-c", "1", "-W", map[bool]string{true: "5s", false: "30ms"}[want], to)
		if (err == nil) != want {
			t.Errorf("ping %s: %v", to, err)
		}
	}
	run(r, "ipfw add 50 allow icmp from 10.0.2.0/24 to any")
	run(r, "ipfw add 100 deny icmp from any to 10.0.2.0/24 in via eth0")
	passes("10.0.2.2", true)
	run(a, "kldload ipfw") // r's packets do not pass a's filter
	passes("10.0.2.2", true)
	run(r, "kldload ipfw")
	passes("10.0.2.2", false)
	passes("10.0.1.1", true)
	if out := run(r, "ipfw"); out != "0  0   00050 allow icmp from 10.0.2.0/24 to any\n1  84  00100 deny icmp from any to 10.0.2.0/24 in via eth0\n" {
		t.Error(out)
	}
	if out := run(a, "ipfw list"); out != "" {
		t.Error("the rules of r are a's:", out)
	}
	run(r, "ipfw delete 100")
	passes("10.0.2.2", true)
	run(r, "ipfw add deny udp from any to 10.0.2.2 33435 out")
	if out := run(a, "traceroute -q 2 -w 30ms -m 2 10.0.2.2"); !strings.Contains(out, " 2  10.0.2.2 ") {
		t.Error(out)
	}
	run(r, "kldunload ipfw")
	for _, line := range []string{"kldunload ipfw", "kldload nothing", "ipfw delete 7", "ipfw add 50 deny ip from any to any"} {
		if err := r.Run(io.Discard, strings.Fields(line)...); err == nil || strings.Contains(fmt.Sprint(err), "\n") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
