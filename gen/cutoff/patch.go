package cutoff

import (
	"cmp"
	"slices"

	"github.com/go-vimage/vimage/gen/rewrite"
)

// A Patch is a rewrite.Patch whose offsets are places among tokens.
type Patch struct {
	Edits  []Edit
	Tail   string
	Copied []Copy
}

// An Edit replaces what is between two places.
type Edit struct {
	Start, End Anchor
	Text       string
}

// A Copy is a part of the text that edits repeat: it must be the same.
type Copy struct {
	Start, End Anchor
	Text       string
}

// An Anchor is the beginning or the end of a token. Where a token follows another
// without a space, it is both, and must be both in another text too.
type Anchor struct {
	Token int32
	End   bool
	Joint bool // with the next token, whose beginning it is
}

// anchor returns the anchor of an offset; it reports false if there is none.
func (f *file) anchor(offset int) (a Anchor, ok bool) {
	next, begins := slices.BinarySearchFunc(f.tokens, offset, func(s span, at int) int {
		return cmp.Compare(s.start, at)
	})
	switch ends := next > 0 && f.tokens[next-1].end == offset; {
	case ends:
		return Anchor{int32(next - 1), true, begins}, true
	case begins:
		return Anchor{Token: int32(next)}, true
	}
	return Anchor{}, false
}

// offset is the reverse of anchor.
func (f *file) offset(a Anchor) (offset int, ok bool) {
	n := int(a.Token)
	if n < 0 || n >= len(f.tokens) {
		return 0, false
	}
	s := f.tokens[n]
	if !a.End {
		return s.start, !a.Joint
	}
	joint := n+1 < len(f.tokens) && f.tokens[n+1].start == s.end
	return s.end, joint == a.Joint
}

// anchored returns nil if an edit does not begin and end at tokens, or if the
// patch is bound to its text.
func (f *file) anchored(p *rewrite.Patch) *Patch {
	ok := !p.Bound
	at := func(offset int) Anchor {
		a, found := f.anchor(offset)
		ok = ok && found
		return a
	}
	out := &Patch{Tail: p.Tail}
	for _, e := range p.Edits {
		out.Edits = append(out.Edits, Edit{at(e.Start), at(e.End), e.Text})
	}
	for _, c := range p.Copied {
		out.Copied = append(out.Copied, Copy{at(c.Start), at(c.End), string(f.Text[c.Start:c.End])})
	}
	if !ok {
		return nil
	}
	return out
}

// placed returns nil if the file does not have such places, or other text where
// the patch copies it.
func (f *file) placed(p *Patch) *rewrite.Patch {
	ok := true
	at := func(a Anchor) int {
		offset, found := f.offset(a)
		ok = ok && found
		return offset
	}
	out := &rewrite.Patch{Tail: p.Tail}
	for _, e := range p.Edits {
		out.Edits = append(out.Edits, rewrite.Edit{Start: at(e.Start), End: at(e.End), Text: e.Text})
	}
	for _, c := range p.Copied {
		start, end := at(c.Start), at(c.End)
		ok = ok && start <= end && string(f.Text[start:end]) == c.Text
	}
	if !ok {
		return nil
	}
	return out
}
