// Package baseline reads and spells baselines: files of findings that are known
// and not asked for again.
//
// A baseline is text, a line for each finding, sorted: its rule, its package
// and what it is about. Lines of source do not stand in it, so that it stays
// true when code moves.
//
//	vimage baseline 1
//	crossing/registry example.com/server register
//
// The first line says what the file is. A line that begins with # is a comment,
// which writing anew drops.
package baseline

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

const header = "vimage baseline 1"

// A Key tells findings apart without lines.
type Key struct {
	Rule    string // with its analyzer: crossing/registry
	Package string
	Object  string
}

func (k Key) String() string { return k.Rule + " " + k.Package + " " + k.Object }

// Compare orders keys as a baseline does.
func Compare(a, b Key) int { return strings.Compare(a.String(), b.String()) }

// A File is a baseline that was read: its keys, and the line of each.
type File map[Key]int

// Read reads a baseline.
func Read(path string) (File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	if strings.TrimSpace(lines[0]) != header {
		return nil, fmt.Errorf("%s:1: not a baseline: its first line is not %q", path, header)
	}
	file := File{}
	for i, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) != 3 || !strings.Contains(f[0], "/") {
			return nil, fmt.Errorf("%s:%d: want ANALYZER/RULE PACKAGE OBJECT", path, i+2)
		}
		file[Key{f[0], f[1], f[2]}] = i + 2
	}
	return file, nil
}

// Format spells a baseline.
func Format(keys []Key) []byte {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, Compare)
	var b bytes.Buffer
	fmt.Fprintln(&b, header)
	for _, k := range slices.Compact(keys) {
		fmt.Fprintln(&b, k)
	}
	return b.Bytes()
}
