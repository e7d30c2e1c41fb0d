package packetdrill_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/internal/packetdrill"
	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
)

const open = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 32792 <mss 1000>
+0 > S. 0:0(0) ack 1 <mss 1460>
+.1 < . 1:1(0) ack 1 win 5000
+0 accept(3, ..., ...) = 4
`

// A script that is wrong fails, with the line and what is wrong.
func TestFinds(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"number", open + "+0 write(4, ..., 10) = 10\n+0 > P. 2:12(10) ack 1", "x:9: sent P. 1:11(10)"},
		{"acknowledgement", open + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 2", "x:9: sent P. 1:11(10)"},
		{"length", open + "+0 write(4, ..., 10) = 10\n+0 > P. 1:10(9) ack 1", "x:9: sent P. 1:11(10)"},
		{"flags", open + "+0 write(4, ..., 10) = 10\n+0 > . 1:11(10) ack 1", "x:9: sent P. 1:11(10)"},
		{"window", open + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1 win 7", "x:9: sent P. 1:11(10)"},
		{"options", open + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1 <nop,nop,sack 1:2>", "want options [sack[1 2]]"},
		{"value of an option", strings.Replace(open, "1460", "1461", 1), "want options [mss[1461]]"},
		{"late", open + "+0 write(4, ..., 10) = 10\n+.1 > P. 1:11(10) ack 1", "x:9: sent P. 1:11(10)"},
		{"early", open + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1\n+.25 > P. 1:11(10) ack 1", "x:10: nothing was sent"},
		{"nothing", open + "+0 > . 1:1(0) ack 1", "x:8: nothing was sent"},
		{"more", open + "+0 write(4, ..., 10) = 10", "at the end: P. 1:11(10)"},
		{"result", open + "+0 write(4, ..., 10) = 11\n", "x:8: write returned 10 , want 11"},
		{"error", open + "+0 read(4, ..., 10) = -1 EPIPE (Broken pipe)", "x:8: read blocks"},
		{"no error", open + "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 read(4, ..., 10) = -1 EPIPE (Broken pipe)", "returned -1 EAGAIN, want -1 EPIPE"},
		{"too long", open + "+0...1 read(4, ..., 10) = 10\n+2 < P. 1:11(10) ack 1 win 5000\n", "read has not returned"},
		{"too short", open + "+0...1 read(4, ..., 10) = 10\n+.5 < P. 1:11(10) ack 1 win 5000\n", "read returned at 600ms"},
		{"assertion", open + "+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%", "not so: tcpi_snd_cwnd == 11: tcpi_snd_cwnd is 10"},
		{"syntax", open + "+0 ? 1:1(0)", "x:8: want a packet"},
		{"lengths", open + "+0 > P. 1:11(9) ack 1", "x:8: the length"},
		{"empty", "// nothing", "no events"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := packetdrill.Parse("x", c.script)
			if err == nil {
				stacktest.Run(t, func() { err = packetdrill.Run(t, s, packetdrill.Strict) })
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// What the stack or this package does not have is said, and is no failure.
func TestUnsupported(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{open + "+0 setsockopt(4, SOL_TCP, TCP_FASTOPEN, [1], 4) = 0", "TCP_FASTOPEN"},
		{open + "+0 < SEW 0:0(0) win 1", "flags SEW"},
		{open + "+0 < . 1:1(0) ack 1 win 1 <md5 0>", "option md5"},
		{open + "+0 epoll_create(1) = 5", "epoll_create"},
		{open + "+0 %{ assert tcpi_lost == 0 }%", "tcpi_lost"},
		{open + "+0 %{ assert len(x) == 0 }%", "code"},
		{open + "+0 `tc qdisc add`", "tc qdisc"},
		{open + "+0 `sysctl net.ipv4.tcp_recovery=1`", "net.ipv4.tcp_recovery"},
		{"--mss=7\n" + open, "--mss"},
	} {
		s, err := packetdrill.Parse("x", c.script)
		if err == nil {
			stacktest.Run(t, func() { err = packetdrill.Run(t, s, packetdrill.Strict) })
		}
		if u := (packetdrill.Unsupported{}); !errors.As(err, &u) || !strings.Contains(u.What, c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Lenient runs take one segment for several, other options' order, and no PSH.
func TestLenient(t *testing.T) {
	script := strings.Replace(strings.Replace(open, "<mss 1000>", "<mss 1000,nop,nop,sackOK,nop,wscale 7>", 1),
		"<mss 1460>", "<mss 1460,nop,nop,sackOK,nop,wscale 4>", 1) + "+0 write(4, ..., 2500) = 2500\n+0 > . 1:2501(2500) ack 1\n"
	s, err := packetdrill.Parse("x", script)
	if err != nil {
		t.Fatal(err)
	}
	stacktest.Run(t, func() {
		if err := packetdrill.Run(t, s, packetdrill.Lenient); err != nil {
			t.Error(err)
		}
	})
	stacktest.Run(t, func() {
		if err := packetdrill.Run(t, s, packetdrill.Strict); err == nil {
			t.Error("a strict run does so too")
		}
	})
}
