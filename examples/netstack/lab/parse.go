package lab

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/net/epair"
)

// A Topology is the content of a topology file.
type Topology struct {
	Nodes []string
	Links []Link
	Do    []Command
}

// A Link joins two nodes.
type Link struct {
	A, B Port
	epair.Link
}

// A Port is an end of a link.
type Port struct {
	Node, Ifname string
	Addr         netip.Prefix // or none
}

// A Command is run by a node when all links are there.
type Command struct {
	Node string
	Line []string
}

// Parse reads a topology. Name is the file's, for errors.
func Parse(name string, r io.Reader) (*Topology, error) {
	t := &Topology{}
	known := map[string]bool{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if words := strings.Fields(line); len(words) > 0 {
			if err := t.line(words, known); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(t.Nodes) == 0 {
		return nil, fmt.Errorf("%s: no node", name)
	}
	return t, nil
}

func (t *Topology) line(words []string, known map[string]bool) error {
	switch verb := words[0]; {
	case verb == "node" && len(words) == 2:
		if name := words[1]; known[name] {
			return fmt.Errorf("node %s is there already", name)
		}
		known[words[1]] = true
		t.Nodes = append(t.Nodes, words[1])
	case verb == "link" && len(words) >= 3:
		l, err := link(words[1:])
		if err != nil {
			return err
		}
		for _, p := range []Port{l.A, l.B} {
			if !known[p.Node] {
				return fmt.Errorf("link: no node %s", p.Node)
			}
			if key := p.Node + ":" + p.Ifname; known[key] {
				return fmt.Errorf("link: %s is there already", key)
			}
			known[p.Node+":"+p.Ifname] = true
		}
		t.Links = append(t.Links, l)
	case verb == "do" && len(words) >= 3:
		if !known[words[1]] {
			return fmt.Errorf("do: no node %s", words[1])
		}
		t.Do = append(t.Do, Command{words[1], words[2:]})
	default:
		return fmt.Errorf("%s: want node NAME, link NODE:IF[=ADDRESS/LENGTH] NODE:IF[=ADDRESS/LENGTH] [delay=D] [jitter=D]"+
			" [loss=N%%] [rate=N[k|M|G]], or do NODE COMMAND", verb)
	}
	return nil
}

func link(words []string) (l Link, err error) {
	if l.A, err = port(words[0]); err != nil {
		return l, err
	}
	if l.B, err = port(words[1]); err != nil {
		return l, err
	}
	for _, word := range words[2:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "delay":
			l.Delay, err = time.ParseDuration(value)
		case "jitter":
			l.Jitter, err = time.ParseDuration(value)
		case "loss":
			l.Loss, err = strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64)
			l.Loss /= 100
		case "rate":
			l.Rate, err = rate(value)
		case "seed":
			l.Seed, err = strconv.ParseUint(value, 10, 64)
		default:
			err = fmt.Errorf("no such property")
		}
		if err == nil {
			err = l.Check()
		}
		if err != nil {
			return l, fmt.Errorf("link: %s: %w", word, err)
		}
	}
	return l, nil
}

func rate(s string) (int64, error) {
	unit := int64(1)
	switch {
	case strings.HasSuffix(s, "k"):
		unit = 1e3
	case strings.HasSuffix(s, "M"):
		unit = 1e6
	case strings.HasSuffix(s, "G"):
		unit = 1e9
	}
	n, err := strconv.ParseInt(strings.TrimRight(s, "kMG"), 10, 32)
	return n * unit, err
}

func port(word string) (p Port, err error) {
	end, addr, hasAddr := strings.Cut(word, "=")
	node, ifname, ok := strings.Cut(end, ":")
	if !ok || node == "" || ifname == "" {
		return p, fmt.Errorf("link: %s: want NODE:INTERFACE or NODE:INTERFACE=ADDRESS/LENGTH", word)
	}
	p = Port{Node: node, Ifname: ifname}
	if hasAddr {
		if p.Addr, err = netip.ParsePrefix(addr); err != nil || !p.Addr.Addr().Is4() {
			return p, fmt.Errorf("link: %s: want an IPv4 address and a length, as 10.0.0.1/24", word)
		}
	}
	return p, nil
}
