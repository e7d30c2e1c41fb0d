package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	maxAge    = 10 * 24 * time.Hour // of an entry that nobody uses
	trimEvery = 24 * time.Hour
	freshness = time.Hour // an entry's time of use is this exact, to spare writes
)

// A store is a directory of entries that never change once they are there. An
// entry is a directory kind/key; its modification time says when it was last
// used.
type store struct{ root string }

// put returns the directory of an entry and makes it by fill, in a directory
// beside its place, if it is not there. Several processes may put the same
// entry: the first rename stays.
func (s store) put(kind, key string, fill func(dir string) error) (string, error) {
	dir := filepath.Join(s.root, kind, key)
	if s.use(dir) {
		return dir, nil
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(parent, ".tmp-")
	if err != nil {
		return "", err
	}
	defer removeAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return "", err
	}
	if err := fill(tmp); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, dir); err != nil && !s.use(dir) {
		return "", err
	}
	return dir, nil
}

// use reports whether an entry exists, and notes that it is used.
func (s store) use(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	if now := time.Now(); now.Sub(info.ModTime()) > freshness {
		os.Chtimes(dir, now, now) // its failure only means an earlier removal
	}
	return true
}

// file puts one file's content and returns its path, whose last element is
// base: the go command's tools show it where no directive says otherwise.
func (s store) file(base string, content []byte) (string, error) {
	key := digest(content, []byte(base))
	dir, err := s.put(filepath.Join("file", key[:2]), key, func(dir string) error {
		return os.WriteFile(filepath.Join(dir, base), content, 0o444)
	})
	return filepath.Join(dir, base), err
}

// trim removes the entries that have not been used for maxAge. It does nothing
// if it was done less than trimEvery ago, and what it cannot remove it leaves:
// a cache that grows is no reason to fail.
func (s store) trim(now time.Time) {
	mark := filepath.Join(s.root, "trim.txt")
	if info, err := os.Stat(mark); err == nil && now.Sub(info.ModTime()) < trimEvery {
		return
	}
	if os.WriteFile(mark, nil, 0o666) != nil {
		return
	}
	os.Chtimes(mark, now, now)
	for _, pattern := range []string{"file/*/*", "mod/*", "exe/*", "result/*", "*/.tmp-*", "file/*/.tmp-*"} {
		entries, _ := filepath.Glob(filepath.Join(s.root, pattern))
		for _, dir := range entries {
			if info, err := os.Stat(dir); err == nil && now.Sub(info.ModTime()) > maxAge {
				removeAll(dir)
			}
		}
	}
}

// removeAll is os.RemoveAll for trees whose directories are read-only.
func removeAll(dir string) error {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o755)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// digest returns a name for a sequence of byte strings.
func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256(p)
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// Root returns the directory of the cache: dir if it is not empty, else
// VIMAGECACHE of the environment, else vimage in the user's cache directory.
func Root(dir string, env []string) (string, error) {
	if dir == "" {
		dir = lookupEnv(env, "VIMAGECACHE")
	}
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(base, "vimage")
	}
	if !filepath.IsAbs(dir) {
		return "", errors.New("the cache directory (VIMAGECACHE) must be an absolute path")
	}
	return filepath.Clean(dir), nil
}

// Clean removes the whole cache.
func Clean(root string) error { return removeAll(root) }
