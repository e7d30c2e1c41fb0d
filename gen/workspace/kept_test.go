package workspace_test

import (
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
