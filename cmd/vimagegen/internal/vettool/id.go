package vettool

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/analyzers/settings"
	"github.com/go-vimage/vimage/cmd/vimagegen/internal/baseline"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/workspace"
)

// ID returns a digest of all that findings depend on beside flags and packages,
// for a go command that runs in a directory.
func ID(dir string, env []string) (string, error) {
	h := fingerprint.New()
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if err := h.File(self); err != nil {
		return "", err
	}
	roots, err := Settings(dir, env)
	if err != nil {
		return "", err
	}
	for _, root := range roots {
		h.Words("root", root)
		if err := h.File(filepath.Join(root, settings.File)); err != nil {
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
		h.Words("baseline", fmt.Sprint(known))
	}
	return h.String(), nil
}

// Settings returns the roots of the modules whose settings may count, sorted,
// and an error for settings that make no sense.
func Settings(dir string, env []string) ([]string, error) {
	roots := modules(dir, env)
	for _, root := range roots {
		if _, err := settings.Read(root); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

// modules returns the roots of the modules that are in folders of the user's,
// without asking the go command, which is waiting for us.
func modules(dir string, env []string) []string {
	work := Value(env, "GOWORK")
	if work == "" {
		work = above(dir, "go.work")
	}
	return workspace.Roots(above(dir, "go.mod"), work)
}

// above returns the file of a name in a directory or the next one above it, or
// "".
func above(dir, name string) string {
	for up := ""; dir != up; dir, up = filepath.Dir(dir), dir {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
	}
	return ""
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
