package objfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const source = `package p

import "unsafe"

var zero, one = 0, 1

var text, pointer = "a", unsafe.Pointer(&one)

var free *int

func F(n int) int { zero += n; text += "bc"; free = &n; return G(n) }

func G(n int) int
`

const assembly = `
TEXT ·G(SB), 4, $0-16
	MOVQ n+0(FP), AX
	ADDQ $7, AX
	MOVQ AX, ret+8(FP)
	RET
`

func compile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module p\n\ngo 1.26\n", "p.go": source, "g_amd64.s": assembly} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "list", "-export", "-f", "{{.Export}}")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOARCH=amd64", "GOFLAGS=", "CGO_ENABLED=0", "PWD="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestRead holds the numbers of kinds and blocks against what this toolchain
// makes of variables whose kinds are known.
func TestRead(t *testing.T) {
	members, err := Read(compile(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Kind{
		"p.zero": NoPtrBSS, "p.one": NoPtrData, "p.text": Data, "p.pointer": Data, "p.free": BSS, "p.F": Text, "p.G": Text,
	}
	found := map[string]*Symbol{}
	for _, m := range members {
		for _, s := range m.Symbols {
			if s.Kind.IsText() && (s.Name == "p.F" && len(s.Tables) == 0 || s.Info == nil) {
				t.Errorf("%s: %d tables, info %x", s.Name, len(s.Tables), s.Info)
			}
			if s.Name == "p.G" && m.Name == "_go_.o" {
				continue // the wrapper
			}
			if k, ok := want[s.Name]; ok {
				found[s.Name] = s
				if s.Kind != k {
					t.Errorf("%s is %s, want %s", s.Name, s.Kind, k)
				}
			}
		}
	}
	for name := range want {
		if found[name] == nil {
			t.Fatalf("no %s", name)
		}
	}
	if s := found["p.one"]; s.Size != 8 || s.Data[0] != 1 {
		t.Errorf("one: %d bytes, %x", s.Size, s.Data)
	}
	if r := found["p.pointer"].Relocs; len(r) != 1 || r[0].Sym != "p.one" || r[0].Def != found["p.one"] {
		t.Errorf("pointer: %v", r)
	}
	var calls []string
	for _, r := range found["p.F"].Relocs {
		calls = append(calls, r.Sym)
	}
	for _, name := range []string{"p.zero", "p.text", "p.free", "p.G", `go:string."bc"`} {
		if !strings.Contains(strings.Join(calls, "\n"), name) {
			t.Errorf("F does not refer to %s but %q", name, calls)
		}
	}
	if f := found["p.F"]; f.Line != 11 || filepath.Base(f.File) != "p.go" {
		t.Errorf("F begins at %s:%d", f.File, f.Line)
	}
}

func TestDamaged(t *testing.T) {
	good, err := os.ReadFile(compile(t))
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(good), magic, "\x00go999ld", 1)
	for name, bad := range map[string]string{
		"not an archive": "ELF", "damaged archive": string(good[:len(good)/2]), "another format": other,
		"damaged object": strings.Replace(string(good), magic+string(good[strings.Index(string(good), magic)+8:][:40]), magic+strings.Repeat("\xff", 40), 1),
	} {
		if _, err := parse([]byte(bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	cut := strings.LastIndex(string(good), "`\n") // the last member's header
	if _, err := parse(good[:cut-30]); err != nil && !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}
