// Package usr has the commands by which people look at a stack and change it:
// ifconfig, route, arp, netstat, sysctl, ping, traceroute, as BSD has them.
//
// Input: a line of words. Output: text, and an error of one line. A command works
// on the stack that is current where it is called.
package usr

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/net"
	"github.com/go-vimage/vimage/examples/netstack/net/ipfw"
)

// A command prints to w. Its arguments are without its name.
type command struct {
	usage string
	run   func(w io.Writer, args []string) error
}

func commands() map[string]command {
	return map[string]command{
		"ifconfig":   {"ifconfig [NAME [ADDRESS/LENGTH] [-ADDRESS] [mtu N] [fib N] [up|down]]", ifconfig},
		"route":      {"route [-fib N] [show | add DEST/LENGTH|default GATEWAY | reject DEST/LENGTH | del DEST/LENGTH|default]", route},
		"arp":        {"arp", arp},
		"bridge":     {"bridge NAME [IF...]", bridge},
		"fetch":      {"fetch http://ADDRESS[:PORT]/BYTES", fetch},
		"serve":      {"serve PORT", serve},
		"ipfw":       {"ipfw [list | delete NUMBER | add " + ipfw.Usage + "]", ipfwCommand},
		"kldload":    {"kldload bpf|ipfw|newreno", kldload},
		"kldunload":  {"kldunload bpf|ipfw|newreno", kldunload},
		"kldstat":    {"kldstat", kldstat},
		"netstat":    {"netstat [-i|-r|-s|-a]", netstat},
		"publish":    {"publish", publish},
		"sysctl":     {"sysctl [NAME[=VALUE]...]", sysctls},
		"ping":       {"ping [-c COUNT] [-i INTERVAL] [-W WAIT] [-s SIZE] [-t TTL] ADDRESS", ping},
		"tcpdump":    {"tcpdump [-i IF] FILE | tcpdump stop", tcpdump},
		"traceroute": {"traceroute [-q PROBES] [-m HOPS] [-w WAIT] ADDRESS", traceroute},
	}
}

// errUsage stands for the command's usage.
var errUsage error = usage{}

type usage struct{}

func (usage) Error() string { return "usage" }

// Run runs a command.
func Run(w io.Writer, line ...string) error {
	if len(line) == 0 {
		return nil
	}
	if line[0] == "help" {
		for _, name := range slices.Sorted(maps.Keys(commands())) {
			fmt.Fprintln(w, commands()[name].usage)
		}
		return nil
	}
	c, ok := commands()[line[0]]
	if !ok {
		return fmt.Errorf("%s: no such command: help lists them", line[0])
	}
	err := c.run(w, line[1:])
	if err == errUsage {
		return fmt.Errorf("usage: %s", c.usage)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", line[0], err)
	}
	return nil
}

// prefix reads ADDRESS/LENGTH or "default". Without a length it is a host.
func prefix(s string) (net.InAddr, int, error) {
	if s == "default" {
		return 0, 0, nil
	}
	host, length, cut := strings.Cut(s, "/")
	a, err := address(host)
	if err != nil {
		return 0, 0, err
	}
	plen := 32
	if cut {
		if plen, err = strconv.Atoi(length); err != nil || plen < 0 || plen > 32 {
			return 0, 0, fmt.Errorf("%s: want a prefix length from 0 to 32", s)
		}
	}
	return a, plen, nil
}

// number reads the argument of a flag.
func number(what, s string, low, high int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%s %s: want a number from %d to %d", what, s, low, high)
	}
	return n, nil
}
