package stacks

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Group is the goroutines that have the same stack and state.
type Group struct {
	Count   int     `json:"count"`
	State   string  `json:"state,omitempty"`   // chan receive, select, IO wait; unknown in a profile
	Minutes int     `json:"minutes,omitempty"` // that the one waiting longest has waited, if known
	Frames  []Frame `json:"frames"`            // innermost first
	Creator *Frame  `json:"creator,omitempty"` // the go statement
}

// A Frame is a call.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// Parse reads a text and groups what is in it.
func Parse(text string) []Group {
	groups := []Group{}
	index := map[string]int{}
	for block := range strings.SplitSeq(text, "\n\n") {
		g := parse(block)
		if g.Count == 0 {
			continue
		}
		key := g.key()
		i, ok := index[key]
		if !ok {
			index[key] = len(groups)
			groups = append(groups, g)
			continue
		}
		groups[i].Count += g.Count
		groups[i].Minutes = max(groups[i].Minutes, g.Minutes)
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Compare(b.Count, a.Count) })
	return groups
}

func (g *Group) key() string {
	var b strings.Builder
	b.WriteString(g.State)
	frames := g.Frames
	if g.Creator != nil {
		frames = append(frames[:len(frames):len(frames)], *g.Creator)
	}
	for _, f := range frames {
		b.WriteString("\n" + f.Func + " " + f.File + ":" + strconv.Itoa(f.Line))
	}
	return b.String()
}

// parse reads a block: of one goroutine, or of a profile's entry.
func parse(block string) (g Group) {
	lines := strings.Split(strings.Trim(block, "\n"), "\n")
	for len(lines) > 0 { // the first block of a profile has a line above
		head := lines[0]
		lines = lines[1:]
		if state, ok := goroutine(head); ok {
			g.Count = 1
			g.setState(state)
			g.traceback(lines)
			return g
		}
		if n, _, ok := strings.Cut(head, " @"); ok {
			if count, err := strconv.Atoi(n); err == nil {
				g.Count = count
				g.entry(lines)
				return g
			}
		}
	}
	return g
}

// goroutine returns the state in a line: goroutine 7 gp=0xc000 m=nil [select, 3
// minutes]:
func goroutine(line string) (state string, ok bool) {
	if !strings.HasPrefix(line, "goroutine ") || !strings.HasSuffix(line, "]:") {
		return "", false
	}
	_, state, ok = strings.Cut(strings.TrimSuffix(line, "]:"), "[")
	return state, ok
}

func (g *Group) setState(text string) {
	var kept []string
	for part := range strings.SplitSeq(text, ", ") {
		n, ok := strings.CutSuffix(part, " minutes")
		if minutes, err := strconv.Atoi(n); ok && err == nil {
			g.Minutes = minutes
			continue
		}
		kept = append(kept, part)
	}
	g.State = strings.Join(kept, ", ")
}

// traceback reads pairs of lines: a function with its arguments, then a tab, a
// file, a line and an offset.
func (g *Group) traceback(lines []string) {
	for i := 0; i+1 < len(lines); i++ {
		f := Frame{Func: lines[i]}
		if !f.place(lines[i+1]) {
			continue // ...additional frames elided...
		}
		i++
		if creator, ok := strings.CutPrefix(f.Func, "created by "); ok {
			f.Func, _, _ = strings.Cut(creator, " in goroutine ")
			g.Creator = &f
			continue
		}
		f.Func = withoutArguments(f.Func)
		g.Frames = append(g.Frames, f)
	}
}

// withoutArguments cuts the last parentheses off: main.(*T).f(0x1, {0x2, 0x3}).
func withoutArguments(name string) string {
	if !strings.HasSuffix(name, ")") {
		return name
	}
	if i := strings.LastIndexByte(name, '('); i > 0 {
		return name[:i]
	}
	return name
}

// place reads file and line: a tab, then /f.go:12 +0x3f.
func (f *Frame) place(line string) bool {
	line, ok := strings.CutPrefix(line, "\t")
	if !ok {
		return false
	}
	if i := strings.LastIndex(line, " +0x"); i >= 0 {
		line = line[:i]
	}
	i := strings.LastIndexByte(line, ':')
	if i < 0 {
		return false
	}
	n, err := strconv.Atoi(line[i+1:])
	f.File, f.Line = line[:i], n
	return err == nil
}

// entry reads lines of a profile: #, an address, function+offset, file:line,
// with tabs.
func (g *Group) entry(lines []string) {
	parts := regexp.MustCompile(`^#\t0x[0-9a-f]+\t(.+)\+0x[0-9a-f]+\s+(.+):(\d+)$`)
	for _, line := range lines {
		if m := parts.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[3]) // digits; one too large is no line
			g.Frames = append(g.Frames, Frame{m[1], m[2], n})
		}
	}
}
