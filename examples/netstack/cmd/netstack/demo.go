package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// closing bounds the end of an image.
const closing = 10 * time.Second

// A node is a stack in an image.
type node struct {
	*vimage.Image
	name string
}

func newNode(name string) (*node, error) {
	im, err := vimage.New(vimage.WithName(name))
	if err != nil {
		return nil, err
	}
	return &node{im, name}, nil
}

// run runs commands in the node's image, and shows them as a shell would.
func (n *node) run(lines ...string) error {
	for _, line := range lines {
		fmt.Printf("\n%s# %s\n", n.name, line)
		if err := n.quiet(line); err != nil {
			return err
		}
	}
	return nil
}

// quiet runs a command in the node's image.
func (n *node) quiet(line string) (err error) {
	n.Do(func() { err = usr.Run(os.Stdout, strings.Fields(line)...) })
	if err != nil {
		err = fmt.Errorf("%s: %w", n.name, err)
	}
	return err
}

// plug joins two nodes by a cable.
func plug(a *node, aName string, b *node, bName string) (err error) {
	c := epair.New()
	a.Do(func() { _, err = c.A.Attach(aName) })
	if err == nil {
		b.Do(func() { _, err = c.B.Attach(bName) })
	}
	return err
}

func (n *node) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	return n.Close(ctx)
}

func say(text string) { fmt.Printf("\n==== %s\n", text) }

func demo(args []string) (err error) {
	if len(args) > 0 {
		return errors.New("demo takes no arguments")
	}
	if err := vimage.Available(); err != nil {
		return errors.New("this is the plain build, which is one stack: the demonstration needs many." +
			" Run: go run -tags vimage ./cmd/netstack demo")
	}
	say("Three stacks in one process: hosts a and b, and router r between them. The stack's source has its\n" +
		"     interfaces, routes and counters in package-level variables: each image has a copy of its own.")
	var nodes []*node
	for _, name := range []string{"a", "r", "b"} {
		n, err := newNode(name)
		if err != nil {
			return err
		}
		nodes = append(nodes, n)
	}
	a, r, b := nodes[0], nodes[1], nodes[2]
	if err := errors.Join(plug(a, "epair0a", r, "epair0b"), plug(r, "epair1a", b, "epair1b")); err != nil {
		return err
	}
	if err := errors.Join(
		a.run("ifconfig epair0a 10.0.1.2/24", "route add default 10.0.1.1"),
		r.run("ifconfig epair0b 10.0.1.1/24", "ifconfig epair1a 10.0.2.1/24", "sysctl net.inet.ip.forwarding=true"),
		b.run("ifconfig epair1b 10.0.2.2/24", "route add default 10.0.2.1"),
		a.run("ping -c 3 -i 10ms 10.0.2.2", "traceroute 10.0.2.2"),
	); err != nil {
		return err
	}
	say("What each stack knows. Nothing of one shows in another.")
	for _, n := range nodes {
		if err := n.run("ifconfig", "route", "arp", "netstat -i", "netstat -s"); err != nil {
			return err
		}
	}
	say("The router's image is closed while b is there. Its cables are unplugged, and all it had is gone.")
	if err := r.close(); err != nil {
		return err
	}
	if err := a.run("ping -c 1 -W 200ms 10.0.2.2"); err != nil {
		fmt.Println(err)
	}
	say("The ledger: what is left of the images when all are closed.")
	if err := errors.Join(a.close(), b.close()); err != nil {
		return err
	}
	left := 0
	for im := range vimage.All() {
		if im != vimage.Zero() {
			left++
		}
	}
	fmt.Printf("images that live: %d; that ended and left something: %d\n", left, len(vimage.NotLive()))
	if left+len(vimage.NotLive()) > 0 {
		return errors.New("something is left")
	}
	return nil
}
