package packetdrill

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// deadline has the next calls return at once, if the descriptor does not block.
func (f *fd) deadline() {
	kern.Lock()
	defer kern.Unlock()
	f.so.Rcv.Deadline, f.so.Snd.Deadline = 0, 0
	if f.nonblock {
		f.so.Rcv.Deadline, f.so.Snd.Deadline = 1, 1
	}
}

func (f *fd) connect() result {
	to := netip.AddrPortFrom(peer.Addr(), port)
	if !f.nonblock {
		return result{err: f.so.Connect(to, time.Time{})}
	}
	kern.Lock()
	defer kern.Unlock()
	if f.so.State&kern.SSConnected != 0 {
		return result{err: syscall.EISCONN}
	}
	if err := f.so.Proto.Connect(f.so, to); err != nil {
		return result{err: err}
	}
	return result{err: syscall.EINPROGRESS}
}

func (f *fd) read(n int) func() result {
	return func() result {
		f.deadline()
		got, err := f.so.Read(make([]byte, n))
		return result{n: int64(got), err: err}
	}
}

func (f *fd) write(n int) func() result {
	return func() result {
		f.deadline()
		put, err := f.so.Write(make([]byte, n))
		if put > 0 && f.nonblock {
			err = nil
		}
		return result{n: int64(put), err: err}
	}
}

// queued wants so many bytes that were not read.
func (f *fd) queued(want string) func() result {
	return func() result {
		kern.Lock()
		defer kern.Unlock()
		if n := f.so.Rcv.Len(); strconv.Itoa(n) != want {
			return result{err: fmt.Errorf("%d bytes are there", n)}
		}
		return result{}
	}
}

// value returns the number in [N].
func value(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(strings.Trim(text, "[]")))
	if err != nil {
		return 0, Unsupported{"the value " + text + " of an option"}
	}
	return n, nil
}

func (f *fd) setOpt(name, text string) (func() result, error) {
	set := func(opt kern.SockOpt, v int) (func() result, error) {
		return func() result { return result{err: f.so.SetOpt(opt, v)} }, nil
	}
	if name == "SO_LINGER" {
		if strings.Contains(text, "onoff=1") && strings.Contains(text, "linger=0") {
			return set(kern.SoLinger, 0)
		}
		return nil, Unsupported{"SO_LINGER but by a RST"}
	}
	if name == "IP_MTU_DISCOVER" { // the bit DF, which scripts do not compare
		return func() result { return result{} }, nil
	}
	v, err := value(text)
	if err != nil {
		return nil, err
	}
	switch name {
	case "SO_REUSEADDR":
		return set(kern.SoReuseAddr, v)
	case "TCP_NODELAY":
		return set(kern.SoNoDelay, v)
	case "IP_TOS":
		return set(kern.SoTOS, v)
	case "TCP_MAXSEG":
		return set(kern.SoMaxseg, v)
	case "TCP_KEEPIDLE":
		return set(kern.SoKeepalive, v)
	case "SO_SNDBUF":
		return f.hiwat(&f.so.Snd, 2*v), nil // as Linux: half is for its own data
	case "SO_RCVBUF":
		return f.hiwat(&f.so.Rcv, v), nil
	}
	return nil, Unsupported{"the option " + name + " of sockets"}
}

func (f *fd) hiwat(b *kern.Sockbuf, n int) func() result {
	return func() result {
		kern.Lock()
		defer kern.Unlock()
		b.Hiwat = n
		return result{}
	}
}

func (f *fd) getOpt(name, text string) (func() result, error) {
	want, err := value(text)
	if err != nil && name != "SO_ERROR" {
		return nil, err
	}
	is := func(get func() int) (func() result, error) {
		return func() result {
			kern.Lock()
			defer kern.Unlock()
			if got := get(); got != want {
				return result{err: fmt.Errorf("the value is %d", got)}
			}
			return result{}
		}, nil
	}
	switch name {
	case "SO_SNDBUF":
		return is(func() int { return f.so.Snd.Hiwat })
	case "TCP_MAXSEG":
		return is(func() int { v, _ := f.so.Proto.GetOpt(f.so, kern.SoMaxseg); return v })
	case "SO_ERROR":
		return func() result {
			kern.Lock()
			defer kern.Unlock()
			got := "0"
			if f.so.Err != nil {
				got = errnoOf(f.so.Err)
				f.so.Err = nil
			}
			if got != strings.Trim(text, "[]") {
				return result{err: fmt.Errorf("the error is %s", got)}
			}
			return result{}
		}, nil
	}
	return nil, Unsupported{"the option " + name + " of sockets"}
}
