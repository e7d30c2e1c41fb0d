//go:build !vimage

// Package ipfw is a packet filter: a list of numbered rules, of which the first that
// fits a packet decides, as FreeBSD's. It is a module over the weak function
// net.PfilIP: until it is loaded, all packets pass and nothing is called.
//
// Input: rules as lines ([Add]), and packets. Output: whether they pass, and a count
// for each rule. Each stack has rules of its own. A packet that no rule fits passes.
//
// Ports are those of UDP and TCP packets that are whole, or first fragments; a rule
// with a port fits no other.
package ipfw

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
)

//go:generate go tool vimagegen generate

// A Rule fits packets that are as all of its parts say.
type Rule struct {
	Number       int
	Deny         bool
	Proto        int // 0: any
	Src, Dst     Network
	Sport, Dport uint16
	Dir          int    // 0: both, 1: in, 2: out
	Via          string // interface, "" for any
	Packets      uint64
	Bytes        uint64
}

// A Network is the addresses of a prefix. The zero one has all.
type Network struct {
	Addr net.InAddr
	Plen int
}

func (n Network) has(a net.InAddr) bool { return (a^n.Addr)&net.Mask(n.Plen) == 0 }

func (n Network) String() string {
	if n.Plen == 0 {
		return "any"
	}
	return fmt.Sprintf("%v/%d", n.Addr, n.Plen)
}

var rules []*Rule

// Usage is the form of a rule.
const Usage = "[NUMBER] allow|deny ip|icmp|tcp|udp from ADDRESS[/LENGTH]|any [PORT] to ADDRESS[/LENGTH]|any [PORT] [in|out] [via IF]"

var protocols = map[string]int{"ip": 0, "icmp": 1, "tcp": 6, "udp": 17}

// Parse reads a rule.
func Parse(words []string) (*Rule, error) {
	r := &Rule{}
	next := func() string {
		if len(words) == 0 {
			return ""
		}
		w := words[0]
		words = words[1:]
		return w
	}
	peek := func() string {
		if len(words) == 0 {
			return ""
		}
		return words[0]
	}
	if n, err := strconv.Atoi(peek()); err == nil {
		if n < 1 || n > 65534 {
			return nil, fmt.Errorf("rule %d: want a number from 1 to 65534", n)
		}
		r.Number = n
		next()
	}
	switch w := next(); w {
	case "allow":
	case "deny":
		r.Deny = true
	default:
		return nil, fmt.Errorf("%q: want allow or deny", w)
	}
	w := next()
	p, ok := protocols[w]
	if !ok {
		return nil, fmt.Errorf("%q: want ip, icmp, tcp or udp", w)
	}
	r.Proto = p
	for _, end := range []struct {
		word string
		net  *Network
		port *uint16
	}{{"from", &r.Src, &r.Sport}, {"to", &r.Dst, &r.Dport}} {
		if w := next(); w != end.word {
			return nil, fmt.Errorf("%q: want %s", w, end.word)
		}
		if err := end.net.parse(next()); err != nil {
			return nil, err
		}
		if n, err := strconv.ParseUint(peek(), 10, 16); err == nil {
			if p != 6 && p != 17 || n == 0 {
				return nil, fmt.Errorf("port %d of %s", n, w)
			}
			*end.port = uint16(n)
			next()
		}
	}
	for len(words) > 0 {
		switch w := next(); {
		case w == "in" && r.Dir == 0:
			r.Dir = 1
		case w == "out" && r.Dir == 0:
			r.Dir = 2
		case w == "via" && r.Via == "" && peek() != "":
			r.Via = next()
		default:
			return nil, fmt.Errorf("%q: want in, out or via IF", w)
		}
	}
	return r, nil
}

func (n *Network) parse(s string) error {
	if s == "any" {
		return nil
	}
	if !strings.Contains(s, "/") {
		s += "/32"
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return fmt.Errorf("%q: want an IPv4 address, with a length or without, or any", s)
	}
	*n = Network{net.AddrFrom(p.Masked().Addr()), p.Bits()}
	return nil
}

func (r *Rule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%05d %s ", r.Number, map[bool]string{false: "allow", true: "deny"}[r.Deny])
	for name, p := range protocols {
		if p == r.Proto {
			b.WriteString(name)
		}
	}
	fmt.Fprintf(&b, " from %v", r.Src)
	if r.Sport != 0 {
		fmt.Fprintf(&b, " %d", r.Sport)
	}
	fmt.Fprintf(&b, " to %v", r.Dst)
	if r.Dport != 0 {
		fmt.Fprintf(&b, " %d", r.Dport)
	}
	b.WriteString([]string{"", " in", " out"}[r.Dir])
	if r.Via != "" {
		b.WriteString(" via " + r.Via)
	}
	return b.String()
}

// Add adds a rule. One without a number gets the next hundred.
func Add(r *Rule) error {
	kern.Lock()
	defer kern.Unlock()
	if r.Number == 0 {
		if r.Number = 100; len(rules) > 0 {
			r.Number = rules[len(rules)-1].Number/100*100 + 100
		}
		if r.Number > 65534 {
			return fmt.Errorf("no number is left")
		}
	}
	at, found := slices.BinarySearchFunc(rules, r.Number, func(r *Rule, n int) int { return r.Number - n })
	if found {
		return fmt.Errorf("rule %d is there already", r.Number)
	}
	rules = slices.Insert(rules, at, r)
	net.HookPfil.Add(nil, 1)
	return nil
}

// Delete removes a rule.
func Delete(number int) error {
	kern.Lock()
	defer kern.Unlock()
	before := len(rules)
	if rules = slices.DeleteFunc(rules, func(r *Rule) bool { return r.Number == number }); len(rules) == before {
		return fmt.Errorf("no rule %d", number)
	}
	net.HookPfil.Add(nil, -1)
	return nil
}

// Rules returns copies of the rules, with their counts.
func Rules() []Rule {
	kern.Lock()
	defer kern.Unlock()
	var all []Rule
	for _, r := range rules {
		all = append(all, *r)
	}
	return all
}

//vimage:strong net.PfilIP
func check(ifp *net.Ifnet, m *kern.Mbuf, direction int) bool {
	h := netinet.IPHdr(m.Data())
	var sport, dport uint16
	if t := h.Payload(); len(t) >= 4 && h.Off()&0x1fff == 0 && (h.Proto() == 6 || h.Proto() == 17) {
		sport, dport = binary.BigEndian.Uint16(t), binary.BigEndian.Uint16(t[2:])
	}
	for _, r := range rules {
		if r.Proto != 0 && r.Proto != int(h.Proto()) || !r.Src.has(h.Src()) || !r.Dst.has(h.Dst()) ||
			r.Sport != 0 && r.Sport != sport || r.Dport != 0 && r.Dport != dport ||
			r.Dir != 0 && r.Dir != direction+1 || r.Via != "" && r.Via != ifp.Xname {
			continue
		}
		r.Packets++
		r.Bytes += uint64(len(h))
		return !r.Deny
	}
	return true
}
