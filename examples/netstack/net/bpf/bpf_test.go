package bpf_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net/bpf"
	"github.com/go-vimage/vimage/runtime/vimage"
)

const two = "node a\nnode b\nlink a:eth0=10.0.0.1/24 b:eth0=10.0.0.2/24"

func start(t *testing.T) *lab.Lab {
	t.Helper()
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	top, err := lab.Parse("two", strings.NewReader(two))
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

func run(t *testing.T, n *lab.Node, line string) {
	t.Helper()
	var out bytes.Buffer
	if err := n.Run(&out, strings.Fields(line)...); err != nil {
		t.Fatal(err, &out)
	}
}

// What is captured is what was sent, and nothing in it is malformed, checksums
// included. Nothing is captured of another stack, nor when the module is not loaded.
func TestCapture(t *testing.T) {
	l := start(t)
	a, b := l.Node("a"), l.Node("b")
	var out bytes.Buffer
	f := bpf.NewFile(&out)
	var tap *bpf.Tap
	a.Do(func() { tap = bpf.Attach(f, "a", nil) })
	run(t, a, "ping -c 1 10.0.0.2")
	if n, _ := f.Flush(); n != 0 {
		t.Errorf("%d packets without the module", n)
	}
	run(t, a, "kldload bpf")
	run(t, a, "ping -c 2 -i 0 -s 3000 10.0.0.2")
	run(t, a, "ping -c 1 127.0.0.1")
	run(t, b, "ping -c 1 127.0.0.1")
	run(t, a, "traceroute -q 1 10.0.0.2")
	a.Do(tap.Detach)
	run(t, a, "ping -c 1 10.0.0.2")
	run(t, a, "kldunload bpf")
	n, err := f.Flush()
	if err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewNgReader(bytes.NewReader(out.Bytes()), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	read := 0
	for {
		data, ci, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		read++
		intf, err := r.Interface(ci.InterfaceIndex)
		if err != nil {
			t.Fatal(err)
		}
		p := gopacket.NewPacket(data, intf.LinkType, gopacket.Default)
		if e := p.ErrorLayer(); e != nil {
			t.Errorf("%v: %v", e.Error(), p)
		}
		if u, ok := p.TransportLayer().(*layers.UDP); ok {
			_ = u.SetNetworkLayerForChecksum(p.NetworkLayer())
		}
		if err, bad := p.VerifyChecksums(); err != nil || len(bad) > 0 {
			t.Errorf("%v %v: %v", err, bad, p)
		}
		last := p.Layers()[len(p.Layers())-1]
		if _, payload := last.(*gopacket.Payload); payload {
			last = p.Layers()[len(p.Layers())-2]
		}
		kinds[intf.Name+" "+last.LayerType().String()]++
	}
	want := map[string]int{
		"a.eth0 Fragment": 2 * 2 * 3, "a.lo0 ICMPv4": 2,
		"a.eth0 UDP": 1, "a.eth0 ICMPv4": 1, // traceroute's
	}
	if n != read {
		t.Errorf("%d packets were written, %d are read", n, read)
	}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("%d of %s, want %d: %v", kinds[kind], kind, n, kinds)
		}
		delete(kinds, kind)
	}
	if len(kinds) > 0 {
		t.Error(kinds)
	}
	tools(t, out.Bytes())
}

// tools has tcpdump and tshark read the capture, where they are installed.
func tools(t *testing.T, capture []byte) {
	file := filepath.Join(t.TempDir(), "c.pcapng")
	if err := os.WriteFile(file, capture, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"tcpdump", "-vv", "-n", "-r", file}, {"tshark", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-r", file, "-V"}} {
		if _, err := exec.LookPath(line[0]); err != nil {
			t.Logf("%s is not installed: the capture was read by gopacket alone", line[0])
			continue
		}
		out, err := exec.Command(line[0], line[1:]...).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("bad")) || bytes.Contains(out, []byte("[incorrect")) || bytes.Contains(out, []byte("alformed")) {
			t.Errorf("%v: %v\n%s", line, err, out)
		}
	}
}

// The module comes and goes while traffic flows.
func TestReload(t *testing.T) {
	l := start(t)
	f := bpf.NewFile(io.Discard)
	var wg sync.WaitGroup
	for _, n := range l.Nodes {
		n.Do(func() { bpf.Attach(f, n.Name(), nil) })
		wg.Go(func() { run(t, n, "ping -c 500 -i 0 10.0.0.2") })
	}
	for range 100 {
		for _, n := range l.Nodes {
			run(t, n, "kldload bpf")
		}
		for _, n := range l.Nodes {
			run(t, n, "kldunload bpf")
		}
	}
	wg.Wait()
	if _, err := f.Flush(); err != nil {
		t.Error(err)
	}
}
