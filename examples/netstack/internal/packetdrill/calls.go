package packetdrill

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// calls has the script's descriptors, and the call that runs.
type calls struct {
	fds     map[int64]*fd
	idle    int // goroutines that sleep without the script's call
	running *running
}

type fd struct {
	so       *kern.Socket
	nonblock bool
}

// A running is a call in a goroutine.
type running struct {
	call *Call
	last time.Duration // when it has to return
	from time.Duration // not before
	done chan result
	got  *result
}

type result struct {
	n   int64
	err error
	fd  *fd // a new one
}

// call makes a call. If it may block, it is compared when it returns.
func (r *runner) call(e *Event) error {
	if err := r.join(); err != nil {
		return err
	}
	f, err := r.prepare(e.Call)
	if err != nil {
		return err
	}
	c := &running{call: e.Call, from: e.At, last: e.At, done: make(chan result, 1)}
	if e.Blocks {
		tolerance := r.tolerance(e)
		c.from, c.last = e.End-tolerance, e.End+tolerance
	}
	r.calls.running = c
	go func() { c.done <- f() }()
	if err := r.progress(); err != nil {
		return err
	}
	if !e.Blocks && r.calls.running != nil {
		return fmt.Errorf("%s blocks", c.call.Name)
	}
	return nil
}

// settle waits until the goroutine of the call that runs sleeps, or has ended.
func (r *runner) settle() {
	for c := r.calls.running; c != nil && c.got == nil; {
		select {
		case got := <-c.done:
			c.got = &got
		default:
			if kern.Sleeping() > r.calls.idle {
				return
			}
			runtime.Gosched()
		}
	}
}

// returned compares the call that ran, if it has ended.
func (r *runner) returned() error {
	c := r.calls.running
	if c == nil {
		return nil
	}
	if c.got == nil {
		if r.now > c.last {
			return fmt.Errorf("%s has not returned at %v, want %v", c.call.Name, r.now, c.last)
		}
		return nil
	}
	r.calls.running = nil
	got := *c.got
	if r.now < c.from {
		return fmt.Errorf("%s returned at %v, want %v", c.call.Name, r.now, c.from)
	}
	n, errno := got.n, errnoOf(got.err)
	if got.err != nil {
		n = -1
	}
	if got.fd != nil && got.err == nil {
		if r.calls.fds == nil {
			r.calls.fds = map[int64]*fd{}
		}
		n = c.call.Result
		r.calls.fds[n] = got.fd
	}
	if n != c.call.Result || errno != c.call.Errno {
		return fmt.Errorf("%s returned %d %s, want %d %s", c.call.Name, n, errno, c.call.Result, c.call.Errno)
	}
	return nil
}

// join waits until the call that runs has returned.
func (r *runner) join() error {
	for r.calls.running != nil {
		if _, err := r.step(max(r.calls.running.last, r.now+time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

// errnoOf returns the name that scripts have for an error.
func errnoOf(err error) string {
	var e syscall.Errno
	switch {
	case err == nil:
		return ""
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "EAGAIN"
	case !errors.As(err, &e):
		return err.Error()
	}
	switch e {
	case syscall.EINPROGRESS:
		return "EINPROGRESS"
	case syscall.EPIPE:
		return "EPIPE"
	case syscall.ECONNRESET:
		return "ECONNRESET"
	case syscall.ECONNREFUSED:
		return "ECONNREFUSED"
	case syscall.ECONNABORTED:
		return "ECONNABORTED"
	case syscall.ETIMEDOUT:
		return "ETIMEDOUT"
	case syscall.ENOTCONN:
		return "ENOTCONN"
	case syscall.EBADF:
		return "EBADF"
	case syscall.EINVAL:
		return "EINVAL"
	case syscall.EISCONN:
		return "EISCONN"
	case syscall.EHOSTUNREACH:
		return "EHOSTUNREACH"
	}
	return e.Error()
}

// prepare returns what makes the call.
func (r *runner) prepare(c *Call) (func() result, error) {
	if c.Name == "socket" {
		if len(c.Args) != 3 || c.Args[1] != "SOCK_STREAM" {
			return nil, Unsupported{"sockets but those of streams"}
		}
		return func() result {
			so, err := kern.Socreate(kern.SockStream, 6)
			return result{err: err, fd: &fd{so: so}}
		}, nil
	}
	switch c.Name {
	case "bind", "listen", "accept", "connect", "read", "recv", "recvfrom", "write", "send", "sendto", "shutdown", "close",
		"fcntl", "ioctl", "setsockopt", "getsockopt":
	default:
		return nil, Unsupported{"the call " + c.Name}
	}
	if c.Errno == "EFAULT" {
		return nil, Unsupported{"bad pointers"}
	}
	if len(c.Args) == 0 {
		return nil, Unsupported{c.Name + " without a descriptor"}
	}
	n, err := strconv.ParseInt(c.Args[0], 0, 64)
	if err != nil {
		return nil, Unsupported{c.Name}
	}
	f := r.calls.fds[n]
	if f == nil {
		return func() result { return result{err: syscall.EBADF} }, nil
	}
	arg := func(i int) string {
		if i < len(c.Args) {
			return c.Args[i]
		}
		return ""
	}
	size := func() int { n, _ := strconv.Atoi(arg(2)); return n }
	fail := func(err error) result { return result{err: err} }
	switch c.Name {
	case "bind":
		return func() result { return fail(f.so.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), port))) }, nil
	case "listen":
		backlog, _ := strconv.Atoi(arg(1))
		return func() result { return fail(f.so.Listen(backlog)) }, nil
	case "accept":
		return func() result {
			f.deadline()
			so, err := f.so.Accept()
			return result{err: err, fd: &fd{so: so}}
		}, nil
	case "connect":
		return f.connect, nil
	case "read":
		return f.read(size()), nil
	case "recv", "recvfrom":
		if arg(3) != "0" && arg(3) != "MSG_DONTWAIT" {
			return nil, Unsupported{c.Name + " with " + arg(3)}
		}
		return f.read(size()), nil
	case "write":
		return f.write(size()), nil
	case "send", "sendto":
		if a := arg(3); a != "0" && a != "MSG_DONTWAIT" && a != "MSG_NOSIGNAL" {
			return nil, Unsupported{c.Name + " with " + a}
		}
		return f.write(size()), nil
	case "shutdown":
		how := arg(1)
		return func() result { return fail(f.so.Shutdown(how != "SHUT_WR", how != "SHUT_RD")) }, nil
	case "close":
		return func() result {
			delete(r.calls.fds, n)
			return fail(f.so.Close())
		}, nil
	case "fcntl":
		if arg(1) == "F_GETFL" {
			return func() result { return result{n: c.Result} }, nil
		}
		f.nonblock = strings.Contains(arg(2), "O_NONBLOCK")
		return func() result { return result{} }, nil
	case "ioctl":
		if arg(1) == "SIOCINQ" {
			return f.queued(strings.Trim(arg(2), "[]")), nil
		}
	case "setsockopt":
		return f.setOpt(arg(2), arg(3))
	case "getsockopt":
		return f.getOpt(arg(2), arg(3))
	}
	return nil, Unsupported{c.Name}
}
