package rewrite

import (
	"bytes"
	"cmp"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// An edit replaces the bytes [start, end) of a file.
type edit struct {
	start, end int
	text       string
}

// edits is the set of a file's edits. They must not overlap; those at one
// offset keep the order in which they were added.
type edits struct {
	file *token.File
	fset *token.FileSet
	src  []byte
	list []edit
	tail string // appended to the file
	// inLine: what stands in which column matters to nobody. A directive begins
	// a new base of positions, and where two bases meet in a line, the compiler
	// marks inlined calls with no-ops that it would do without.
	inLine bool
	bare   bool // lines may move: there are no directives

	copied []Span // see Patch
	bound  bool   // see Patch
}

func (e *edits) offset(p token.Pos) int { return e.file.Offset(p) }

func (e *edits) replace(start, end token.Pos, text string) {
	e.list = append(e.list, edit{e.offset(start), e.offset(end), text})
}

func (e *edits) insert(at token.Pos, text string) { e.replace(at, at, text) }

// text returns the source between two positions, for an edit to repeat it.
func (e *edits) text(start, end token.Pos) string {
	e.copied = append(e.copied, Span{e.offset(start), e.offset(end)})
	return string(e.src[e.offset(start):e.offset(end)])
}

// apply returns the edited file. What follows an edit on its line is given its
// old position by a directive.
func (e *edits) apply() ([]byte, error) {
	slices.SortStableFunc(e.list, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	var out bytes.Buffer
	at := 0
	for i, ed := range e.list {
		if ed.start < at {
			return nil, fmt.Errorf("%s: edits overlap at offset %d: %q", e.file.Name(), ed.start, ed.text)
		}
		out.Write(e.src[at:ed.start])
		out.WriteString(ed.text)
		at = ed.end
		if i+1 < len(e.list) && e.list[i+1].start == at {
			continue
		}
		dropped := strings.Count(string(e.src[ed.start:ed.end]), "\n") != strings.Count(ed.text, "\n")
		if !e.bare && (dropped || !e.inLine && e.codeFollows(at)) {
			out.WriteString(e.line(at))
		}
	}
	out.Write(e.src[at:])
	out.WriteString(e.tail)
	return out.Bytes(), nil
}

// between returns the text between two positions as the edits leave it, with
// its positions.
func (e *edits) between(start, end token.Pos) (string, error) {
	from, to := e.offset(start), e.offset(end)
	part := *e
	part.src, part.tail = e.src[:to], ""
	out, err := part.apply()
	if err != nil {
		return "", err
	}
	if e.bare {
		return string(out[from:]), nil
	}
	return e.line(from) + string(out[from:]), nil
}

// codeFollows reports whether more than a line comment stands between the
// offset and the line's end.
func (e *edits) codeFollows(at int) bool {
	rest := e.src[at:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	rest = bytes.TrimSpace(rest)
	return len(rest) > 0 && !bytes.HasPrefix(rest, []byte("//"))
}

// line spells the directive that gives the byte at the offset its position. The author's own //line directives
// are honoured: the position is the one that they give.
func (e *edits) line(at int) string {
	pos := e.fset.PositionFor(e.file.Pos(at), true)
	if pos.Column != 0 {
		return fmt.Sprintf("/*line :%d:%d*/", pos.Line, pos.Column)
	}
	name := pos.Filename
	if rel, err := filepath.Rel(filepath.Dir(e.file.Name()), name); err == nil && !strings.HasPrefix(rel, "..") {
		name = filepath.ToSlash(rel)
	}
	return fmt.Sprintf("/*line %s:%d*/", name, pos.Line)
}
