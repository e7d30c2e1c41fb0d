package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	patience = 2 * time.Second        // how long a command may be silent
	redraw   = 200 * time.Millisecond // how often the line is drawn
)

// eraseLine moves a terminal's cursor to the beginning of its line, and empties
// that.
const eraseLine = "\r\x1b[K"

// A progress shows on a terminal, in one line that it draws again and again,
// what a command that takes long is at. Whoever else writes to the terminal has
// to call stop first, or to write through [progress.before].
type progress struct {
	out   *os.File // nil: silent
	begun time.Time

	mu          sync.Mutex
	name        string // of the step; "" between steps
	done, total int    // packages; total is 0 if it is not known
	builds      string // folder of the go command's work folders, in which packages are counted
	turn        string // file of [takeTurn]; "" if no other process writes
	drawn       bool   // there is a line to be erased
	ended       chan struct{}
}

// startProgress returns a progress for a terminal; for another file, or if
// quiet, one that is silent.
func startProgress(f *os.File, quiet bool) *progress {
	if quiet || !isTerminal(f) || os.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	return &progress{out: f, begun: time.Now()}
}

// step ends the step before and begins a new one.
func (p *progress) step(name string) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.done, p.total, p.builds, p.turn = name, 0, 0, "", ""
	if p.ended == nil {
		p.ended = make(chan struct{})
		go p.run(p.ended)
	}
}

// count says how many packages of how many the step has done.
func (p *progress) count(done, total int) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = max(p.done, done), total
}

// build begins the step in which a go command compiles with the given folder as
// GOTMPDIR. If turn is not "", the go command starts a process that calls
// takeTurn with it before it writes to the terminal.
func (p *progress) build(folder, turn string) {
	p.step("compiling")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.builds, p.turn = folder, turn
}

// stop ends the present step and erases its line.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		close(p.ended)
		p.ended = nil
	}
	p.name = ""
	p.erase()
}

// before returns a writer to w, which is the progress's terminal. What is
// written there ends the step.
func (p *progress) before(w io.Writer) io.Writer {
	if p.out == nil {
		return w
	}
	return &endsProgress{p, w}
}

type endsProgress struct {
	p *progress
	w io.Writer
}

func (e *endsProgress) Write(text []byte) (int, error) {
	e.p.stop()
	return e.w.Write(text)
}

func (p *progress) run(ended chan struct{}) {
	select {
	case <-ended:
		return
	case <-time.After(time.Until(p.begun.Add(patience))):
	}
	for tick := time.NewTicker(redraw); ; {
		p.draw(ended)
		select {
		case <-ended:
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

func (p *progress) draw(ended chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != ended {
		return
	}
	if p.turn != "" {
		if !takeTurn(p.turn, 0) {
			return // the other process has erased the line, and writes now
		}
		defer os.Remove(p.turn)
	}
	fmt.Fprint(p.out, eraseLine+p.line())
	p.drawn = true
}

// line is shorter than a terminal's line.
func (p *progress) line() string {
	if p.builds != "" {
		packages, _ := filepath.Glob(filepath.Join(p.builds, "go-build*", "b*")) // one each
		p.done = len(packages)
	}
	s := "vimagegen: " + p.name
	switch {
	case p.total > 0 && p.done < p.total:
		s += fmt.Sprintf(", %d of %d packages", p.done, p.total)
	case p.done == 1:
		s += ", 1 package"
	case p.done > 0:
		s += fmt.Sprintf(", %d packages", p.done)
	}
	return s + fmt.Sprintf(", %d s", int(time.Since(p.begun).Seconds()))
}

// erase erases the line, under the lock.
func (p *progress) erase() {
	if !p.drawn {
		return
	}
	p.drawn = false
	if p.turn != "" {
		if !takeTurn(p.turn, 0) {
			return
		}
		defer os.Remove(p.turn)
	}
	fmt.Fprint(p.out, eraseLine)
}

// takeTurn makes a file that two processes of vimagegen agree upon, and reports
// whether it was not there: who made it may write to the terminal. The process
// that is about to become the program never removes it. It waits for so long at
// the most.
func takeTurn(file string, wait time.Duration) bool {
	for end := time.Now().Add(wait); ; time.Sleep(time.Millisecond) {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err == nil {
			f.Close()
			return true
		}
		if !os.IsExist(err) || time.Now().After(end) {
			return false
		}
	}
}
