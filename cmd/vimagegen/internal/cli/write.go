package cli

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// writeFiles writes files, those that differ, all or none: an error in the
// midst leaves them as they were. A file keeps its mode; what is no regular
// file is written to.
func writeFiles(files map[string][]byte) error {
	type pending struct{ temporary, path string }
	var all []pending
	defer func() {
		for _, p := range all {
			os.Remove(p.temporary)
		}
	}()
	direct := map[string][]byte{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			files[target], path = files[path], target
		}
		mode := os.FileMode(0o666)
		if info, err := os.Stat(path); err == nil {
			if !info.Mode().IsRegular() {
				direct[path] = files[path]
				continue
			}
			if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, files[path]) {
				continue
			}
			if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
				return err
			} else if err := f.Close(); err != nil {
				return err
			}
			mode = info.Mode().Perm()
		}
		temporary := path + ".vimagegen"
		if err := os.WriteFile(temporary, files[path], mode); err != nil {
			return &os.PathError{Op: "write", Path: path, Err: err.(*os.PathError).Err}
		}
		all = append(all, pending{temporary, path})
	}
	for path, text := range direct {
		if err := os.WriteFile(path, text, 0); err != nil {
			return err
		}
	}
	for _, p := range all {
		if err := os.Rename(p.temporary, p.path); err != nil {
			return err
		}
	}
	return nil
}
