package packetdrill

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/netinet"
	"github.com/go-vimage/vimage/examples/netstack/netinet/tcp"
)

// A Mode says how close the stack has to be to a script.
type Mode int

const (
	Strict  Mode = iota
	Lenient      // for scripts that were written for another stack
)

// A runner runs a script against the current stack.
type runner struct {
	t      testing.TB
	script *Script
	mode   Mode
	port   *stacktest.Port
	begin  time.Duration // of the script, by the stack's clock
	now    time.Duration // since begin
	wire   wire
	calls  calls
	vars   map[string]int64 // of code
	undo   []func()         // settings that commands changed
}

// Run runs a script in the current stack, which has a virtual clock, and leaves it
// without connections.
func Run(t testing.TB, script *Script, mode Mode) (err error) {
	r := &runner{t: t, script: script, mode: mode, port: stacktest.NewPort(t, mine, 24), vars: map[string]int64{}}
	defer func() {
		r.end()
		switch e := recover().(type) {
		case nil:
		case Unsupported:
			err = e
		default:
			panic(e)
		}
	}()
	r.learnPeer()
	r.begin = kern.Now()
	r.calls.idle = kern.Sleeping()
	base := time.Duration(0)
	for i := range script.Events {
		e := &script.Events[i]
		if e.Kind == Relative {
			e.At, e.End = base+e.At, base+e.End
		}
		if err := r.event(e); err != nil {
			return fmt.Errorf("%s:%d: %w", script.Name, e.Line, err)
		}
		base = e.At
		if e.Range || e.Kind == Any {
			base = r.now
		}
	}
	if err := r.join(); err != nil {
		return fmt.Errorf("%s: %w", script.Name, err)
	}
	if mode == Strict && len(r.wire.sent) > 0 {
		return fmt.Errorf("%s: at the end: %v was sent", script.Name, r.wire.sent[0])
	}
	return nil
}

// end drops what the script left.
func (r *runner) end() {
	for r.calls.running != nil || len(pcbs()) > 0 {
		for _, fd := range r.calls.fds {
			_ = fd.so.SetOpt(kern.SoLinger, 0)
			_ = fd.so.Close()
		}
		for _, inp := range pcbs() {
			kern.Lock()
			inp.Socket.Proto.AbortOnEnd(inp.Socket)
			kern.Unlock()
		}
		if r.settle(); r.calls.running != nil && r.calls.running.got != nil {
			r.calls.running = nil
		}
	}
	kern.Advance(time.Minute) // what listeners heard of
	r.port.Detach()
	for _, f := range r.undo {
		f()
	}
}

func pcbs() []*netinet.Inpcb {
	kern.Lock()
	defer kern.Unlock()
	return tcp.Pcbs()
}

func (r *runner) event(e *Event) error {
	if p := e.Packet; p != nil && p.Out {
		return r.expect(e, p)
	}
	if e.Kind == Any {
		return Unsupported{"calls and packets at any time"}
	}
	if err := r.advance(e.At); err != nil {
		return err
	}
	switch {
	case e.Packet != nil:
		return r.inject(e.Packet)
	case e.Call != nil:
		return r.call(e)
	case e.Code != "":
		return r.code(e.Code)
	}
	return r.command(e.Command)
}

// advance moves the clock, and stops at each callout.
func (r *runner) advance(to time.Duration) error {
	for r.now < to {
		if _, err := r.step(to); err != nil {
			return err
		}
	}
	return nil
}

// step moves the clock to the next callout, but not beyond a limit. It reports whether
// there was one.
func (r *runner) step(limit time.Duration) (bool, error) {
	d, ok := kern.NextCallout()
	if ok = ok && r.now+d <= limit; !ok {
		d = max(0, limit-r.now)
	}
	kern.Advance(d)
	r.now += d
	return ok, r.progress()
}

// progress takes what the stack did by now: segments that it sent, and calls that
// returned.
func (r *runner) progress() error {
	r.settle()
	r.collect()
	return r.returned()
}

// tolerance returns by how much an event at a time may be missed: it grows with the
// time since the event before, as 1 %.
func (r *runner) tolerance(e *Event) time.Duration {
	return max(r.script.Tolerance, (e.At-r.now)/100)
}
