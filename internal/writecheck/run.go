package writecheck

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Name is a package-level variable's.
type Name struct{ Package, Name string }

func (n Name) String() string { return n.Package + "." + n.Name }

// A Frame is a call of a stack.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// A Write is one way in which a variable's memory was written.
type Write struct {
	Kind  Kind    `json:"kind"`
	Depth int     `json:"depth"`           // 0: the variable itself; else how many pointers away
	Via   string  `json:"via,omitempty"`   // the last symbol on the way, if it is another than the variable
	Bytes uint64  `json:"bytes"`           // size of the piece of memory
	Off   uint64  `json:"offset"`          // of the write in it
	Stack []Frame `json:"stack,omitempty"` // innermost first; empty if not known
}

// Seen is what one run of a program showed.
type Seen struct {
	Writes    map[Name][]Write // of all variables that are in the program; empty if none was seen
	Objects   int              // pieces of memory that were watched
	Processes int              // the program may start itself
	Dropped   uint64           // writes whose stack could not be kept
	Output    []byte
	Err       error // how the program ended, if not well; what was seen until then is seen
}

// Add adds what another run of the same program showed.
func (s *Seen) Add(o *Seen) {
	for v, writes := range o.Writes {
		s.Writes[v] = append(s.Writes[v], writes...)
	}
	s.Objects += o.Objects
	s.Processes += o.Processes
	s.Dropped += o.Dropped
	s.Output = append(s.Output, o.Output...)
	s.Err = cmp.Or(s.Err, o.Err)
}

// Run starts the program and watches the variables. It may be called for one
// program several times at once.
func (p *Program) Run(ctx context.Context, vars []Name, dir string, env []string, args ...string) (*Seen, error) {
	main := cmp.Or(p.target.Main, p.target.Package)
	if p.target.Test {
		main = "" // generated
	}
	file := fmt.Sprintf("%s.table%d", p.File, p.runs.Add(1))
	t, err := newTable(p.File, file, main, vars)
	if err != nil {
		return nil, err
	}
	defer os.Remove(t.file)
	if env == nil {
		env = os.Environ()
	}
	cmd := exec.CommandContext(ctx, p.File, args...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	cmd.Env = append(slices.Clone(env), "VIMAGE_WRITES="+t.file)
	seen := &Seen{Writes: map[Name][]Write{}}
	seen.Output, seen.Err = cmd.CombinedOutput()
	files, _ := filepath.Glob(t.file + ".*")
	var results []*result
	for _, file := range files {
		defer os.Remove(file)
		r, err := readResult(file)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
		seen.Objects += len(r.objects)
		seen.Dropped += r.dropped
	}
	seen.Processes = len(results)
	if len(results) == 0 {
		return nil, fmt.Errorf("%s left no result: %w\n%s", p.File, cmp.Or(seen.Err, errors.New("it does not know the table")), seen.Output)
	}
	frames, err := p.symbolize(ctx, results)
	if err != nil {
		return nil, err
	}
	for v, sym := range t.vars {
		seen.Writes[v] = nil
		for _, r := range results {
			seen.Writes[v] = append(seen.Writes[v], t.writes(r, sym, frames)...)
		}
	}
	return seen, nil
}

// writes lists what was written of what can be reached from a variable, nearest
// first.
func (t *table) writes(r *result, sym int, frames map[uint64][]Frame) (all []Write) {
	order, from := r.reached(sym)
	for _, i := range order {
		o := r.objects[i]
		if o.Kinds == 0 {
			continue
		}
		w := Write{Bytes: o.Size, Off: o.Diff, Kind: Compared}
		for at := i; from[at] != at; at = from[at] {
			w.Depth++
			if s := r.objects[at].Sym; s != 0 && w.Via == "" {
				w.Via = t.symbols[s-1].name
			}
		}
		n := len(all)
		for _, h := range r.hits[i] {
			w.Kind, w.Off, w.Stack = Kind(h.Kind), h.Off, nil
			for _, pc := range h.PCs[:h.N] {
				w.Stack = append(w.Stack, frames[pc]...)
			}
			w.Stack = slices.DeleteFunc(w.Stack, func(f Frame) bool { return hook(f.Func) })
			all = append(all, w)
		}
		if len(all) == n {
			all = append(all, w)
		}
	}
	return all
}

// hook reports whether a function is one of ours, which are innermost on every
// stack.
func hook(fn string) bool {
	return strings.HasPrefix(fn, "runtime.wc") || fn == "runtime.msanwrite" || fn == "runtime.msanmove"
}

// symbolize asks the program which lines its program counters stand for: it
// knows best.
func (p *Program) symbolize(ctx context.Context, results []*result) (map[uint64][]Frame, error) {
	pcs := map[uint64]bool{}
	for _, r := range results {
		for _, hits := range r.hits {
			for _, h := range hits {
				for _, pc := range h.PCs[:h.N] {
					pcs[pc] = true
				}
			}
		}
	}
	list := slices.Sorted(maps.Keys(pcs))
	var in bytes.Buffer
	for _, pc := range list {
		in.Write(binary.NativeEndian.AppendUint64(nil, pc))
	}
	file := fmt.Sprintf("%s.pcs%d", p.File, p.runs.Add(1))
	if err := os.WriteFile(file, in.Bytes(), 0o666); err != nil {
		return nil, err
	}
	defer os.Remove(file)
	cmd := exec.CommandContext(ctx, p.File)
	cmd.Env = append(os.Environ(), "VIMAGE_WRITES_PCS="+file)
	out, err := cmd.Output()
	lines := strings.Split(string(out), "\n")
	if err != nil || len(lines) != len(list)+1 {
		return nil, fmt.Errorf("%s: cannot tell lines (%d of %d): %w", p.File, len(lines)-1, len(list), err)
	}
	frames := map[uint64][]Frame{}
	for i, pc := range list {
		for f := strings.Split(lines[i], "\t"); len(f) >= 3; f = f[3:] {
			line, _ := strconv.Atoi(f[2])
			frames[pc] = append(frames[pc], Frame{f[0], f[1], line})
		}
	}
	return frames, nil
}
