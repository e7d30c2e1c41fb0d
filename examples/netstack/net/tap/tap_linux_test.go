package tap_test

import (
	"bytes"
	"fmt"
	"io"
	gonet "net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net/tap"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

const inside = "NETSTACK_TEST_INSIDE"

// TestMain runs the tests in a network namespace of their own, if it may.
func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		os.Exit(m.Run())
	}
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	err := cmd.Start()
	if err != nil {
		fmt.Println("skipped: no network namespace can be made here:", err)
		return
	}
	if err := cmd.Wait(); err != nil {
		os.Exit(1)
	}
}

// device has Linux's end of a TAP device set up: 192.0.2.1/24.
func device(t *testing.T) {
	t.Helper()
	for _, line := range []string{"link set lo up", "addr add 192.0.2.1/24 dev tap0", "link set tap0 up", "route add 10.0.0.0/8 via 192.0.2.2"} {
		if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", line, err, out)
		}
	}
}

// attach gives the current stack the other end: 192.0.2.2/24.
func attach(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("iproute2 is not installed")
	}
	_, err := tap.Attach("tap0", "tap0")
	if os.IsNotExist(err) || os.IsPermission(err) {
		t.Skip("no TAP device can be made here:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := usr.Run(io.Discard, "ifconfig", "tap0", "192.0.2.2/24"); err != nil {
		t.Fatal(err)
	}
}

// linux runs a command of Linux's that has to succeed.
func linux(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	if _, err := exec.LookPath(words[0]); err != nil {
		t.Logf("%s is not installed: left out", words[0])
		return ""
	}
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

// Linux and a stack talk to each other: ARP, echo, and datagrams of all sizes both ways.
func TestLinux(t *testing.T) {
	in := func(f func()) { f() }
	if vimage.Available() == nil {
		im, err := vimage.New(vimage.WithName("a"))
		if err != nil {
			t.Fatal(err)
		}
		in = im.Do
		defer func() {
			if err := im.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}()
	}
	in(func() {
		attach(t)
		device(t)
		linux(t, "ping -c 3 -i 0.01 -W 2 192.0.2.2")
		linux(t, "ping -c 2 -i 0.01 -W 2 -s 20000 192.0.2.2")
		linux(t, "arping -c 2 -w 5 -I tap0 192.0.2.2")
		for _, line := range []string{"ping -c 3 -i 10ms -W 2s 192.0.2.1", "ping -c 2 -i 10ms -s 30000 192.0.2.1"} {
			var out bytes.Buffer
			if err := usr.Run(&out, strings.Fields(line)...); err != nil || !strings.Contains(out.String(), " 0 received") == false {
				t.Errorf("%v\n%s", err, &out)
			}
		}
		echo, err := usr.Echo("0.0.0.0:7")
		if err != nil {
			t.Fatal(err)
		}
		defer echo.Close()
		peer, err := gonet.Dial("udp", "192.0.2.2:7")
		if err != nil {
			t.Fatal(err)
		}
		defer peer.Close()
		exchange(t, peer)

		// And Linux as the server.
		server, err := gonet.ListenPacket("udp", "192.0.2.1:7")
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		go func() {
			buf := make([]byte, 65536)
			for {
				n, from, err := server.ReadFrom(buf)
				if err != nil {
					return
				}
				_, _ = server.WriteTo(buf[:n], from)
			}
		}()
		c, err := socket.Dial("udp", "192.0.2.1:7")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		exchange(t, c)

		// Refused by either side.
		for _, dial := range []func(network, address string) (gonet.Conn, error){gonet.Dial, socket.Dial} {
			to := map[bool]string{true: "192.0.2.2:9", false: "192.0.2.1:9"}[fmt.Sprintf("%p", dial) == fmt.Sprintf("%p", gonet.Dial)]
			c, err := dial("udp", to)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := c.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "refused") {
				t.Errorf("%s: %v", to, err)
			}
			c.Close()
		}
	})
}

// exchange sends datagrams and wants them back.
func exchange(t *testing.T, c gonet.Conn) {
	t.Helper()
	for _, n := range []int{1, 7, 100, 1472, 1473, 5000, 65507} {
		b := bytes.Repeat([]byte{byte(n)}, n)
		if _, err := c.Write(b); err != nil {
			t.Errorf("%d bytes: %v", n, err)
			continue
		}
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		got := make([]byte, 65536)
		m, err := c.Read(got)
		if err != nil || !bytes.Equal(got[:m], b) {
			t.Errorf("%d bytes: %d came, %v", n, m, err)
		}
	}
}

// Linux reaches a host behind two routers, each in an image.
func TestThroughImages(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	top, err := lab.Parse("test", strings.NewReader(`
node r
node s
node h
link r:eth1=10.0.1.1/24 s:eth0=10.0.1.2/24
link s:eth1=10.0.2.1/24 h:eth0=10.0.2.2/24
do h route add default 10.0.2.1
do s route add default 10.0.1.1
do r route add 10.0.2.0/24 10.0.1.2
do r sysctl net.inet.ip.forwarding=true
do s sysctl net.inet.ip.forwarding=true
`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(top, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	l.Node("r").Do(func() { attach(t) })
	device(t)
	linux(t, "ping -c 3 -i 0.01 -W 2 10.0.2.2")
	linux(t, "ping -c 2 -i 0.01 -W 2 -s 20000 10.0.2.2")
	out := linux(t, "traceroute -n -q 1 -w 2 10.0.2.2")
	at := 0
	for _, hop := range []string{"192.0.2.2", "10.0.1.2", "10.0.2.2"} {
		i := strings.Index(out[at:], " "+hop+" ")
		if out != "" && i < 0 {
			t.Errorf("%s is no hop, or not in its place\n%s", hop, out)
			break
		}
		at += max(i, 0)
	}
	l.Node("h").Do(func() {
		if _, err := usr.Echo("0.0.0.0:7"); err != nil {
			t.Fatal(err)
		}
	})
	c, err := gonet.Dial("udp", "10.0.2.2:7")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	exchange(t, c)
}
