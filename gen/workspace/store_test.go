package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTrim(t *testing.T) {
	s := store{t.TempDir()}
	now := time.Now()
	put := func(key string, age time.Duration) string {
		dir, err := s.put("mod", key, func(dir string) error {
			sub := filepath.Join(dir, "sub")
			return errors.Join(os.Mkdir(sub, 0o777), os.WriteFile(filepath.Join(sub, "file"), nil, 0o444), os.Chmod(sub, 0o555))
		})
		if err != nil {
			t.Fatal(err)
		}
		used := now.Add(-age)
		if err := os.Chtimes(dir, used, used); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	old, again, fresh := put("old", maxAge+time.Hour), put("again", maxAge+time.Hour), put("fresh", maxAge-time.Hour)
	if !s.use(again) {
		t.Error("an entry is not there")
	}
	s.trim(now)
	for dir, want := range map[string]bool{old: false, again: true, fresh: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: there is %v, want %v", filepath.Base(dir), err == nil, want)
		}
	}
	old = put("old", maxAge+time.Hour)
	s.trim(now.Add(trimEvery / 2))
	if _, err := os.Stat(old); err != nil {
		t.Error("trimmed twice within a day")
	}
	s.trim(now.Add(trimEvery * 2))
	if _, err := os.Stat(old); err == nil {
		t.Error("not trimmed after a day")
	}
}

// TestPutFails demands that nothing remains of an entry whose making fails.
func TestPutFails(t *testing.T) {
	s := store{t.TempDir()}
	want := errors.New("no")
	if _, err := s.put("mod", "key", func(dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "half"), nil, 0o666), want)
	}); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(s.root, "mod")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
