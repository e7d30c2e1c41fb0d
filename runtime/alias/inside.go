package alias

import (
	"runtime"
	"slices"
	"strings"
)

// A Caller is a goroutine that is inside of a module.
type Caller struct {
	Goroutine string // the runtime's heading: "goroutine 7 [select]"
	Stack     string // as the runtime prints it, the heading included
}

// Inside returns who is inside of the module, with their stacks. It stops the
// world for a moment.
func (m *Module) Inside() []Caller {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < 64<<20 {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	return m.callers(string(buf[:n]))
}

// holdsCaller reports whether the running goroutine is inside of the module.
func (m *Module) holdsCaller() bool {
	var pcs [1024]uintptr // of a deeper stack, the innermost frames
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	callee := ""
	for {
		f, more := frames.Next()
		if m.isCall(callee, f.Function) {
			return true
		}
		callee = f.Function
		if !more {
			return false
		}
	}
}

// callers finds the goroutines of a dump that are inside.
func (m *Module) callers(dump string) []Caller {
	var out []Caller
	for block := range strings.SplitSeq(strings.TrimSpace(dump), "\n\n") {
		heading, rest, _ := strings.Cut(block, "\n")
		callee := ""
		for line := range strings.Lines(rest) {
			i := strings.LastIndexByte(line, '(')
			if line[0] == '\t' || i < 0 {
				continue
			}
			function := line[:i]
			if m.isCall(callee, function) {
				out = append(out, Caller{strings.TrimSuffix(heading, ":"), block})
				break
			}
			callee = function
		}
	}
	return out
}

// isCall reports whether a function is the generated one that calls layers, and
// the callee one of the module's.
func (m *Module) isCall(callee, function string) bool {
	return slices.ContainsFunc(m.Layers, func(l *Layer) bool {
		return slices.ContainsFunc(l.Group.Slots, func(s Slot) bool { return s.Dispatch == function }) &&
			slices.Contains(l.Symbol, callee)
	})
}
