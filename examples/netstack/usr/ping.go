package usr

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/socket"
)

// flags reads -x VALUE pairs and one address.
func flags(args []string, known map[string]func(string) error) (netip.Addr, error) {
	for len(args) >= 2 && args[0] != "" && args[0][0] == '-' {
		set := known[args[0]]
		if set == nil {
			return netip.Addr{}, errUsage
		}
		if err := set(args[1]); err != nil {
			return netip.Addr{}, fmt.Errorf("%s %s: %w", args[0], args[1], err)
		}
		args = args[2:]
	}
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return netip.Addr{}, errUsage
	}
	a, err := address(args[0])
	return a.Addr(), err
}

func intFlag(p *int, low, high int) func(string) error {
	return func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high {
			return fmt.Errorf("want a number from %d to %d", low, high)
		}
		*p = n
		return nil
	}
}

func durationFlag(p *time.Duration) func(string) error {
	return func(s string) error {
		if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 0 && n < 1e6 {
			*p = time.Duration(n * float64(time.Second))
			return nil
		}
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 {
			return errors.New("want seconds, or a duration as 10ms")
		}
		*p = d
		return nil
	}
}

// pings numbers the pings of this process, so that two at a time do not take each
// other's answers.
var pings atomic.Uint32

// opened makes a raw ICMP socket.
func opened() (*socket.Conn, error) {
	c, err := socket.ListenPacket("ip4:icmp", "0.0.0.0")
	if err != nil {
		return nil, err
	}
	return c.(*socket.Conn), nil
}

func ping(w io.Writer, args []string) error {
	count, size, ttl := 3, 56, 64
	interval, wait := time.Second, time.Second
	to, err := flags(args, map[string]func(string) error{
		"-c": intFlag(&count, 1, 1<<30), "-s": intFlag(&size, 8, 65507), "-t": intFlag(&ttl, 1, 255),
		"-i": durationFlag(&interval), "-W": durationFlag(&wait),
	})
	if err != nil {
		return err
	}
	c, err := opened()
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetOpt(kern.SoTTL, ttl); err != nil {
		return err
	}
	fmt.Fprintf(w, "PING %v: %d data bytes\n", to, size)
	id := uint16(pings.Add(1))
	buf := make([]byte, 65536)
	var received int
	var least, most, sum time.Duration
	for seq := range count {
		if seq > 0 {
			time.Sleep(interval)
		}
		sent := kern.Now()
		b := buf[:8+size]
		clear(b)
		b[0] = 8
		binary.BigEndian.PutUint16(b[4:], id)
		binary.BigEndian.PutUint16(b[6:], uint16(seq))
		for i := range size - 8 {
			b[16+i] = byte(8 + i)
		}
		binary.BigEndian.PutUint16(b[2:], netinet.Cksum(b))
		if _, err := c.WriteToAddrPort(b, netip.AddrPortFrom(to, 0)); err != nil {
			fmt.Fprintf(w, "ping: %v\n", errors.Unwrap(err))
			continue
		}
		if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return err
		}
		n, h, err := answer(c, buf, func(t []byte) bool {
			return t[0] == 0 && binary.BigEndian.Uint16(t[4:]) == id && binary.BigEndian.Uint16(t[6:]) == uint16(seq) ||
				quoted(t, 1, func(q []byte) bool {
					return binary.BigEndian.Uint16(q[4:]) == id && binary.BigEndian.Uint16(q[6:]) == uint16(seq)
				})
		})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			fmt.Fprintf(w, "no answer to icmp_seq=%d within %v\n", seq, wait)
			continue
		}
		if err != nil {
			return err
		}
		rtt := kern.Now() - sent
		if t := h.Payload(); t[0] != 0 {
			fmt.Fprintf(w, "from %v: icmp_seq=%d %s\n", h.Src(), seq, icmpText(t[0], t[1]))
			continue
		}
		received++
		sum += rtt
		most = max(most, rtt)
		if least == 0 || rtt < least {
			least = rtt
		}
		fmt.Fprintf(w, "%d bytes from %v: icmp_seq=%d ttl=%d time=%s\n", n-h.HdrLen(), h.Src(), seq, h.TTL(), ms(rtt))
	}
	fmt.Fprintf(w, "%d packets transmitted, %d received", count, received)
	if received > 0 {
		fmt.Fprintf(w, ", round-trip min/avg/max %s/%s/%s", ms(least), ms(sum/time.Duration(received)), ms(most))
	}
	fmt.Fprintln(w)
	if received == 0 {
		return fmt.Errorf("no answer from %v", to)
	}
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.3f ms", d.Seconds()*1000) }

// answer waits for an ICMP message that fits.
func answer(c *socket.Conn, buf []byte, fits func(t []byte) bool) (int, netinet.IPHdr, error) {
	for {
		n, _, err := c.ReadFrom(buf)
		if err != nil {
			return 0, nil, err
		}
		if h := netinet.IPHdr(buf[:n]); len(h.Payload()) >= 8 && fits(h.Payload()) {
			return n, h, nil
		}
	}
}

// quoted reports whether an ICMP message is an error about a packet of a protocol
// whose transport header fits.
func quoted(t []byte, proto uint8, fits func(q []byte) bool) bool {
	if t[0] != 3 && t[0] != 11 && t[0] != 12 || len(t) < 8+netinet.IPHdrLen {
		return false
	}
	h := netinet.IPHdr(t[8:])
	return h.Proto() == proto && h.HdrLen() >= netinet.IPHdrLen && len(h) >= h.HdrLen()+8 && fits(h.Payload())
}

func icmpText(typ, code uint8) string {
	switch {
	case typ == 11 && code == 0:
		return "time to live exceeded"
	case typ == 11:
		return "reassembly time exceeded"
	case typ == 3 && code == 0:
		return "network unreachable"
	case typ == 3 && code == 1:
		return "host unreachable"
	case typ == 3 && code == 2:
		return "protocol unreachable"
	case typ == 3 && code == 3:
		return "port unreachable"
	case typ == 3 && code == 4:
		return "fragmentation needed"
	case typ == 3:
		return "administratively prohibited"
	}
	return fmt.Sprintf("ICMP type %d code %d", typ, code)
}

func traceroute(w io.Writer, args []string) error {
	probes, hops, wait := 3, 30, time.Second
	to, err := flags(args, map[string]func(string) error{
		"-q": intFlag(&probes, 1, 10), "-m": intFlag(&hops, 1, 255), "-w": durationFlag(&wait),
	})
	if err != nil {
		return err
	}
	c, err := opened()
	if err != nil {
		return err
	}
	defer c.Close()
	p, err := socket.ListenPacket("udp", "0.0.0.0:0")
	if err != nil {
		return err
	}
	u := p.(*socket.Conn)
	defer u.Close()
	fmt.Fprintf(w, "traceroute to %v, %d hops at most\n", to, hops)
	buf := make([]byte, 2048)
	port := uint16(33434)
	for hop := 1; hop <= hops; hop++ {
		fmt.Fprintf(w, "%2d ", hop)
		if err := u.SetOpt(kern.SoTTL, hop); err != nil {
			return err
		}
		var last string
		there := false
		for range probes {
			port++
			sent := kern.Now()
			if _, err := u.WriteToAddrPort(make([]byte, 12), netip.AddrPortFrom(to, port)); err != nil {
				return err
			}
			if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
				return err
			}
			_, h, err := answer(c, buf, func(t []byte) bool {
				return quoted(t, 17, func(q []byte) bool { return binary.BigEndian.Uint16(q[2:]) == port })
			})
			if errors.Is(err, os.ErrDeadlineExceeded) {
				fmt.Fprint(w, " *")
				continue
			}
			if err != nil {
				return err
			}
			if from := h.Src().String(); from != last {
				fmt.Fprint(w, " ", from)
				last = from
			}
			fmt.Fprint(w, " ", ms(kern.Now()-sent))
			if t := h.Payload(); t[0] != 11 {
				there = true
				if t[1] != 3 {
					fmt.Fprint(w, " ", icmpText(t[0], t[1]))
				}
			}
		}
		fmt.Fprintln(w)
		if there {
			return nil
		}
	}
	return fmt.Errorf("%v not reached in %d hops", to, hops)
}
