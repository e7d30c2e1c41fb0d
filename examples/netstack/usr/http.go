package usr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	_ "github.com/go-vimage/vimage/examples/netstack/netinet/tcp" // registers itself
	"github.com/go-vimage/vimage/examples/netstack/socket"
)

// maxBody bounds the size that a client may ask for.
const maxBody = 1 << 30

// Serve starts a net/http server over the stack: /N has N bytes. It ends with the
// listener, or the stack.
func Serve(address string) (net.Listener, error) {
	l, err := socket.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(body)}
	go func() { _ = server.Serve(l) }() // it returns the listener's end
	return l, nil
}

func body(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Path[1:])
	if err != nil || n < 0 || n > maxBody {
		http.Error(w, "want /N, a number of bytes up to 2^30", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(n))
	block := make([]byte, 32<<10)
	for i := range block {
		block[i] = byte(i)
	}
	for n > 0 {
		c, err := w.Write(block[:min(n, len(block))])
		if err != nil {
			return // the client went away
		}
		n -= c
	}
}

func serve(w io.Writer, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	port, err := number("port", args[0], 1, 65535)
	if err != nil {
		return err
	}
	if _, err := Serve(fmt.Sprint(":", port)); err != nil {
		return err
	}
	fmt.Fprintf(w, "http server at port %d\n", port)
	return nil
}

// fetch gets a page by net/http over the stack, and checks its bytes.
func fetch(w io.Writer, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	u, err := url.Parse(args[0])
	if err != nil || u.Scheme != "http" {
		return fmt.Errorf("%s: want http://ADDRESS[:PORT]/N", args[0])
	}
	client := &http.Client{Transport: &http.Transport{DialContext: socket.DialContext, DisableKeepAlives: true}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	begin := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", u, resp.Status)
	}
	check := &pattern{}
	n, err := io.Copy(check, resp.Body)
	if err != nil {
		return err
	}
	d := time.Since(begin)
	fmt.Fprintf(w, "%s: %d bytes in %v, %.1f Mbit/s\n", resp.Status, n, d.Round(time.Millisecond), float64(n)*8/1e6/d.Seconds())
	return nil
}

// A pattern takes the bytes that body sends, and no others.
type pattern struct{ at int }

func (p *pattern) Write(b []byte) (int, error) {
	for i, c := range b {
		if c != byte(p.at) {
			return i, errors.New("a byte is not what was sent")
		}
		p.at++
	}
	return len(b), nil
}
