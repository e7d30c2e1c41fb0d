package fixes

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/gate"
)

func TestApply(t *testing.T) {
	dir := t.TempDir()
	name := func(base string) string { return filepath.Join(dir, base) }
	finding := func(line int, edits ...gate.Edit) gate.Finding {
		return gate.Finding{Start: gate.Position{File: edits[0].File, Line: line}, Fixes: []gate.Fix{{Edits: edits}, {Message: "never the second"}}}
	}
	for base, text := range map[string]string{
		"a.go": "package a\n\nvar a, b = 1, 2\n",
		"b.go": "package a\nvar  c = 3\n", // not formatted, and not to become so
		"c.go": "package a\n\nvar d = 4\n",
	} {
		if err := os.WriteFile(name(base), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c := name("a.go"), name("b.go"), name("c.go")
	files, left, err := Apply([]gate.Finding{
		finding(1, gate.Edit{File: a, Start: 15, End: 16, New: "first"}),
		finding(2, gate.Edit{File: a, Start: 15, End: 16, New: "first"}), // the same edit
		finding(3, gate.Edit{File: a, Start: 15, End: 19, New: "x"}),     // meets the first
		finding(4, gate.Edit{File: a, Start: 18, End: 19, New: "second"}, gate.Edit{File: b, Start: 15, End: 16, New: "third"}),
		finding(5, gate.Edit{File: c, Start: 11, End: 14, New: "vra"}),  // no longer Go
		finding(6, gate.Edit{File: c, Start: 15, End: 16, New: "fine"}), // in the same file as what breaks
		{Start: gate.Position{File: a, Line: 7}},                        // without a fix
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{a: "package a\n\nvar first, second = 1, 2\n", b: "package a\nvar  third = 3\n"}
	for file, text := range want {
		if string(files[file]) != text {
			t.Errorf("%s: got %q, want %q", filepath.Base(file), files[file], text)
		}
	}
	if len(files) != len(want) {
		t.Errorf("%d files, want %d", len(files), len(want))
	}
	var lines []int
	for _, f := range left {
		lines = append(lines, f.Start.Line)
	}
	if len(lines) != 4 || lines[0] != 3 || lines[1] != 7 || lines[2] != 5 || lines[3] != 6 {
		t.Errorf("left: %v", lines)
	}
	if _, _, err := Apply([]gate.Finding{finding(1, gate.Edit{File: name("none.go")})}); err == nil {
		t.Error("a file that is not there was edited")
	}
}
