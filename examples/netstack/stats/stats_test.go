package stats_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/stats"
	"github.com/go-vimage/vimage/runtime/vimage"
)

func TestPublish(t *testing.T) {
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
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
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
	want := stats.Of(l.Snapshot()) // at rest
	if want.Packets < 2*2+2 || want.Live != 2 {
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
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
