package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/net/epair"
	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// closing bounds the end of an image.
const closing = 10 * time.Second

// A Lab is a network that runs.
type Lab struct {
	Nodes []*Node
	Links []*Cable
	names map[string]*Node
}

// A Node is a stack in an image.
type Node struct {
	*vimage.Image
}

// A Cable is a link that runs.
type Cable struct {
	Link Link
	Pair *epair.Cable
}

// Start makes the images, links and runs the commands of a topology. What these
// print goes to w. If anything fails, all is closed.
func Start(t *Topology, w io.Writer) (*Lab, error) {
	l := &Lab{names: map[string]*Node{}}
	if err := l.start(t, w); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Lab) start(t *Topology, w io.Writer) error {
	for _, name := range t.Nodes {
		im, err := vimage.New(vimage.WithName(name))
		if err != nil {
			return err
		}
		n := &Node{im}
		l.Nodes = append(l.Nodes, n)
		l.names[name] = n
	}
	for _, link := range t.Links {
		c := &Cable{link, epair.New()}
		if err := errors.Join(l.plug(c.Pair.A, link.A, link.Link), l.plug(c.Pair.B, link.B, link.Link)); err != nil {
			return err
		}
		l.Links = append(l.Links, c)
	}
	for _, c := range t.Do {
		if err := l.names[c.Node].Run(w, c.Line...); err != nil {
			return err
		}
	}
	return nil
}

// plug attaches an end of a cable.
func (l *Lab) plug(e *epair.End, p Port, how epair.Link) (err error) {
	n := l.names[p.Node]
	n.Do(func() {
		if _, err = e.Attach(p.Ifname); err != nil {
			return
		}
		if err = e.SetLink(how); err == nil && p.Addr.IsValid() {
			err = usr.Run(io.Discard, "ifconfig", p.Ifname, p.Addr.String())
		}
	})
	if err != nil {
		return fmt.Errorf("%s: %w", p.Node, err)
	}
	return nil
}

// Node returns the node of a name, or nil.
func (l *Lab) Node(name string) *Node { return l.names[name] }

// Run runs a command in the node's stack.
func (n *Node) Run(w io.Writer, line ...string) (err error) {
	n.Do(func() { err = usr.Run(w, line...) })
	if err != nil {
		return fmt.Errorf("%s: %w", n.Name(), err)
	}
	return nil
}

// Close closes the node's image.
func (n *Node) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	return n.Image.Close(ctx)
}

// Close closes all nodes.
func (l *Lab) Close() error {
	var errs []error
	for _, n := range l.Nodes {
		errs = append(errs, n.Close())
	}
	return errors.Join(errs...)
}
