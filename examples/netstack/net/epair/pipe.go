//go:build !vimage

package epair

import (
	"fmt"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net/dummynet"
)

// A Link says how bad one direction of a cable is.
type Link = dummynet.Link

// pipes has the pipes of this stack's ends, which hold frames back at the end that
// receives them.
var pipes = map[*End]*dummynet.Pipe{}

// SetLink says how frames come to this end, which is attached in the current stack.
// It takes Giant.
func (e *End) SetLink(l Link) error {
	if err := l.Check(); err != nil {
		return err
	}
	kern.Lock()
	defer kern.Unlock()
	if attached[e] == nil {
		return fmt.Errorf("the end of the cable is not attached here")
	}
	delete(pipes, e)
	if p := dummynet.New(l); p != nil {
		pipes[e] = p
	}
	return nil
}
