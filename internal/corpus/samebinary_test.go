package corpus

import (
	"bytes"
	"debug/elf"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSameBinary is of the smallest module; the command identity does all. What is not a number of a line is found, in
// each of the two comparisons.
func TestSameBinary(t *testing.T) {
	dir := t.TempDir()
	s, err := SameBinary(dir, Module{Path: "github.com/google/uuid", Name: "uuid"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Longer == 0 || len(s.Differ) == 0 {
		t.Errorf("%+v: lines moved nowhere", s)
	}
	bin, err := os.ReadFile(filepath.Join(dir, "program-uuid"))
	if err != nil {
		t.Fatal(err)
	}
	if err := new(Size).judge(bin, bin, bin); err != nil {
		t.Error(err)
	}
	f, err := elf.NewFile(bytes.NewReader(bin))
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{".text", ".rodata", ".data", ".gopclntab", ".go.module"} {
		other := bytes.Clone(bin)
		other[f.Section(section).Offset+177] ^= 0xff // in .go.module where the code begins
		if err := new(Size).judge(bin, bin, other); err == nil {
			t.Errorf("given: a byte of %s is another one: not found", section)
		}
		if err := new(Size).judge(bin, other, bin); err == nil && section != ".gopclntab" {
			t.Errorf("a byte of %s is another one: not found", section)
		}
	}
	// The files are as gofmt leaves them, and go vet has nothing to say of the constraints.
	vet := exec.Command("go", "vet", "-buildtag", ".")
	vet.Dir = filepath.Join(dir, "module-uuid")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}

func TestConstrain(t *testing.T) {
	for _, c := range []struct{ name, src, want, given string }{
		{
			"none", "// Package p is short.\npackage p\n",
			"//go:build !vimage\n\n// Package p is short.\npackage p\n",
			"//go:build !vimage\n\n//line :1:1\n// Package p is short.\npackage p\n",
		},
		{"license", "/* Not free.\n//go:build no */\n\npackage p\n", "//go:build !vimage\n\n/* Not free.\n//go:build no */\n\npackage p\n", ""},
		{
			"lines", "/* A // B */ // C /* D\n//go:build linux\n\npackage p\n",
			"/* A // B */ // C /* D\n//go:build !vimage && linux\n\npackage p\n", "same",
		},
		{"joined", "// License.\n\n//go:build linux\n\npackage p\n", "// License.\n\n//go:build !vimage && linux\n\npackage p\n", "same"},
		{"alternatives", "//go:build a || b\n\npackage p\n", "//go:build !vimage && (a || b)\n\npackage p\n", "same"},
		{
			"synced", "//go:build linux\n// +build linux\n\npackage p\n",
			"//go:build !vimage && linux\n// +build !vimage,linux\n\npackage p\n",
			"//go:build !vimage && linux\n// +build linux\n\npackage p\n",
		},
		{"old", "// +build linux\n\npackage p\n", "// +build linux\n\npackage p\n", "same"},
		{"in a string", "package p\n\nconst s = `\n//go:build no\n`\n", "//go:build !vimage\n\npackage p\n\nconst s = `\n//go:build no\n`\n", ""},
		{"mark", "\ufeffpackage p\n", "\ufeff//go:build !vimage\n\npackage p\n", ""},
	} {
		text, given, err := constrain(c.src)
		if err != nil || text != c.want {
			t.Errorf("%s: %q, %v", c.name, text, err)
		}
		if c.given == "same" {
			c.given = text
		}
		if c.given != "" && given != c.given {
			t.Errorf("%s: with the old numbers: %q", c.name, given)
		}
		if out, err := format.Source([]byte(c.src)); err != nil || string(out) != c.src {
			continue
		}
		if out, err := format.Source([]byte(text)); err != nil || string(out) != text {
			t.Errorf("%s: gofmt would have %q (%v)", c.name, out, err)
		}
	}
	if _, _, err := constrain("//go:build (\n\npackage p\n"); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a constraint that is none: %v", err)
	}
}
