package socket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	gonet "net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// two returns two stacks on the real clock, joined by a cable, and the address of the second;
// in a plain build both are the one stack, and the address is its loopback one.
func two(t testing.TB) (a, b func(f func()), addr string) {
	t.Helper()
	if vimage.Available() != nil {
		here := func(f func()) { f() }
		return here, here, "127.0.0.1"
	}
	c := epair.New()
	ends := []*epair.End{c.A, c.B}
	var in [2]func(f func())
	for i, name := range []string{"a", "b"} {
		im := stacktest.New(t, name)
		in[i] = func(f func()) { im.Do(f) }
		im.Do(func() {
			if _, err := ends[i].Attach("eth0"); err != nil {
				t.Fatal(err)
			}
			if err := usr.Run(io.Discard, "ifconfig", "eth0", fmt.Sprintf("10.0.0.%d/24", i+1)); err != nil {
				t.Fatal(err)
			}
		})
	}
	return in[0], in[1], "10.0.0.2"
}

// An unmodified server and client of net/http run over the stack.
func TestHTTP(t *testing.T) {
	a, b, addr := two(t)
	big := make([]byte, 3<<20)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(big)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /big", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(big) })
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	srv := &http.Server{Handler: mux}
	served := make(chan error, 1)
	b(func() {
		l, err := socket.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		go func() { served <- srv.Serve(l) }()
	})
	a(func() {
		tr := &http.Transport{DialContext: socket.DialContext}
		client := &http.Client{Transport: tr}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 3 {
					resp, err := client.Get("http://" + addr + "/big")
					if err != nil {
						t.Error(err)
						return
					}
					got, err := io.ReadAll(resp.Body)
					resp.Body.Close()
					if err != nil || !bytes.Equal(got, big) {
						t.Error(len(got), err)
					}
					resp, err = client.Post("http://"+addr+"/echo", "", bytes.NewReader(big))
					if err != nil {
						t.Error(err)
						return
					}
					got, err = io.ReadAll(resp.Body)
					resp.Body.Close()
					if err != nil || !bytes.Equal(got, big) {
						t.Error(len(got), err)
					}
				}
			})
		}
		wg.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, "GET", "http://"+addr+"/slow", nil)
		if _, err := client.Do(req); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		tr.CloseIdleConnections()
	})
	b(func() {
		if err := srv.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
}

// The sockets keep what package net says of deadlines, ends and errors.
func TestConn(t *testing.T) {
	a, b, addr := two(t)
	var l gonet.Listener
	b(func() {
		var err error
		if l, err = socket.Listen("tcp", ":81"); err != nil {
			t.Fatal(err)
		}
		_ = l.(*socket.Listener).SetDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		_ = l.(*socket.Listener).SetDeadline(time.Time{})
	})
	a(func() {
		if _, err := socket.Dial("tcp", addr+":82"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
		c, err := socket.Dial("tcp", addr+":81")
		if err != nil {
			t.Fatal(err)
		}
		if c.RemoteAddr().String() != addr+":81" {
			t.Error(c.RemoteAddr())
		}
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		_ = c.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		if n, err := c.Write(make([]byte, 16<<20)); !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 {
			t.Error(n, err)
		}
		_ = c.SetDeadline(time.Time{})
		done := make(chan error)
		go func() {
			_, err := c.Read(make([]byte, 1))
			done <- err
		}()
		local := c.LocalAddr().String()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, gonet.ErrClosed) {
			t.Error(err)
		}
		if c.LocalAddr().String() != local {
			t.Error(c.LocalAddr())
		}
	})
	b(func() {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, c)
		if err != nil || n == 0 {
			t.Error(n, err)
		}
		c.Close()
		l.Close()
		if _, err := l.Accept(); !errors.Is(err, gonet.ErrClosed) {
			t.Error(err)
		}
	})
}
