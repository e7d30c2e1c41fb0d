package alias

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

// traceLines is how many steps a linker remembers.
const traceLines = 256

// A trace has the latest steps of a linker's transitions, and writes them as
// they happen if it is asked to.
type trace struct {
	mu    sync.Mutex
	lines []string
	out   io.Writer
}

func (t *trace) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == traceLines {
		t.lines = slices.Delete(t.lines, 0, traceLines/2)
	}
	t.lines = append(t.lines, line)
	if t.out != nil {
		fmt.Fprintf(t.out, "alias: %s\n", line)
	}
}

// at notes that a module made a step.
func (k *Linker) at(m *Module, s Step) {
	if s != StepExits && s != StepEntries && s != StepWait { // of which there may be thousands
		k.trace.add(m.Name + ": " + string(s))
	}
	k.hook.at(s, nil)
}

// linked notes that a module's groups have new stacks. The caller holds the
// lock.
func (k *Linker) linked(m *Module, s Step) {
	for _, l := range m.Layers {
		line := m.Name + ": " + string(s) + " " + l.Group.Name + ":"
		for _, p := range slices.Backward(l.Group.stack) {
			if x := p.linked(); x != nil {
				line += " " + x.module.Name
			}
		}
		k.trace.add(line + " stub")
	}
	k.hook.at(s, nil)
}

// Trace returns the latest steps of the linker's transitions, at least 128 of
// them if so many were made: "module: step", and for those that link, the group
// and what stands on it, the topmost first: "bpf: link net.Tap: bpf debug
// stub".
func (k *Linker) Trace() []string {
	k.trace.mu.Lock()
	defer k.trace.mu.Unlock()
	return slices.Clone(k.trace.lines)
}

// TraceTo has each step written to w as it is made, a line each; nil ends that.
func (k *Linker) TraceTo(w io.Writer) {
	k.trace.mu.Lock()
	defer k.trace.mu.Unlock()
	k.trace.out = w
}
