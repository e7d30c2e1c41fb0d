package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/vdso/internal/elfso"
)

// Period is the period of a publisher that was given none.
const Period = time.Second

// A Publisher writes a page. Its methods may be called by several goroutines.
type Publisher struct {
	mem    *memory
	plan   *plan
	data   int // offset of the data in the memory
	period time.Duration
	step   hook

	mu     sync.Mutex
	next   []byte // the values as they shall be
	last   []byte // as they were published
	number uint64 // of the current generation
	closed bool

	stop    chan struct{}
	stopped chan struct{}
	where   string // the path
	release func() // lets go of the path
}

// An Option is a wish for [Create] and [Local].
type Option func(*Publisher)

// WithPeriod sets the time within which the publisher promises a sign of life.
// Readers poll four times a period.
func WithPeriod(d time.Duration) Option { return func(p *Publisher) { p.period = d } }

func withSteps(f func(Step)) Option { return func(p *Publisher) { p.step = f } }

// ErrClosed is returned by a publisher that is closed.
//
//vimage:shared an error value that nothing changes
var ErrClosed = errors.New("page: the publisher is closed")

// Local publishes in memory of this process. Fill puts the first values into
// the buffer, in the schema's layout.
func Local(s Schema, fill func(values []byte), opts ...Option) (*Publisher, error) {
	p, file, err := newPublisher(s, fill, opts)
	if err != nil {
		return nil, err
	}
	memory := heap(len(file))
	copy(memory, file)
	if p.mem, err = newMemory(file, unsafe.Pointer(&memory[0]), nil); err != nil {
		return nil, err
	}
	p.begin()
	return p, nil
}

// newPublisher returns a publisher without memory, and the page's first bytes.
func newPublisher(s Schema, fill func([]byte), opts []Option) (*Publisher, []byte, error) {
	plan, err := newPlan(s)
	if err != nil {
		return nil, nil, err
	}
	p := &Publisher{
		plan: plan, period: Period, number: 1, next: heap(plan.size), last: heap(plan.size),
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	for _, o := range opts {
		o(p)
	}
	if p.period < time.Millisecond {
		return nil, nil, fmt.Errorf("page: period %v: want at least 1ms", p.period)
	}
	fill(p.next)
	copy(p.last, p.next)
	p.first(plan.object.Data)
	file, data, err := elfso.Build(plan.object)
	if err != nil {
		return nil, nil, err
	}
	p.data = data
	return p, file, nil
}

// first writes the page as it is before anybody sees it.
func (p *Publisher) first(data []byte) {
	e, self := binary.NativeEndian, own()
	e.PutUint64(data[offPeriod:], uint64(p.period))
	e.PutUint64(data[offPid:], self.pid)
	e.PutUint64(data[offStart:], self.start)
	copy(data[offBoot:], self.boot[:])
	e.PutUint64(data[offPidns:], self.pidns)
	e.PutUint64(data[offTimens:], self.timens)
	e.PutUint64(data[offCreated:], uint64(time.Now().UnixNano()))
	e.PutUint64(data[offBeat:], uint64(monotonic()))
	copy(data[offLive:], p.next)
	e.PutUint64(data[offCurrent:], p.number)
	hand := data[p.place(p.number):]
	e.PutUint64(hand, p.number)
	copy(hand[8:], p.next)
}

// begin starts the beat.
func (p *Publisher) begin() {
	p.beat()
	go func() {
		defer close(p.stopped)
		t := time.NewTicker(p.period / 4)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				p.beat()
			case <-p.stop:
				return
			}
		}
	}()
}

func (p *Publisher) beat() {
	atomic.StoreUint64(p.mem.beat, uint64(monotonic()))
	p.step.at(StepBeat)
}

// word returns a word of the data.
func (p *Publisher) word(offset int) *uint64 { return p.mem.word(p.data + offset) }

// Publish calls change with the values, in the schema's layout, and publishes
// what it made of them. If change panics, nothing is published. The values are
// consistent for those who read a group.
func (p *Publisher) Publish(change func(values []byte)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	done := false
	defer func() {
		if !done {
			copy(p.next, p.last)
		}
	}()
	change(p.next)
	done = true
	p.store()
	copy(p.last, p.next)
	return nil
}

// place returns the offset of generation n in the data.
func (p *Publisher) place(n uint64) int { return p.plan.hands + int(n%hands)*p.plan.stride }

// store is the protocol's publication.
func (p *Publisher) store() {
	p.number++
	hand := p.place(p.number)
	atomic.StoreUint64(p.word(hand), 0)
	p.step.at(StepClear)
	for i := 0; i < p.plan.size; i += 8 {
		atomic.StoreUint64(p.word(hand+8+i), binary.NativeEndian.Uint64(p.next[i:]))
		p.step.at(StepFill)
	}
	atomic.StoreUint64(p.word(hand), p.number)
	p.step.at(StepNumber)
	atomic.StoreUint64(p.mem.current, p.number)
	p.step.at(StepPoint)
	for i := 0; i < p.plan.size; i += 8 {
		v := binary.NativeEndian.Uint64(p.next[i:])
		if v != binary.NativeEndian.Uint64(p.last[i:]) {
			atomic.StoreUint64(p.word(offLive+i), v)
			p.step.at(StepLive)
		}
	}
}

// Close marks the page as abandoned and removes it from its path. Readers fall
// back.
func (p *Publisher) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.closed = true
	close(p.stop)
	<-p.stopped
	atomic.StoreUint64(p.mem.abandoned, 1)
	p.step.at(StepAbandon)
	if p.release != nil {
		p.release()
	}
	return nil
}
