package generate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Change is one file that a run writes or removes.
type Change struct {
	Path string
	Old  []byte // nil: there is none
	New  []byte // nil: it is removed
}

const (
	temporary = ".vimagegen" // the end of a temporary file's name, which a dot begins
	journal   = ".journal" + temporary
)

func temporaryOf(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+temporary)
}

// Write makes the changes of a result. If a file cannot be written, nothing is
// changed. If the process is killed, each package is the old one, or the new
// one as soon as a run has looked at it. Step is called between the steps; nil
// is for nothing.
func Write(res *Result, step func(string)) error {
	if step == nil {
		step = func(string) {}
	}
	for i, p := range res.Packages {
		if err := stage(p, step); err != nil {
			for _, p := range res.Packages[:i+1] {
				err = errors.Join(err, sweep(p.Dir))
			}
			return err
		}
	}
	for _, p := range res.Packages {
		if err := os.Rename(filepath.Join(p.Dir, journal+".new"), filepath.Join(p.Dir, journal)); err != nil {
			return err
		}
		step("put the journal in place")
		if err := finish(p.Dir, step); err != nil {
			return err
		}
	}
	return nil
}

// stage writes a package's new files under temporary names, and its journal.
func stage(p *Package, step func(string)) error {
	var list bytes.Buffer
	for _, c := range p.Changes {
		base := filepath.Base(c.Path)
		if c.New == nil {
			fmt.Fprintf(&list, "remove %s\n", base)
			continue
		}
		mode := fs.FileMode(0o666)
		if info, err := os.Stat(c.Path); err == nil {
			mode = info.Mode().Perm()
		}
		if err := writeSynced(temporaryOf(c.Path), c.New, mode); err != nil {
			if at := (*fs.PathError)(nil); errors.As(err, &at) { // of the temporary file
				err = &fs.PathError{Op: "write", Path: c.Path, Err: at.Err}
			}
			return err
		}
		step("wrote " + base)
		fmt.Fprintf(&list, "rename %s\n", base)
	}
	err := writeSynced(filepath.Join(p.Dir, journal+".new"), list.Bytes(), 0o666)
	step("wrote the journal")
	return err
}

func writeSynced(path string, text []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// finish does what a folder's journal lists, and removes it.
func finish(dir string, step func(string)) error {
	path := filepath.Join(dir, journal)
	list, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(list)) {
		verb, base, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		target := filepath.Join(dir, base)
		switch {
		case base == "" || base != filepath.Base(base):
			return fmt.Errorf("%s: line %q makes no sense", path, line)
		case verb == "remove":
			err = os.Remove(target)
		case verb == "rename":
			err = os.Rename(temporaryOf(target), target)
		default:
			return fmt.Errorf("%s: line %q makes no sense", path, line)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // it was done before the run was killed
			return err
		}
		step(verb + " " + base)
	}
	return os.Remove(path)
}

// interrupted reports whether a run that changed a folder was killed.
func interrupted(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, journal))
	return err == nil
}

// restore finishes what a killed run began in a folder.
func restore(dir string) error {
	if interrupted(dir) {
		if err := finish(dir, func(string) {}); err != nil {
			return err
		}
	}
	return sweep(dir)
}

// sweep removes the temporary files of a folder that has no journal.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); e.IsDir() {
			continue
		} else if name == journal+".new" || strings.HasPrefix(name, ".") &&
			(strings.HasSuffix(name, ".go"+temporary) || strings.HasSuffix(name, ".abi"+temporary)) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
		}
	}
	return err
}

// goFiles returns the base names of a folder's Go files that the go command
// looks at, sorted.
func goFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && name[0] != '.' && name[0] != '_' && !e.IsDir() {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}
