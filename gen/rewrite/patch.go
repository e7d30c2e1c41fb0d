package rewrite

import (
	"go/token"
)

// A Patch is all that Rewrite does to one file, by offsets in the author's
// text. It can be applied to another text of the file that has the same tokens,
// at other offsets: see gen/cutoff.
type Patch struct {
	Edits []Edit
	Tail  string
	// Copied are the parts of the author's text that edits repeat elsewhere.
	Copied []Span
	// Bound says that an edit holds positions of the author's text, or a part
	// of the text as another edit leaves it: the patch is for this text only.
	Bound bool
}

// An Edit replaces the bytes [Start, End).
type Edit struct {
	Start, End int
	Text       string
}

// A Span is the bytes [Start, End).
type Span struct{ Start, End int }

// Apply returns the edited text of a file. The token.File has the text's lines,
// and what its line directives say.
func (p *Patch) Apply(fset *token.FileSet, file *token.File, src []byte) ([]byte, error) {
	e := edits{file: file, fset: fset, src: src, tail: p.Tail}
	for _, ed := range p.Edits {
		e.list = append(e.list, edit{ed.Start, ed.End, ed.Text})
	}
	return e.apply()
}

// patch returns the edits as a patch.
func (e *edits) patch() *Patch {
	p := &Patch{Tail: e.tail, Copied: e.copied, Bound: e.bound}
	for _, ed := range e.list {
		p.Edits = append(p.Edits, Edit{ed.start, ed.end, ed.text})
	}
	return p
}
