package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// TestMain makes the test binary the command, if asked to.
func TestMain(m *testing.M) {
	if os.Getenv("NETSTACK_RUN") != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// netstack runs the command, and returns its output, errors and status.
func netstack(t *testing.T, in string, args ...string) (out, errs string, status int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	var stdout, stderr bytes.Buffer
	cmd.Env = append(os.Environ(), "NETSTACK_RUN=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &stdout, &stderr
	err := cmd.Run()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

func images(t *testing.T) {
	t.Helper()
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
}

// wantAll fails unless the text has these, in order.
func wantAll(t *testing.T, text string, wants ...string) {
	t.Helper()
	rest := text
	for _, w := range wants {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			t.Errorf("%q is missing, or not in its place, in\n%s", w, text)
			return
		}
		rest = after
	}
}

func TestDemo(t *testing.T) {
	images(t)
	file := filepath.Join(t.TempDir(), "x.pcapng")
	out, errs, status := netstack(t, "", "demo", "-w", file)
	if status != 0 || errs != "" {
		t.Fatal(status, errs, out)
	}
	wantAll(t, out,
		"icmp_seq=2 ttl=62", "3 packets transmitted, 3 received", "4008 bytes from 10.0.3.2",
		" 1  10.0.1.1 ", " 2  10.0.2.2 ", " 3  10.0.3.2 ",
		"It has captured 58 packets", "200 OK: 5000000 bytes", "LISTEN",
		"a# route", "default      10.0.1.1  eth0", "r1# route", "10.0.3.0/24  10.0.2.2  eth1",
		"net.inet.ip.forwarding: true", " forward", "net.inet.ip.forwarding: false", "1 reassembled",
		"1 packets transmitted, 0 received", "64 bytes from 10.0.2.1",
		"images alive: 0; ended and not gone: 0")
	if info, err := os.Stat(file); err != nil || info.Size() < 5000 {
		t.Error("the capture:", err)
	}
}

func TestLab(t *testing.T) {
	images(t)
	dir := t.TempDir()
	file, capture, left := filepath.Join(dir, "lab"), filepath.Join(dir, "a.pcapng"), filepath.Join(dir, "left.pcapng")
	if err := os.WriteFile(file, []byte("node a\nnode b\nlink a:eth0=10.0.0.1/24 b:eth0=10.0.0.2/24\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, errs, status := netstack(t, `
nodes
links
a tcpdump `+capture+`
a kldstat
b kldstat
b tcpdump stop
a ping -c 1 10.0.0.2
a tcpdump x
a tcpdump stop
a kldload newreno
b tcpdump -i eth0 `+left+`
b tcpdump -i eth1 x
a ping -c 1 10.0.0.2
a ping -c
b ifconfig eth0 down
a fly
c
b
`, "lab", file)
	if status != 0 || errs != "" {
		t.Fatal(status, errs, out)
	}
	wantAll(t, out, "2 nodes, 1 links", "a\nb\n", "a:eth0 b:eth0",
		"bpf      loaded ", "bpf      not loaded", "b: tcpdump: nothing is captured", "1 received",
		"a: tcpdump: "+capture+" is being written", "4 packets in "+capture, "is being written", "1 received", "usage: ping", "a: fly: no such command", "c: no such node or command", "traceroute [")
	// What is captured when the lab ends is written too.
	for path, want := range map[string]int{capture: 4, left: 2} { // ARP and the echo; the echo
		if n, err := packets(path); n != want || err != nil {
			t.Errorf("%s: %d packets, want %d: %v", path, n, want, err)
		}
	}
}

// packets counts those of a capture.
func packets(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	for ; err == nil; n++ {
		_, _, err = r.ReadPacketData()
	}
	if errors.Is(err, io.EOF) {
		return n - 1, nil
	}
	return n, err
}

// The page has the network and its counters, and top shows them.
func TestHTTP(t *testing.T) {
	images(t)
	page := filepath.Join(t.TempDir(), "page")
	cmd := exec.Command(os.Args[0], "http", "-addr", "localhost:0", "-page", page, "-traffic")
	cmd.Env = append(os.Environ(), "NETSTACK_RUN=1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	var pages []string
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "http://") {
		_, path, _ := strings.Cut(lines.Text(), "'s page: ")
		pages = append(pages, path)
	}
	if len(pages) != 4 {
		t.Fatalf("pages %q", pages)
	}
	for _, path := range append(pages, page) {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	addr := strings.TrimSuffix(strings.TrimPrefix(lines.Text(), "http://"), "/ until interrupted")
	resp, err := http.Get("http://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, string(body), "<svg", "<title>a:eth0 &#x2194; r1:eth0</title>", `<g data-node="a">`, `<g data-node="b">`, "</svg>")
	out, errs, status := netstack(t, "", "top", "-n", "2", "-i", "100ms", addr)
	if status != 0 || errs != "" {
		t.Error(status, errs)
	}
	wantAll(t, out, "4 images, 4 live", "Node", "10.0.", "4 images, 4 live", "eth1")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if _, errs, status := netstack(t, "", "top", addr); status != 1 || !strings.Contains(errs, "refused") {
		t.Error(status, errs)
	}
}

// Wrong usage is one clear line.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		args, want string
		status     int
	}{
		{"demo x", "usage: netstack demo [-w FILE]\n", 2},
		{"demo -x", "usage: netstack demo [-w FILE]\n", 2},
		{"lab", "usage: netstack lab FILE\n", 2},
		{"tap -addr", "usage: netstack tap [-dev NAME] [-addr ADDRESS/LENGTH] [-gw ADDRESS]\n", 2},
		{"tap -dev this-name-is-too-long", "netstack: tap: \"this-name-is-too-long\": want a device name of 1 to 15 characters\n", 1},
		{"fly", "usage: netstack demo [-w FILE]\n       netstack lab FILE\n       netstack http [-addr ADDRESS] [-page PATH] [-traffic] [FILE]\n       netstack top [-i INTERVAL] [-n COUNT] [ADDRESS]\n       netstack tap [-dev NAME] [-addr ADDRESS/LENGTH] [-gw ADDRESS]\n", 2},
	} {
		out, errs, status := netstack(t, "", strings.Fields(c.args)...)
		if out != "" || errs != c.want || status != c.status {
			t.Errorf("%s: %d\n%s%s\nwant %d\n%s", c.args, status, out, errs, c.status, c.want)
		}
	}
	if vimage.Available() != nil {
		_, errs, status := netstack(t, "", "demo")
		if status != 1 || !strings.HasPrefix(errs, "netstack: this is the plain build") || strings.Count(errs, "\n") != 1 {
			t.Error(status, errs)
		}
	}
}
