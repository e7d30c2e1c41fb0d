package socket_test

import (
	"io"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// BenchmarkBulk sends a stream to another stack over a cable with an MTU of 1,500 bytes, with
// and without super-segments; in a plain build over loopback.
func BenchmarkBulk(b *testing.B) {
	for _, tso := range []string{"true", "false"} {
		b.Run("tso="+tso, func(b *testing.B) {
			in, out, addr := two(b)
			done := make(chan error, 1)
			out(func() {
				l, err := socket.Listen("tcp", ":90")
				if err != nil {
					b.Fatal(err)
				}
				go func() {
					c, err := l.Accept()
					if err == nil {
						_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, 128<<10))
						c.Close()
					}
					l.Close()
					done <- err
				}()
			})
			in(func() {
				if err := sysctl.Set("net.inet.tcp.tso", tso); err != nil {
					b.Fatal(err)
				}
				c, err := socket.Dial("tcp", addr+":90")
				if err != nil {
					b.Fatal(err)
				}
				chunk := make([]byte, 128<<10)
				b.SetBytes(int64(len(chunk)))
				b.ResetTimer()
				for range b.N {
					if _, err := c.Write(chunk); err != nil {
						b.Fatal(err)
					}
				}
				c.Close()
			})
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		})
	}
}
