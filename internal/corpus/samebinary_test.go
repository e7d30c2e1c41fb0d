package corpus

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"testing"
)

// TestAdopt is of the smallest module; the command adopted does all. What is
// not a number of a line is found, in each of the two comparisons of binaries.
func TestAdopt(t *testing.T) {
	dir := t.TempDir()
	tool, err := BuildTool("", dir)
	if err != nil {
		t.Fatal(err)
	}
	m := Module{Path: "github.com/google/uuid", Name: "uuid"}
	res, err := Adopt(Tool{Command: tool}, dir, m)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(res.Identity, res.Images, res.Size)
	if s := res.Size; s.Longer == 0 || len(s.Differ) == 0 {
		t.Errorf("%+v: lines moved nowhere", s)
	}
	for _, d := range res.Differences {
		t.Errorf("%s", d)
	}
	bin, err := os.ReadFile(filepath.Join(dir, "uuid-program.exe"))
	if err != nil {
		t.Fatal(err)
	}
	if err := new(Size).judge(bin, bin, bin); err != nil {
		t.Error(err)
	}
	if name, err := symbol(bin, m.Path, ".vnet_"); err != nil || name == "" {
		t.Errorf("the vimage build has no symbol of a container: %v", err)
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
}

func TestRenumbered(t *testing.T) {
	for _, c := range []struct{ name, old, adopted, want string }{
		{
			"none", "// P.\npackage p\n", "//go:build !vimage\n\n// P.\npackage p\n",
			"//go:build !vimage\n\n//line :1:1\n// P.\npackage p\n",
		},
		{"joined", "//go:build a\n\npackage p\n", "//go:build !vimage && a\n\npackage p\n", ""},
		{
			"old", "// L.\n\n// +build a\n\npackage p\n", "// L.\n\n// +build !vimage\n// +build a\n\npackage p\n",
			"// L.\n\n// +build !vimage\n//line :3:1\n// +build a\n\npackage p\n",
		},
		{
			"mark", "\ufeffpackage p\n", "\ufeff//go:build !vimage\n\npackage p\n",
			"\ufeff//go:build !vimage\n\n//line :1:1\npackage p\n",
		},
	} {
		if c.want == "" {
			c.want = c.adopted
		}
		if got := renumbered(c.old, c.adopted); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
