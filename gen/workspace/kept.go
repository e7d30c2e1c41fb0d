package workspace

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
)

// Kept returns what Keep stored under a key in the cache, nil if there is
// nothing, or not all of it: a damaged entry is removed.
func Kept(root, key string) []byte {
	dir := filepath.Join(root, "result", key)
	data, err := os.ReadFile(filepath.Join(dir, "data"))
	if err != nil || !(store{root}).use(dir) {
		return nil
	}
	if n := len(data) - sha256.Size; n >= 0 {
		if sum := sha256.Sum256(data[:n]); bytes.Equal(sum[:], data[n:]) {
			return data[:n]
		}
	}
	removeAll(dir)
	return nil
}

// KeptFile returns the file with what Keep stores under a key, which is followed
// there by a checksum.
func KeptFile(root, key string) string { return filepath.Join(root, "result", key, "data") }

// Keep stores data under a key in the cache, unless there is an entry. The key
// is a file's name, and must decide the data. Several processes may keep the
// same key at once.
func Keep(root, key string, data []byte) error {
	_, err := store{root}.put("result", key, func(dir string) error {
		sum := sha256.Sum256(data)
		return os.WriteFile(filepath.Join(dir, "data"), append(data[:len(data):len(data)], sum[:]...), 0o444)
	})
	return err
}
