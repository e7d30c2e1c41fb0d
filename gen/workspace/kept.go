package workspace

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Kept returns what Keep stored under a key in the cache, nil if there is
// nothing, or not all of it: an entry that is damaged, or that was stored under
// another key, is removed.
func Kept(root, key string) []byte {
	dir := filepath.Join(root, "result", key)
	data, err := os.ReadFile(filepath.Join(dir, "data"))
	if err != nil || !(store{root}).use(dir) {
		return nil
	}
	if n := len(data) - sha256.Size; n >= 0 {
		if bytes.Equal(checksum(key, data[:n]), data[n:]) {
			return data[:n]
		}
	}
	removeAll(dir)
	return nil
}

// KeptFile returns the file with what Keep stores under a key, which is
// followed there by a checksum.
func KeptFile(root, key string) string { return filepath.Join(root, "result", key, "data") }

// Keep stores data under a key in the cache, unless there is an entry. The key
// is a file's name, and must decide the data. Several processes may keep the
// same key at once.
func Keep(root, key string, data []byte) error {
	_, err := store{root}.put("result", key, func(dir string) error {
		return os.WriteFile(filepath.Join(dir, "data"), sealed(key, data), 0o444)
	})
	return err
}

// Replace stores data under a key in the cache, in place of what is there. Of
// several processes that do so at once, one stores the last.
func Replace(root, key string, data []byte) error {
	dir, err := store{root}.put("result", key, func(string) error { return nil })
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".tmp-")
	if err != nil {
		return err
	}
	_, err = tmp.Write(sealed(key, data))
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, "data"))
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// sealed returns data with its checksum behind it.
func sealed(key string, data []byte) []byte {
	return append(data[:len(data):len(data)], checksum(key, data)...)
}

// checksum returns the sum of an entry and its key.
func checksum(key string, data []byte) []byte {
	h := sha256.New()
	io.WriteString(h, key+"\n")
	h.Write(data)
	return h.Sum(nil)
}
