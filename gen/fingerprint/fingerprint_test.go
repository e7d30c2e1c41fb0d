package fingerprint_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/gen/fingerprint"
)

// Sequences of words that read alike when they are joined differ.
func TestWords(t *testing.T) {
	seen := map[string]int{}
	for i, words := range [][]string{nil, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"a b"}, {"1 a"}, {"a", "1 b"}} {
		h := fingerprint.New()
		h.Words("w", words...)
		if j, ok := seen[h.String()]; ok {
			t.Errorf("sequences %d and %d have one fingerprint", j, i)
		}
		seen[h.String()] = i
	}
	a, b := fingerprint.New(), fingerprint.New()
	a.Words("x", "1")
	b.Words("y", "1")
	if a.String() == b.String() {
		t.Error("kinds do not count")
	}
}

// A tree's fingerprint follows the sources in it, and nothing else.
func TestTree(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sum := func() string {
		t.Helper()
		h := fingerprint.New()
		if err := h.Tree(dir); err != nil {
			t.Fatal(err)
		}
		return h.String()
	}
	last := sum()
	for _, step := range []struct {
		name, text string
		counts     bool
	}{
		{"go.mod", "module m\n", true},
		{"a.go", "package a\n", true},
		{"a.go", "package b\n", true},
		{"a.go", "package b\n", false},
		{"sub/b.go", "", true},
		{"sub/x.s", "// x\n", true},
		{"sub/go.mod", "module m/sub\n", true},
		{"vendor/modules.txt", "# m\n", true},
		{"data.txt", "1", false},
		{"data.txt", "2", false},
		{".git/x.go", "package x\n", false},
		{"_skipped/x.go", "package x\n", true}, // no pattern matches it, but an import path may
	} {
		write(step.name, step.text)
		if now := sum(); (now != last) != step.counts {
			t.Errorf("%s with %q: the fingerprint changed: %t", step.name, step.text, now != last)
		} else {
			last = now
		}
	}
	if err := os.Rename(filepath.Join(dir, "a.go"), filepath.Join(dir, "c.go")); err != nil {
		t.Fatal(err)
	}
	if sum() == last {
		t.Error("a new name is not noticed")
	}
}

// A file that comes to exist is noticed; no file is no error.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.work")
	sum := func() string {
		h := fingerprint.New()
		if err := h.Files([]string{path, "", os.DevNull, "off", path}); err != nil {
			t.Fatal(err)
		}
		return h.String()
	}
	before := sum()
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if sum() == before {
		t.Error("a new file is not noticed")
	}
}
