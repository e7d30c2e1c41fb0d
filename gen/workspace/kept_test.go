package workspace_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-vimage/vimage/gen/workspace"
)

// Keep leaves what is there, Replace does not, and damaged data is not found.
func TestKept(t *testing.T) {
	root := t.TempDir()
	want := func(data string) {
		t.Helper()
		if got := string(workspace.Kept(root, "k")); got != data {
			t.Errorf("kept %q, want %q", got, data)
		}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	want("")
	check(workspace.Replace(root, "k", []byte("a")))
	want("a")
	check(workspace.Keep(root, "k", []byte("b")))
	want("a")
	check(workspace.Replace(root, "k", []byte("c")))
	want("c")
	file := workspace.KeptFile(root, "k")
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("%v (%v)", entries, err)
	}
	check(os.Remove(file))
	check(os.WriteFile(file, []byte("damaged, and longer than a checksum is, which has 32 bytes"), 0o666))
	want("")
	check(workspace.Replace(root, "k", []byte("d")))
	want("d")
}

// An entry that is truncated, has a byte changed, or was made for another key
// is no entry, and can be stored again.
func TestKeptDamaged(t *testing.T) {
	root := t.TempDir()
	data := []byte("some data")
	keep := func(key string) {
		t.Helper()
		if err := workspace.Keep(root, key, data); err != nil {
			t.Fatal(err)
		}
		if got := workspace.Kept(root, key); !bytes.Equal(got, data) {
			t.Fatalf("%s: got %q", key, got)
		}
	}
	keep("a")
	keep("b")
	file := workspace.KeptFile(root, "a")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := [][]byte{nil, whole[:len(whole)-1], append(bytes.Clone(whole), 0)}
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		bad = append(bad, flipped)
	}
	for _, content := range bad {
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := workspace.Kept(root, "a"); got != nil {
			t.Errorf("%q is taken for %q", content, got)
		}
		keep("a")
	}
	from, to := filepath.Dir(workspace.KeptFile(root, "b")), filepath.Dir(workspace.KeptFile(root, "c"))
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	if got := workspace.Kept(root, "c"); got != nil {
		t.Errorf("another key's entry is taken for %q", got)
	}
}
