package main

import (
	"errors"
	"io"
	"runtime"

	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/socket"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// kilobytes is how much a measurement sends.
const kilobytes = 1 << 20

// bulk sends a stream to another stack, over a cable, or over loopback if there is
// none, with an MTU of 1,500 bytes; then the same with super-segments.
func bulk(name string, images []*vimage.Image) error {
	in, out, addr := func(f func()) { f() }, func(f func()) { f() }, "127.0.0.1:90"
	var errs []error
	set := func(line ...string) { errs = append(errs, usr.Run(io.Discard, line...)) }
	if images == nil {
		set("ifconfig", "lo0", "mtu", "1500")
	} else {
		in, out, addr = images[0].Do, images[1].Do, "10.0.0.2:90"
		cable := epair.New()
		in(func() {
			_, err := cable.A.Attach("e0")
			errs = append(errs, err)
			set("ifconfig", "e0", "10.0.0.1/24")
		})
		out(func() {
			_, err := cable.B.Attach("e0")
			errs = append(errs, err)
			set("ifconfig", "e0", "10.0.0.2/24")
		})
	}
	for _, tso := range []string{"false", "true"} {
		done := make(chan error, 1)
		out(func() { errs = append(errs, sink(done)) })
		if err := errors.Join(errs...); err != nil {
			return err
		}
		begin := processorTime()
		in(func() {
			errs = append(errs, sysctl.Set("net.inet.tcp.tso", tso), source(addr))
		})
		errs = append(errs, <-done)
		report(name+map[string]string{"false": "", "true": "-super"}[tso], (processorTime()-begin)/kilobytes)
	}
	return errors.Join(errs...)
}

const chunk = 128 << 10

// sink accepts a connection and reads to its end.
func sink(done chan<- error) error {
	l, err := socket.Listen("tcp", ":90")
	if err != nil {
		return err
	}
	go func() {
		c, err := l.Accept()
		if err == nil {
			// Not by WriteTo and ReadFrom, which choose their own sizes.
			_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, chunk))
			c.Close()
		}
		l.Close()
		done <- err
	}()
	return nil
}

func source(addr string) error {
	c, err := socket.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	b := make([]byte, chunk)
	for range kilobytes << 10 / chunk {
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// overImages is forward and bulk between images, and what an image costs.
func overImages() error {
	if err := cost(); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	if err := forward("forward-images", true); err != nil {
		return err
	}
	var ends []*vimage.Image
	for range 2 {
		im, err := vimage.New()
		if err != nil {
			return err
		}
		ends = append(ends, im)
	}
	return bulk("bulk-images", ends)
}
