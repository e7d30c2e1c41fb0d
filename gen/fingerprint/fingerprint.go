// Package fingerprint hashes what a computation reads, so that its result can
// be found again while nothing of that changed.
//
// Input: words, files and folders, added one by one to a [Hash]. Output: their
// SHA-256. Each entry is hashed with its kind, its count and its lengths, so
// that different sequences of entries differ:
//
//	h := fingerprint.New()
//	h.Words("flags", "-race", "-tags=a")
//	err := h.File("/home/me/m/go.mod")
//	id := h.String()
//
// A result is of one state of the files if the fingerprint was the same before
// they were read and afterwards. A file that is changed and changed back in
// between is not noticed.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Hash is a fingerprint that is being made. It is not safe for concurrent
// use.
type Hash struct{ h hash.Hash }

// New returns a Hash of nothing.
func New() Hash { return Hash{sha256.New()} }

// String returns the fingerprint of what was added so far, in hexadecimal.
func (f Hash) String() string { return hex.EncodeToString(f.h.Sum(nil)) }

// Words adds a sequence of strings of a kind.
func (f Hash) Words(kind string, words ...string) {
	fmt.Fprintf(f.h, "%s %d\n", kind, len(words))
	for _, w := range words {
		fmt.Fprintf(f.h, "%d ", len(w))
		io.WriteString(f.h, w)
	}
}

// File adds a file's path and content, or the fact that there is no such file.
// It adds nothing for "", os.DevNull and "off": go env gives GOMOD, GOWORK and
// GOENV these values when there is no file.
func (f Hash) File(path string) error {
	if path == "" || path == os.DevNull || path == "off" {
		return nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		f.Words("no file", path)
		return nil
	}
	if err != nil {
		return err
	}
	f.Words("file", path, string(data))
	return nil
}

// Files adds the files of a list, each once, in the order of their paths.
func (f Hash) Files(paths []string) error {
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		if err := f.File(path); err != nil {
			return err
		}
	}
	return nil
}

// Stamp adds a file's path, size and time of modification, or nothing if there
// is no such file. It is for files that people do not edit.
func (f Hash) Stamp(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f.Words("stamp", path, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
	return nil
}

// Tree adds the files below a folder that the go command or a compiler reads
// for what they declare: Go, C and assembly files, go.mod and the like. Folders
// whose names begin with a dot are left out, as in patterns of the go command.
func (f Hash) Tree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path == root:
			return nil
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.IsDir() && Source(d.Name()):
			return f.File(path)
		}
		return nil
	})
}

// Source reports whether the content of a file of this name may decide what a
// package is.
func Source(name string) bool {
	switch name {
	case "go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt", "vimage.settings", "default.pgo":
		return true
	}
	ext := filepath.Ext(name)
	return slices.Contains([]string{
		".go", ".s", ".S", ".sx", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx",
		".f", ".F", ".for", ".f90", ".swig", ".swigcxx",
	}, ext)
}
