package cli

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// patience is how long a step may take before it is worth a line.
const patience = 2 * time.Second

// A progress prints, on a terminal, a line for each step that takes long.
type progress struct {
	out *os.File // nil: silent

	mu    sync.Mutex
	timer *time.Timer
	over  func() bool
}

func startProgress(f *os.File) *progress {
	if !isTerminal(f) {
		return &progress{}
	}
	return &progress{out: f}
}

// step ends the step before and begins a new one.
func (p *progress) step(name string) {
	p.stop()
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = nil
	p.timer = time.AfterFunc(patience, func() {
		p.mu.Lock()
		over := p.over
		p.mu.Unlock()
		if over == nil || !over() {
			fmt.Fprintf(p.out, "vimagegen: %s ...\n", name)
		}
	})
}

// until names a condition under which the present step is over without a call of stop.
func (p *progress) until(over func() bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = over
}

// stop ends the present step.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
}
