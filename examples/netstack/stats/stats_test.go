package stats_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/stats"
	"github.com/go-vimage/vimage/runtime/vimage"
)

func start(t *testing.T) *lab.Lab {
	t.Helper()
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	top, err := lab.Parse("two", strings.NewReader("node a\nnode b\nlink a:e=10.0.0.1/24 b:e=10.0.0.2/24"))
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

// outside reads a page by vimagegen page, in a process of its own.
func outside(t *testing.T, path string) map[string]any {
	t.Helper()
	out, err := exec.Command("go", "tool", "vimagegen", "page", "-json", path).CombinedOutput()
	var page struct {
		Values []struct {
			Name  string
			Value any
		}
	}
	if err := errors.Join(err, json.Unmarshal(out, &page)); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	values := map[string]any{}
	for _, v := range page.Values {
		values[v.Name] = v.Value
	}
	return values
}

func TestPublish(t *testing.T) {
	l := start(t)
	path := filepath.Join(t.TempDir(), "page")
	p, err := stats.NewStatsPublisher(path, stats.Stats{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	stop, done := make(chan struct{}), make(chan error)
	go func() { done <- stats.Publish(l, p, time.Millisecond, stop) }()
	r := stats.OpenStats(path)
	defer r.Close()
	for _, n := range l.Nodes {
		if err := n.Run(io.Discard, "ping", "-c", "2", "-i", "0", "10.0.0.2"); err != nil {
			t.Fatal(err)
		}
	}
	fetch(t, l)
	want := stats.Of(l.Snapshot()) // at rest
	if want.Packets < 2*2+2 || want.Live != 2 || want.ICMPReceived != 2*4 ||
		want.TCPConnections != 2 || want.TCPSent < 20 || want.TCPSent != want.TCPReceived || want.TCPSentAgain != 0 {
		t.Errorf("%+v", want)
	}
	for begin := time.Now(); ; {
		packets, ok := r.Packets()
		live, _ := r.Live()
		if ok && packets == want.Packets && live == 2 {
			break
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%d packets, %d live, want %+v", packets, live, want)
		}
	}
	if got := outside(t, path); got["TCPSent"] != float64(want.TCPSent) || got["Packets"] != float64(want.Packets) {
		t.Errorf("from outside: %v, want %+v", got, want)
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// fetch makes a fetch from b by HTTP, so that TCP has something to count. The
// connection has ended when it returns.
func fetch(t *testing.T, l *lab.Lab) {
	t.Helper()
	a, b := l.Node("a"), l.Node("b")
	if err := errors.Join(b.Run(io.Discard, "serve", "80"), a.Run(io.Discard, "fetch", "http://10.0.0.2/100000")); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		var ends strings.Builder
		if err := errors.Join(a.Run(&ends, "netstat", "-a"), b.Run(&ends, "netstat", "-a")); err != nil {
			t.Fatal(err)
		}
		if strings.Count(ends.String(), "tcp") == 2 && strings.Contains(ends.String(), "TIME-WAIT") {
			return
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("the connection has not ended:\n%s", &ends)
		}
	}
}

// A stack's own page has the counters of all its protocols and its settings, and no
// other stack's. It ends with the image.
func TestStackPage(t *testing.T) {
	l := start(t)
	fetch(t, l)
	if err := l.Node("a").Run(io.Discard, "sysctl", "net.inet.tcp.delacktime=7ms"); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, n := range l.Nodes {
		var out strings.Builder
		if err := errors.Join(n.Run(&out, "publish"), n.Run(io.Discard, "publish")); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, strings.TrimSpace(out.String()))
	}
	a, b := outside(t, paths[0]), outside(t, paths[1])
	for name, want := range map[string][2]any{
		"Name":                        {"a", "b"},
		"sys_net_inet_tcp_delacktime": {7e6, 40e6},
		"stat_tcp_Connattempt":        {1., 0.},
		"stat_tcp_Accepts":            {0., 1.},
		"stat_arp_TxRequests":         {1., 0.},
	} {
		if got := [2]any{a[name], b[name]}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, name := range []string{"stat_tcp_Sndtotal", "stat_ip_Total", "stat_icmp_In", "stat_udp_In", "stat_ether_TooShort"} {
		if a[name] == nil {
			t.Errorf("%s is not on the page: %v", name, a)
		}
	}
	if n, _ := a["stat_tcp_Sndtotal"].(float64); n < 5 || n != b["stat_tcp_Rcvtotal"] {
		t.Errorf("a sent %v segments, and b received %v", n, b["stat_tcp_Rcvtotal"])
	}
	if err := l.Node("a").Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(paths[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the page of a stack that ended: %v", err)
	}
}
