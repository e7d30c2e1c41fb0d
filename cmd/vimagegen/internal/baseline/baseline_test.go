package baseline

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	a, b := Key{"globals/mutable", "example.com/m", "x"}, Key{"crossing/registry", "example.com/m", "init"}
	text := Format([]Key{a, b, a})
	if want := "vimage baseline 1\ncrossing/registry example.com/m init\nglobals/mutable example.com/m x\n"; string(text) != want {
		t.Errorf("got %q, want %q", text, want)
	}
	path := filepath.Join(t.TempDir(), "baseline")
	if err := os.WriteFile(path, slices.Concat(text, []byte("# comment\n\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := Read(path)
	if want := (File{b: 2, a: 3}); err != nil || !maps.Equal(file, want) {
		t.Errorf("got %v, %v, want %v", file, err, want)
	}
}

func TestWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     ":1: not a baseline",
		"crossing/registry m init\n":           ":1: not a baseline",
		"vimage baseline 1\nglobals/x m\n":     ":2: want ANALYZER/RULE PACKAGE OBJECT",
		"vimage baseline 1\n\nglobals m x\n":   ":3: want ANALYZER/RULE PACKAGE OBJECT",
		"vimage baseline 1\nglobals/x m x y\n": ":2: want ANALYZER/RULE PACKAGE OBJECT",
	} {
		path := filepath.Join(t.TempDir(), "baseline")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
