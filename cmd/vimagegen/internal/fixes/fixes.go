// Package fixes applies findings' fixes to files.
//
// Input: findings. Output: the new contents of the files, which the caller
// writes, and the findings that are left: those without a fix, and those whose
// first fix meets that of another finding. A fix is applied whole or not at
// all. A file that was formatted is formatted afterwards too. One that would no
// longer parse is not handed back, and its findings are left.
package fixes

import (
	"bytes"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"slices"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
)

// Apply applies the first fix of each finding that has one.
func Apply(findings []gate.Finding) (files map[string][]byte, left []gate.Finding, err error) {
	accepted := map[string][]gate.Edit{} // by file, sorted
	var fixed []gate.Finding
	for _, f := range findings {
		if len(f.Fixes) == 0 || !fits(accepted, f.Fixes[0].Edits) {
			left = append(left, f)
			continue
		}
		for _, e := range f.Fixes[0].Edits {
			if !slices.Contains(accepted[e.File], e) {
				accepted[e.File] = append(accepted[e.File], e)
			}
		}
		fixed = append(fixed, f)
	}
	files = map[string][]byte{}
	broken := map[string]bool{}
	for name, edits := range accepted {
		old, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		if text, ok := edit(name, old, edits); ok {
			files[name] = text
		} else {
			broken[name] = true
		}
	}
	// A fix of several files of which one breaks is not applied to the others
	// either; what else was to be done there can be done the next time.
	for again := true; again; {
		again = false
		fixed = slices.DeleteFunc(fixed, func(f gate.Finding) bool {
			if !slices.ContainsFunc(f.Fixes[0].Edits, func(e gate.Edit) bool { return broken[e.File] }) {
				return false
			}
			left, again = append(left, f), true
			for _, e := range f.Fixes[0].Edits {
				broken[e.File] = true
				delete(files, e.File)
			}
			return true
		})
	}
	return files, gate.Sort(left), nil
}

// fits reports whether edits leave what others replace alone. An edit that two
// findings ask for is one.
func fits(accepted map[string][]gate.Edit, edits []gate.Edit) bool {
	for _, e := range edits {
		for _, other := range accepted[e.File] {
			if e != other && (e.Start < other.End && other.Start < e.End || e.Start == other.Start || e.Start > e.End) {
				return false
			}
		}
	}
	return true
}

func edit(name string, old []byte, edits []gate.Edit) ([]byte, bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b gate.Edit) int { return a.Start - b.Start })
	var text []byte
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(old) {
			return nil, false
		}
		text = append(append(text, old[at:e.Start]...), e.New...)
		at = e.End
	}
	text = append(text, old[at:]...)
	if was, err := format.Source(old); err == nil && bytes.Equal(was, old) {
		if formatted, err := format.Source(text); err == nil {
			text = formatted
		}
	}
	_, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	return text, err == nil
}
