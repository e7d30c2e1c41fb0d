// Package gate makes go vet run the analyzers, and collects their findings.
//
// Input: the vettool, flags and package patterns. Output: sorted findings. go
// vet runs the vettool for each package separately and in parallel, and caches
// the results.
//
// If the go command cannot load or compile a package, its message is the error.
// A finding whose category has no key, which is no analyzer's of ours, gets its
// file as the key.
package gate

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
)

// A Finding is one diagnostic.
type Finding struct {
	Analyzer string
	Rule     string // without its analyzer
	Package  string
	Object   string
	Start    Position
	End      Position // equal to Start where the analyzer names no end
	Message  string
	Related  []Related
	Fixes    []Fix
}

// A Position is a place in a file. Line and column count from 1, columns in
// bytes; 0 stands for unknown.
type Position struct {
	File         string // absolute
	Line, Column int
}

// Related is a place that has to do with a finding.
type Related struct {
	Start, End Position
	Message    string
}

// A Fix solves a finding.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes of a file from Start up to End.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// ID is the rule's name with its analyzer's.
func (f *Finding) ID() string { return f.Analyzer + "/" + f.Rule }

// Key is what a baseline knows the finding by.
func (f *Finding) Key() baseline.Key {
	return baseline.Key{Rule: f.ID(), Package: f.Package, Object: f.Object}
}

// Sort puts findings into order, and drops those that came twice: a file's
// package is looked at with and without its tests.
func Sort(findings []Finding) []Finding {
	slices.SortFunc(findings, compare)
	return slices.CompactFunc(findings, func(a, b Finding) bool { return compare(a, b) == 0 })
}

func compare(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Start.File, b.Start.File),
		cmp.Compare(a.Start.Line, b.Start.Line),
		cmp.Compare(a.Start.Column, b.Start.Column),
		strings.Compare(a.ID(), b.ID()),
		strings.Compare(a.Message, b.Message),
		strings.Compare(a.Object, b.Object),
		strings.Compare(a.Package, b.Package),
	)
}

// Short spells a file's path as seen from a directory, if that is shorter.
func Short(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && len(rel) < len(file) {
		return rel
	}
	return file
}
