package vettool

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestID changes what results depend on, a piece at a time, and wants each
// seen; what they do not depend on is not to be.
func TestID(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.work":      "go 1.26\n\nuse ./main\n\nuse ./other\n\nreplace example.com/c => ./c\n",
		"main/go.mod":  "module example.com/m\n\ngo 1.26\n\nreplace example.com/r => ../replaced\n\nreplace example.com/s => example.com/t v1.0.0\n",
		"main/p/p.go":  "package p\n",
		"other/go.mod": "module example.com/o\n\ngo 1.26\n",
	})
	known := filepath.Join(dir, "known")
	env := []string{"GOWORK=", Baseline + "=" + known}
	write(t, dir, map[string]string{"known": "vimage baseline 1\n"})
	id := func() string {
		t.Helper()
		id, err := ID(filepath.Join(dir, "main", "p"), env)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	seen := []string{id()}
	for _, change := range []map[string]string{
		{"main/vimage.settings": "virtual x.y\n"},
		{"main/vimage.settings": "virtual x.z\n"},
		{"other/vimage.settings": "virtual x.y\n"},
		{"replaced/vimage.settings": "virtual x.y\n"},
		{"c/vimage.settings": "virtual x.y\n"},
		{"vimage.settings": "virtual x.y\n"},
		{"known": "vimage baseline 1\na/b c d\n"},
	} {
		write(t, dir, change)
		now := id()
		if slices.Contains(seen, now) {
			t.Errorf("%v: not seen", change)
		}
		seen = append(seen, now)
	}
	write(t, dir, map[string]string{"elsewhere/vimage.settings": "virtual x.y\n"})
	if now := id(); now != seen[len(seen)-1] {
		t.Error("settings of none of the modules were seen")
	}
	env[0] = "GOWORK=off"
	if roots, err := Settings(filepath.Join(dir, "main", "p"), env); err != nil || len(roots) != 2 {
		t.Errorf("without the workspace: %v, %v", roots, err)
	}
	write(t, dir, map[string]string{"replaced/vimage.settings": "shared\n"})
	if _, err := ID(filepath.Join(dir, "main"), env); err == nil || !strings.Contains(err.Error(), "vimage.settings:1: ") {
		t.Errorf("settings that make no sense: %v", err)
	}
}

func TestCalled(t *testing.T) {
	for line, want := range map[string]bool{
		"-V=full":               true,
		"-flags":                true,
		"/b/vet.cfg":            true,
		"-json /b/vet.cfg":      true,
		"run . x.cfg":           false,
		"vet -flags":            false,
		"-flags x":              false,
		"":                      false,
		"vet":                   false,
		"-globals=false /b.cfg": true,
	} {
		if got := Called(strings.Fields(line)); got != want {
			t.Errorf("%s: %t", line, got)
		}
	}
}
