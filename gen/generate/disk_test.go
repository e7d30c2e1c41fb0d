package generate

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// tree returns the visible files of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := goFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	return out
}

// TestKilled kills a run behind each of its steps, and lets the next run find
// what is left.
func TestKilled(t *testing.T) {
	before := map[string]string{"a.go": "old a", "b.go": "old b", "gone.go": "old", "same.go": "same"}
	after := map[string]string{"a.go": "new a", "b.go": "new b", "new.go": "new", "same.go": "same"}
	type killed struct{}
	for n := 0; ; n++ {
		dir := t.TempDir()
		for name, text := range before {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		path := func(name string) string { return filepath.Join(dir, name) }
		res := &Result{Packages: []*Package{{Dir: dir, Changes: []Change{
			{path("a.go"), []byte("old a"), []byte("new a")},
			{path("b.go"), []byte("old b"), []byte("new b")},
			{path("gone.go"), []byte("old"), nil},
			{path("new.go"), nil, []byte("new")},
		}}}}
		at, last, decided := 0, "", false
		step := func(s string) {
			last = s
			decided = decided || s == "put the journal in place"
			if at++; at > n {
				panic(killed{})
			}
		}
		done := func() (done bool) {
			defer func() {
				if e := recover(); e != nil && e != any(killed{}) {
					panic(e)
				}
			}()
			if err := Write(res, step); err != nil {
				t.Fatal(err)
			}
			return true
		}()
		if err := restore(dir); err != nil {
			t.Fatalf("killed after %q: %v", last, err)
		}
		want := before
		if decided {
			want = after
		}
		if got := tree(t, dir); !maps.Equal(got, want) {
			t.Errorf("killed after %q: %v, want %v", last, got, want)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != len(want) {
			t.Errorf("killed after %q: %v, %v", last, entries, err)
		}
		if done {
			if n < 9 {
				t.Errorf("a run has only %d steps", n)
			}
			return
		}
	}
}

// TestCannotWrite has a folder that takes no new file.
func TestCannotWrite(t *testing.T) {
	good, bad := t.TempDir(), t.TempDir()
	if err := os.Mkdir(temporaryOf(filepath.Join(bad, "x.go")), 0o777); err != nil {
		t.Fatal(err)
	}
	res := &Result{Packages: []*Package{
		{Dir: good, Changes: []Change{{filepath.Join(good, "a.go"), nil, []byte("new")}}},
		{Dir: bad, Changes: []Change{{filepath.Join(bad, "x.go"), nil, []byte("new")}}},
	}}
	if err := Write(res, nil); err == nil {
		t.Error("no error")
	}
	if entries, err := os.ReadDir(good); err != nil || len(entries) > 0 {
		t.Error(entries, err)
	}
}

func TestOrigin(t *testing.T) {
	text := sealed([]byte(headerLine + "\npackage p\n"))
	for want, src := range map[origin]string{
		ours:    string(text),
		edited:  string(text[:len(headerLine)]) + "\npackage q\n" + string(text[len(headerLine)+len("\npackage p\n"):]),
		authors: "package p\n",
	} {
		if got := originOf([]byte(src)); got != want {
			t.Errorf("%q: %v, want %v", src, got, want)
		}
	}
	if originOf([]byte(headerLine+"\npackage p\n")) != edited {
		t.Error("a file without a sum is as it was written")
	}
	crlf := ""
	for _, c := range string(text) {
		if c == '\n' {
			crlf += "\r"
		}
		crlf += string(c)
	}
	if originOf([]byte(crlf)) != ours {
		t.Error("line ends of another system count as an edit")
	}
}
