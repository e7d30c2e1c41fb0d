package tap_test

import (
	"bytes"
	"fmt"
	"io"
	gonet "net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/bpf"
	"github.com/go-vimage/vimage/examples/netstack/net/dummynet"
	"github.com/go-vimage/vimage/examples/netstack/net/tap"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// inStack runs f in a stack with the device set up: one of its own, if builds have
// images.
func inStack(t *testing.T, f func()) {
	t.Helper()
	run := func() {
		attach(t)
		device(t)
		f()
	}
	if vimage.Available() != nil {
		defer tap.DetachAll()
		run()
		return
	}
	im, err := vimage.New(vimage.WithName("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := im.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	im.Do(run)
}

// ifnet returns the device's interface.
func ifnet() *net.Ifnet {
	kern.Lock()
	defer kern.Unlock()
	return net.IfByName("tap0")
}

func stat() tcp.TCPStat {
	kern.Lock()
	defer kern.Unlock()
	return tcp.Tcpstat()
}

// serve serves HTTP by either TCP until the test ends.
func serve(t *testing.T, l gonet.Listener, err error, h http.Handler) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
}

// Ten megabytes go each way, with either as the server, over a link that loses, delays
// and reorders. The capture of it is one that tcpdump and tshark read.
func TestLossy(t *testing.T) {
	want := content(10 << 20)
	inStack(t, func() {
		link := dummynet.Link{Delay: 200 * time.Microsecond, Jitter: 5 * time.Microsecond, Loss: .001, Seed: 1}
		if err := tap.SetLink(ifnet(), link); err != nil {
			t.Fatal(err)
		}
		before := stat()
		l, err := socket.Listen("tcp", ":80")
		serve(t, l, err, files(t, want))
		curl(t, "192.0.2.2", want)
		if err := usr.Run(io.Discard, "kldload", "bpf"); err == nil { // a plain build cannot
			captured(t, want[:1<<18])
		}

		l, err = gonet.Listen("tcp", "192.0.2.1:80")
		serve(t, l, err, files(t, want))
		tr := &http.Transport{DialContext: socket.DialContext}
		defer tr.CloseIdleConnections()
		client := &http.Client{Transport: tr}
		resp, err := client.Get("http://192.0.2.1/file")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes were got: %v", len(got), err)
		}
		req, _ := http.NewRequest("PUT", "http://192.0.2.1/file", bytes.NewReader(want))
		if resp, err = client.Do(req); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		after := stat()
		t.Logf("sent again %d, fast retransmit %d, timeouts %d, out of order %d", after.Sndrexmitpack-before.Sndrexmitpack,
			after.FastRexmit-before.FastRexmit, after.Rexmttimeo-before.Rexmttimeo, after.Rcvoopack-before.Rcvoopack)
		if after.FastRexmit == before.FastRexmit || after.Rcvoopack == before.Rcvoopack {
			t.Error("the link loses and reorders nothing")
		}
	})
}

// captured captures two transfers.
func captured(t *testing.T, content []byte) {
	t.Helper()
	l, err := socket.Listen("tcp", ":81")
	serve(t, l, err, files(t, content))
	var capture bytes.Buffer
	file := bpf.NewFile(&capture)
	c := bpf.Attach(file, "a", ifnet())
	curl(t, "192.0.2.2:81", content)
	c.Detach()
	n, err := file.Flush()
	if err != nil || n < 2*len(content)/65535 {
		t.Errorf("%d packets captured, %v", n, err)
	}
	read(t, n, capture.Bytes())
}

// read has tcpdump and tshark read a capture of n packets. Neither finds a malformed
// packet, or a checksum that is wrong.
func read(t *testing.T, n int, capture []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.pcapng")
	if err := os.WriteFile(path, capture, 0o666); err != nil {
		t.Fatal(err)
	}
	if out := linux(t, "tcpdump -v -n -r "+path); out != "" {
		if got := strings.Count(out, "> 192.0.2."); got < n/2 || strings.Contains(out, "(incorrect") || strings.Contains(out, "bad cksum") {
			t.Errorf("tcpdump reads %d of %d packets, or finds one wrong", got, n)
		}
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Log("tshark is not installed: left out")
		return
	}
	// HTTP is left out: tshark calls a retransmission malformed that it puts together.
	out, err := exec.Command("tshark", strings.Fields("-n --disable-protocol http -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -r "+
		path+" -T fields -e _ws.malformed -e ip.checksum.status -e tcp.checksum.status")...).Output()
	if err != nil {
		t.Error("tshark:", err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != n {
		t.Errorf("tshark reads %d of %d packets", len(lines), n)
	}
	for _, l := range lines {
		if l != "\t1\t1" && l != "\t\t" { // its checksums are good, or it is ARP
			t.Errorf("tshark: %q", l)
		}
	}
}

// nc is the peer, as the client and as the server.
func TestNC(t *testing.T) {
	if _, err := exec.LookPath("nc"); err != nil {
		t.Skip("nc is not installed")
	}
	want := content(1 << 20)
	inStack(t, func() {
		l, err := socket.Listen("tcp", ":7")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		kern.Go(func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c})
			c.Close()
		})
		nc := exec.Command("nc", "-N", "-w", "20", "192.0.2.2", "7")
		nc.Stdin = bytes.NewReader(want)
		if got, err := nc.Output(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("nc got %d bytes of %d back: %v", len(got), len(want), err)
		}

		nc = exec.Command("nc", "-l", "-N", "-w", "20", "192.0.2.1", "8")
		nc.Stdin = bytes.NewReader(want)
		var got bytes.Buffer
		nc.Stdout = &got
		if err := nc.Start(); err != nil {
			t.Fatal(err)
		}
		c := dialUntil(t, "192.0.2.1:8")
		written := make(chan error, 1)
		kern.Go(func() {
			_, err := c.Write(want)
			written <- err
		})
		back, err := io.ReadAll(c) // nc -l ends when it is sent an end, whatever it has still to send
		if err != nil || !bytes.Equal(back, want) {
			t.Errorf("%d bytes came from nc: %v", len(back), err)
		}
		if err := <-written; err != nil {
			t.Error(err)
		}
		c.Close()
		if err := nc.Wait(); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("nc got %d bytes: %v", got.Len(), err)
		}
	})
}

// dialUntil connects to a server that has just been started.
func dialUntil(t *testing.T, address string) gonet.Conn {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		c, err := socket.Dial("tcp", address)
		if err == nil {
			return c
		}
		if time.Now().After(end) {
			t.Fatal(fmt.Errorf("no server: %w", err))
		}
	}
}
