//go:build !vimage

package epair

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// A Link says how bad one direction of a cable is. The zero value is a perfect one.
type Link struct {
	Delay  time.Duration
	Jitter time.Duration // up to this much is added to Delay, which can change the order
	Loss   float64       // the part of frames that is lost
	Rate   int64         // bits a second, 0 for no limit
	Queue  int           // frames that wait for the rate, 0 for 1000
	Seed   uint64        // of the random numbers: the same seed loses the same frames
}

// Check says what makes no sense.
func (l Link) Check() error {
	switch {
	case l.Delay < 0 || l.Jitter < 0:
		return fmt.Errorf("a delay of less than nothing")
	case l.Loss < 0 || l.Loss > 1:
		return fmt.Errorf("loss %v: want 0 to 1", l.Loss)
	case l.Rate < 0 || l.Queue < 0:
		return fmt.Errorf("a rate or queue of less than nothing")
	}
	return nil
}

// A pipe holds frames back at the end that receives them, by that stack's callouts.
type pipe struct {
	Link
	random  *rand.Rand
	free    time.Duration // when the line is free again
	waiting int
	drops   uint64
}

// pipes has the pipes of this stack's ends.
var pipes = map[*End]*pipe{}

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
	if l != (Link{}) {
		if l.Queue == 0 {
			l.Queue = 1000
		}
		pipes[e] = &pipe{Link: l, random: rand.New(rand.NewPCG(l.Seed, 1))}
	}
	return nil
}

// take has ifp receive the frame when it is through the pipe.
func (p *pipe) take(ifp *net.Ifnet, m *kern.Mbuf) {
	if p.Loss > 0 && p.random.Float64() < p.Loss {
		p.drops++
		m.Free()
		return
	}
	now := kern.Now()
	at := now
	if p.Rate > 0 {
		if p.waiting >= p.Queue {
			p.drops++
			m.Free()
			return
		}
		p.free = max(p.free, now) + time.Duration(int64(m.Len())*8*int64(time.Second)/p.Rate)
		at = p.free
	}
	at += p.Delay
	if p.Jitter > 0 {
		at += time.Duration(p.random.Int64N(int64(p.Jitter)))
	}
	if at <= now {
		net.EtherInput(ifp, m)
		return
	}
	p.waiting++
	c := new(kern.Callout)
	c.Reset(at-now, func() {
		p.waiting--
		net.EtherInput(ifp, m)
	})
}
