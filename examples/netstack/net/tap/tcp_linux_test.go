package tap_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	gonet "net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// files serves the bytes, and wants them when they are put.
func files(t *testing.T, content []byte) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
	mux.HandleFunc("PUT /file", func(_ http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes were put: %v", len(got), err)
		}
	})
	return mux
}

func content(n int) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(p)
	return p
}

// curl gets the content from a server, and puts it, by Linux's TCP.
func curl(t *testing.T, addr string, want []byte) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	in, out := filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(in, want, 0o600); err != nil {
		t.Fatal(err)
	}
	linux(t, fmt.Sprintf("curl -sS -m 60 -o %s http://%s/file", out, addr))
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes were got: %v", len(got), err)
	}
	linux(t, fmt.Sprintf("curl -sS -m 60 -T %s http://%s/file", in, addr))
}

// Linux and a stack that is behind a link with loss, delay and jitter transfer files both ways, and
// either is the server.
func TestTCP(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	for _, link := range []string{"", " delay=1ms", " delay=2ms jitter=1ms loss=1%"} {
		t.Run("link"+link, func(t *testing.T) {
			top, err := lab.Parse("test", strings.NewReader(`
node r
node h
link r:eth1=10.0.1.1/24 h:eth0=10.0.1.2/24`+link+`
do h route add default 10.0.1.1
do r sysctl net.inet.ip.forwarding=true
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
			want := content(1 << 20)
			srv := &http.Server{Handler: files(t, want)}
			l.Node("h").Do(func() {
				lis, err := socket.Listen("tcp", ":80")
				if err != nil {
					t.Fatal(err)
				}
				go func() { _ = srv.Serve(lis) }()
			})
			curl(t, "10.0.1.2", want)
			l.Node("h").Do(func() { _ = srv.Close() })

			lis, err := gonet.Listen("tcp", "192.0.2.1:80")
			if err != nil {
				t.Fatal(err)
			}
			linuxServer := &http.Server{Handler: files(t, want)}
			go func() { _ = linuxServer.Serve(lis) }()
			defer linuxServer.Close()
			l.Node("h").Do(func() {
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
			})
		})
	}
}
