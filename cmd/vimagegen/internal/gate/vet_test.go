package gate

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	// The package with its tests comes beside the one without.
	got, err := parse(strings.NewReader(`{"m [m.test]": {"b": [{"category": "r:T.x", "posn": "/m/a.go:3:4", "end": "/m/a.go:3:5", "message": "z"}],
		"a": [{"posn": "/m/a.go:3:4", "end": "/m/a.go:3:4", "message": "z", "related": [{"posn": "/m/b.go:1", "end": "-", "message": "y"}]}]}}
{}
{"m": {"b": [{"category": "r:T.x", "posn": "/m/a.go:3:4", "end": "/m/a.go:3:5", "message": "z"}]}}
`))
	at := func(file string, line, column int) Position { return Position{file, line, column} }
	want := []Finding{
		{
			Analyzer: "a", Rule: "a", Package: "m", Object: "-", Start: at("/m/a.go", 3, 4), End: at("/m/a.go", 3, 4), Message: "z",
			Related: []Related{{at("/m/b.go", 1, 0), at("-", 0, 0), "y"}},
		},
		{Analyzer: "b", Rule: "r", Package: "m", Object: "T.x", Start: at("/m/a.go", 3, 4), End: at("/m/a.go", 3, 5), Message: "z"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	for text, want := range map[string]string{
		`{"m": {"a": {"error": "broken"}}}`: "a: m: broken",
		`{"m": {"a": [3]}}`:                 "what go vet -json printed",
		`{"m": `:                            "what go vet -json printed",
		"frob":                              "what go vet -json printed",
	} {
		if _, err := parse(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestPosition(t *testing.T) {
	for text, want := range map[string]Position{
		`C:\a.go:3:4`: {`C:\a.go`, 3, 4},
		`a:b.go:3`:    {`a:b.go`, 3, 0},
		"a.go":        {"a.go", 0, 0},
		"-":           {"-", 0, 0},
	} {
		if got := position(text); got != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestCompiler(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n\nimport _ \"x/y\"\n\nfunc\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"# example.com/m\n./a.go:5:1: undefined: x":                    true,
		"a.go:5:5: expected 'IDENT', found newline":                    true,
		"a.go:3:8: no required module provides package x/y":            false,
		filepath.Join(dir, "a.go") + ":3:8: package x/y is not in std": false,
		"go: go.mod file not found":                                    false,
		"package m\n\timports x: no":                                   false,
	} {
		if got := compiler(dir, text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
