package vettool

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/go-vimage/vimage/analyzers/settings"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
)

// ID returns a digest of all that findings depend on beside flags and packages, for a go command that runs in a
// directory.
func ID(dir string, env []string) (string, error) {
	h := sha256.New()
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if err := add(h, self); err != nil {
		return "", err
	}
	roots, err := Settings(dir, env)
	if err != nil {
		return "", err
	}
	for _, root := range roots {
		fmt.Fprintf(h, "\x00%s\x00", root)
		if err := add(h, filepath.Join(root, settings.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if path := Value(env, Baseline); path != "" {
		if !filepath.IsAbs(path) {
			return "", fmt.Errorf("%s=%s: want an absolute path: the go command looks at each package in its own folder", Baseline, path)
		}
		known, err := baseline.Read(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "\x00%v", known)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

func add(h io.Writer, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}

// Settings returns the roots of the modules whose settings may count, sorted, and an error for settings that make no
// sense.
func Settings(dir string, env []string) ([]string, error) {
	roots := modules(dir, env)
	for _, root := range roots {
		if _, err := settings.Read(root); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

// modules returns the roots of the modules that lie in folders of the user's. Where a go.mod or go.work cannot be read
// the go command says so; what it names is left out here.
func modules(dir string, env []string) []string {
	var roots []string
	if mod := above(dir, "go.mod"); mod != "" {
		roots = append(roots, filepath.Dir(mod))
	}
	work := Value(env, "GOWORK")
	if work == "" {
		work = above(dir, "go.work")
	}
	if text, err := os.ReadFile(work); work != "off" && err == nil {
		if file, err := modfile.ParseWork(work, text, nil); err == nil {
			roots = append(roots, filepath.Dir(work))
			for _, use := range file.Use {
				roots = append(roots, from(filepath.Dir(work), use.Path))
			}
			roots = append(roots, local(filepath.Dir(work), file.Replace)...)
		}
	}
	for _, root := range slices.Clone(roots) {
		name := filepath.Join(root, "go.mod")
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if file, err := modfile.Parse(name, text, nil); err == nil {
			roots = append(roots, local(root, file.Replace)...)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}

// local returns the folders that stand for modules.
func local(dir string, replaces []*modfile.Replace) []string {
	var folders []string
	for _, r := range replaces {
		if r.New.Version == "" {
			folders = append(folders, from(dir, r.New.Path))
		}
	}
	return folders
}

// above returns the file of a name in a directory or the next one above it, or "".
func above(dir, name string) string {
	for up := ""; dir != up; dir, up = filepath.Dir(dir), dir {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
	}
	return ""
}

func from(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func Value(env []string, name string) string {
	v := ""
	for _, kv := range env {
		if rest, ok := strings.CutPrefix(kv, name+"="); ok {
			v = rest
		}
	}
	return v
}
