package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/net/bpf"
	"github.com/go-vimage/vimage/runtime/vimage"
)

const topology = `
node a
node r1
node r2
node b
link a:eth0=10.0.1.2/24  r1:eth0=10.0.1.1/24
link r1:eth1=10.0.2.1/24 r2:eth0=10.0.2.2/24 delay=2ms
link r2:eth1=10.0.3.1/24 b:eth0=10.0.3.2/24
do a  route add default 10.0.1.1
do b  route add default 10.0.3.1
do r1 route add 10.0.3.0/24 10.0.2.2
do r2 route add 10.0.1.0/24 10.0.2.1
do r1 sysctl net.inet.ip.forwarding=true
do r2 sysctl net.inet.ip.forwarding=true
`

func say(format string, args ...any) {
	fmt.Println()
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		fmt.Print("  | ", line)
	}
	fmt.Println()
}

// show runs commands in a node, as a shell would show them.
func show(n *lab.Node, lines ...string) error {
	for _, line := range lines {
		fmt.Printf("\n%s# %s\n", n.Name(), line)
		if err := n.Run(os.Stdout, strings.Fields(line)...); err != nil {
			return err
		}
	}
	return nil
}

func demo(flags *flag.FlagSet, args []string) (err error) {
	file := flags.String("w", filepath.Join(os.TempDir(), "netstack-demo.pcapng"), "")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage{}
	}
	if vimage.Available() != nil {
		return errors.New("this is the plain build, which is one stack, and the demonstration needs four." +
			" Run: go run -tags vimage ./cmd/netstack demo")
	}
	t, err := lab.Parse("demo", strings.NewReader(topology))
	if err != nil {
		return err
	}
	say(`This network stack is written for one machine: its interfaces, routes, ARP entries,
sockets, timers and counters are package-level variables. A program that links it
has one of each. Built with the tag vimage, it can have images: copies of all these
variables. Now there are four, in one process, joined by cables:

	a ------ r1 ------ r2 ------ b
	10.0.1.0/24  10.0.2.0/24  10.0.3.0/24`)
	l, err := lab.Start(t, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	a, r1, r2, b := l.Nodes[0], l.Nodes[1], l.Nodes[2], l.Nodes[3]

	say("A module that captures packets is loaded, into r1 alone, which writes its packets to\n%s.", *file)
	out, err := os.Create(*file)
	if err != nil {
		return err
	}
	defer out.Close()
	capture := bpf.NewFile(out)
	r1.Do(func() { bpf.Attach(capture, r1.Name(), nil) })
	if err := show(r1, "kldload bpf"); err != nil {
		return err
	}
	say("a pings b. Each packet goes through four stacks; r1 and r2 forward it.\nThe one of 4,000 bytes goes in fragments.")
	if err := show(a, "ping -c 3 -i 50ms 10.0.3.2", "ping -c 1 -s 4000 10.0.3.2", "traceroute 10.0.3.2"); err != nil {
		return err
	}
	if err := show(r1, "kldunload bpf"); err != nil {
		return err
	}
	packets, err := capture.Flush()
	if err != nil {
		return err
	}
	say("The module is unloaded, while the stacks run. It has captured %d packets:\ntcpdump -n -r %s", packets, *file)

	say("An unmodified net/http server runs in b, over its stack's TCP, and a client in a.")
	if err := errors.Join(show(b, "serve 80"), show(a, "fetch http://10.0.3.2/5000000"), show(b, "netstat -a")); err != nil {
		return err
	}
	say("Each stack has tables of its own: a knows r1, and of b only the way.\nThese commands are the same code; they run in another image.")
	if err := errors.Join(
		show(a, "ifconfig", "route", "arp"),
		show(r1, "route", "arp", "netstat -i"),
	); err != nil {
		return err
	}
	say("So are settings and counters: forwarding is on in r1, off in b.")
	if err := errors.Join(
		show(r1, "sysctl net.inet.ip.forwarding", "netstat -s"),
		show(b, "sysctl net.inet.ip.forwarding", "netstat -s"),
	); err != nil {
		return err
	}
	say("r2's image is closed, in the middle. Its cables are pulled, its timers stop, its\nmemory is freed. The others go on; a's packets now get no further than r1.")
	if err := r2.Close(); err != nil {
		return err
	}
	fmt.Printf("\na# ping -c 1 -W 100ms 10.0.3.2\n")
	if err := a.Run(os.Stdout, "ping", "-c", "1", "-W", "100ms", "10.0.3.2"); err == nil {
		return errors.New("b answered through a router that is not there")
	}
	if err := show(a, "ping -c 1 10.0.2.1"); err != nil {
		return err
	}
	say("All images are closed. The ledger says what is left of them.")
	if err := l.Close(); err != nil {
		return err
	}
	live := 0
	for im := range vimage.All() {
		if im != vimage.Zero() {
			live++
		}
	}
	fmt.Printf("\nimages alive: %d; ended and not gone: %d\n", live, len(vimage.NotLive()))
	if live+len(vimage.NotLive()) > 0 {
		return errors.New("something is left")
	}
	return nil
}
