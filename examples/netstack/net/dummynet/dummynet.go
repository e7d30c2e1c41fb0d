// Package dummynet makes a link bad: it delays frames, changes their order, loses
// some, and bounds the rate, as the part of FreeBSD that has this name.
//
// Input: frames of one direction, by [Pipe.Carry]. Output: the same frames, later, by
// the caller's function. All of it needs Giant (package kern), whose callouts keep
// the time, so that it works on a virtual clock too.
package dummynet

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/kern"
)

// A Link says how bad one direction of a link is. The zero value is a perfect one.
type Link struct {
	Delay  time.Duration
	Jitter time.Duration // up to this much is added to Delay, which can change the order
	Loss   float64       // the part of frames that is lost
	Rate   int64         // bits a second, 0 for no limit
	Queue  int           // frames that wait for the rate, 0 for 1000
	Seed   uint64        // of the random numbers: the same seed loses the same frames
}

// Check reports settings that make no sense.
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

// A Pipe holds back the frames of a link's direction.
type Pipe struct {
	Drops uint64 // frames that were lost, or found the queue full

	link    Link
	random  *rand.Rand
	free    time.Duration // when the line is free again
	waiting int
}

// New makes a pipe. It returns nil, which Carry takes for a perfect link, if the link
// is one.
func New(l Link) *Pipe {
	if l == (Link{Queue: l.Queue, Seed: l.Seed}) {
		return nil
	}
	if l.Queue == 0 {
		l.Queue = 1000
	}
	return &Pipe{link: l, random: rand.New(rand.NewPCG(l.Seed, 1))}
}

// Carry has deliver called with the frame when it is through the pipe, with Giant
// held, or frees it. It may be called before Carry returns.
func (p *Pipe) Carry(m *kern.Mbuf, deliver func(m *kern.Mbuf)) {
	if p == nil {
		deliver(m)
		return
	}
	if p.link.Loss > 0 && p.random.Float64() < p.link.Loss {
		p.Drops++
		m.Free()
		return
	}
	now := kern.Now()
	at := now
	if p.link.Rate > 0 {
		if p.waiting >= p.link.Queue {
			p.Drops++
			m.Free()
			return
		}
		p.free = max(p.free, now) + time.Duration(int64(m.Len())*8*int64(time.Second)/p.link.Rate)
		at = p.free
	}
	at += p.link.Delay
	if p.link.Jitter > 0 {
		at += time.Duration(p.random.Int64N(int64(p.link.Jitter)))
	}
	if at <= now {
		deliver(m)
		return
	}
	p.waiting++
	c := new(kern.Callout)
	c.Reset(at-now, func() {
		p.waiting--
		deliver(m)
	})
}
