package cutoff

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/go-vimage/vimage/gen/rewrite"
)

// A Base is what is kept of a program to rewrite another one's files by.
type Base struct {
	Made string // names what was made of the program, for the caller
	// Files are the program's sources.
	Files []Old
}

// An Old is a source of the earlier program.
type Old struct {
	Sum   [sha256.Size]byte // of its text
	Bound bool              // what is made of another text cannot be told from this
	Patch *Patch            // nil if the file is not rewritten
	Held  []Line            // whose tokens must not move
}

// A Line is one that a message or a generated file names, with what begins there.
type Line struct {
	Number  int
	Columns bool // are named too
	Tokens  []At
}

// An At is the number of a token, or of a comment that counts, and its column.
type At struct {
	Comment bool
	N       int32
	Column  int // 0 if it is not named
}

// NewBase returns the Base of a program. Files are what was made, by path;
// patches those of them that are rewritten sources; texts all that may name
// lines of sources.
func NewBase(
	p *Program, made string, files map[string][]byte, patches map[string]*rewrite.Patch, texts []string,
) *Base {
	b := &Base{Made: made}
	named := lines(texts)
	for _, f := range p.files {
		old := Old{Sum: sha256.Sum256(f.Text), Bound: f.fixed}
		text, isMade := files[f.Path]
		if patch := patches[f.Path]; patch != nil {
			out, err := patch.Apply(f.fset, f.pos, f.Text)
			old.Patch = f.anchored(patch)
			old.Bound = old.Bound || old.Patch == nil || err != nil || !bytes.Equal(out, text)
		} else if isMade {
			old.Bound = true
		}
		base := filepath.Base(f.Path)
		old.Bound = old.Bound || !plain.MatchString(base)
		for _, held := range named[base] {
			held.Tokens = f.begin(held)
			old.Held = append(old.Held, held)
			old.Bound = old.Bound || len(held.Tokens) == 0
		}
		b.Files = append(b.Files, old)
	}
	return b
}

// Rewrite returns the rewritten files of a program whose ValueKey is that of the
// Base's, as far as they differ, and the paths of all sources that do. An error
// says which of them cannot be told from the Base, and why.
func (b *Base) Rewrite(p *Program) (files map[string][]byte, edited []string, err error) {
	if len(b.Files) != len(p.files) {
		return nil, nil, errors.New("another number of files")
	}
	files = map[string][]byte{}
	for i, f := range p.files {
		old := &b.Files[i]
		if sha256.Sum256(f.Text) == old.Sum {
			continue
		}
		if err := old.rewrite(f, files); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		edited = append(edited, f.Path)
	}
	return files, edited, nil
}

// rewrite adds the rewritten file of an edited source.
func (o *Old) rewrite(f *file, files map[string][]byte) error {
	if o.Bound || f.fixed {
		return errors.New("what is made of it depends on all of its text")
	}
	for _, l := range o.Held {
		if !slices.Equal(f.begin(l), l.Tokens) {
			return fmt.Errorf("a message names line %d, and the edit moves what is there", l.Number)
		}
	}
	if o.Patch == nil {
		return nil
	}
	patch := f.placed(o.Patch)
	if patch == nil {
		return errors.New("the edit is where the rewriter has one")
	}
	out, err := patch.Apply(f.fset, f.pos, f.Text)
	files[f.Path] = out
	return err
}

// plain matches the names of files that place finds in a text as a whole.
var plain = regexp.MustCompile(`^[^/\\\s"(]+\.go$`)

// place matches a file and a line, as messages and generated files name them,
// with a column or without.
var place = regexp.MustCompile(`([^/\\\s"(]+\.go):([0-9]+)(:[0-9])?`)

// lines returns the lines of files that texts name, by the files' base names.
func lines(texts []string) map[string][]Line {
	out := map[string][]Line{}
	for _, text := range texts {
		for _, m := range place.FindAllStringSubmatch(text, -1) {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				n = 0 // no token begins there
			}
			same := func(l Line) bool { return l.Number == n && l.Columns == (m[3] != "") }
			if !slices.ContainsFunc(out[m[1]], same) {
				out[m[1]] = append(out[m[1]], Line{Number: n, Columns: m[3] != ""})
			}
		}
	}
	return out
}

// begin lists the tokens and the comments that begin on a line.
func (f *file) begin(line Line) (out []At) {
	for k, list := range [][]span{f.tokens, f.marks} {
		for n, s := range list {
			at := f.fset.PositionFor(f.pos.Pos(s.start), false)
			if at.Line != line.Number {
				continue
			}
			if !line.Columns {
				at.Column = 0
			}
			out = append(out, At{k == 1, int32(n), at.Column})
		}
	}
	return out
}
