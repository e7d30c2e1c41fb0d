package verdicts

import (
	"go/token"
	"os"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// files are all files of a program's file set, sorted by path.
type files struct {
	fset  *token.FileSet
	list  []*file
	index map[string]int
}

// A file is what the proof can see of one.
type file struct {
	path   string
	pos    *token.File
	text   string // what is hashed
	tokens []int  // offsets of its tokens, if the text is their canonical form; else nil
}

// newFiles returns nil if a file is there twice or cannot be read.
func newFiles(prog *load.Program) *files {
	all := &files{fset: prog.Fset, index: map[string]int{}}
	for f := range prog.Fset.Iterate {
		all.list = append(all.list, &file{path: f.Name(), pos: f})
	}
	slices.SortFunc(all.list, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	values := newValues(prog)
	for i, f := range all.list {
		if _, twice := all.index[f.path]; twice {
			return nil
		}
		all.index[f.path] = i
		switch at := prog.Files[f.path]; {
		case at == nil: // made by the cgo command
			data, err := os.ReadFile(f.path)
			if err != nil {
				return nil
			}
			f.text = string(data)
		case isFixed(at):
			f.text = string(at.Src)
		default:
			f.text, f.tokens = values.canonical(prog.Fset, at)
		}
	}
	return all
}

// isFixed reports whether a file counts by its bytes: nobody edits it, or its
// tokens are not all that is compiled.
func isFixed(f *load.File) bool {
	p := f.Package
	return f.Broken() || f.Cgo || p == nil || p.Info == nil || !Edited(p.Listed)
}

// Edited reports whether a package's files are edited in place: it is in the
// main module, or in a local folder that replaces a module.
func Edited(p *load.Listed) bool {
	m := p.Module
	if p.Standard || m == nil {
		return !p.Standard
	}
	if m.Replace != nil {
		m = m.Replace
	}
	return m.Version == ""
}

// A place is a position that lasts: the number of a file, and of a token or a
// byte in it.
type place struct{ File, At int32 }

var nowhere = place{-1, 0}

// place returns the place of a position; it reports false if there is none.
func (all *files) place(pos token.Pos) (place, bool) {
	if !pos.IsValid() {
		return nowhere, true
	}
	at := all.fset.File(pos)
	if at == nil {
		return nowhere, false
	}
	i, ok := all.index[at.Name()]
	if !ok {
		return nowhere, false
	}
	offset := at.Offset(pos)
	if tokens := all.list[i].tokens; tokens != nil {
		n, ok := slices.BinarySearch(tokens, offset)
		return place{int32(i), int32(n)}, ok
	}
	return place{int32(i), int32(offset)}, true
}

// pos returns the position of a place; it reports false if there is none.
func (all *files) pos(at place) (token.Pos, bool) {
	if at == nowhere {
		return token.NoPos, true
	}
	if at.File < 0 || int(at.File) >= len(all.list) || at.At < 0 {
		return token.NoPos, false
	}
	f := all.list[at.File]
	offset := int(at.At)
	if f.tokens != nil {
		if offset >= len(f.tokens) {
			return token.NoPos, false
		}
		offset = f.tokens[offset]
	}
	if offset > f.pos.Size() {
		return token.NoPos, false
	}
	return f.pos.Pos(offset), true
}
