package archives

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "one.txtar")
	if err := os.WriteFile(path, []byte("# comment\n-- in --\na\n-- want/x --\nold\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	*update = true
	defer func() { *update = false }()
	a := Read(t, path)
	a.Want(t, "log", "b\n")
	a.WantFiles(t, []txtar.File{{Name: "y", Data: []byte("new\n")}})
	got, err := os.ReadFile(path)
	if want := "# comment\n-- in --\na\n-- log --\nb\n-- want/y --\nnew\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	*update = false
	Each(t, path, func(t *testing.T, a *Archive) {
		a.Want(t, "log", "b\n")
		a.WantFiles(t, []txtar.File{{Name: "y", Data: []byte("new\n")}})
		a.Unpack(t, filepath.Dir(path), "log")
	})
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "log")); err == nil {
		t.Error("log is unpacked")
	}
	if text, err := os.ReadFile(filepath.Join(filepath.Dir(path), "want/y")); string(text) != "new\n" {
		t.Error(string(text), err)
	}
}

func TestShort(t *testing.T) {
	for text, want := range map[string]bool{
		"# x\nshort\nload .\n": true, "# short\n": false, "shorter\n": false, "": false,
	} {
		if got := (&Archive{txtar.Parse([]byte(text)), ""}).Short(); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestDiffers gives Want and WantFiles what an archive does not have.
func TestDiffers(t *testing.T) {
	for name, check := range map[string]func(*testing.T, *Archive){
		"text":  func(t *testing.T, a *Archive) { a.Want(t, "log", "c\n") },
		"extra": func(t *testing.T, a *Archive) { a.Want(t, "none", "c\n") },
		"file":  func(t *testing.T, a *Archive) { a.WantFiles(t, []txtar.File{{Name: "y", Data: []byte("c\n")}}) },
		"fewer": func(t *testing.T, a *Archive) { a.WantFiles(t, nil) },
	} {
		a := &Archive{txtar.Parse([]byte("-- log --\nb\n-- want/y --\nd\n")), "x.txtar"}
		inner := new(testing.T)
		check(inner, a)
		if !inner.Failed() {
			t.Errorf("%s: a difference passes", name)
		}
	}
}
