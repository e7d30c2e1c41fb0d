package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A replacement is a replace directive for a copied module.
type replacement struct {
	old module.Version
	dir string
	own module.Version // by which the author replaces old; zero: he does not
}

// replacements returns the directives that put the copies in the modules'
// place. A module may be there because an existing directive names it as
// another one's replacement: that directive's left side is then what is to be
// replaced. Replacing a module that the build does not have is harmless.
func replacements(copies map[module.Version]string, existing []*modfile.Replace) []replacement {
	var rs []replacement
	for _, mod := range sortedMods(copies) {
		elsewhere := false
		for _, r := range existing {
			if r.New == mod {
				rs = append(rs, replacement{r.Old, copies[mod], mod})
			} else if r.Old == mod || r.Old == (module.Version{Path: mod.Path}) {
				elsewhere = true
			}
		}
		if !elsewhere {
			rs = append(rs, replacement{old: mod, dir: copies[mod]})
		}
	}
	return rs
}

// writeModfile writes go.mod with the replacements, and go.sum, into the work
// folder, and returns the file for -modfile.
func writeModfile(work, gomod string, copies map[module.Version]string) (string, []replacement, error) {
	f, err := readModfile(gomod)
	if err != nil {
		return "", nil, err
	}
	rs := replacements(copies, f.Replace)
	for _, r := range rs {
		if err := f.AddReplace(r.old.Path, r.old.Version, r.dir, ""); err != nil {
			return "", nil, err
		}
	}
	f.Cleanup()
	out, err := f.Format()
	if err != nil {
		return "", nil, err
	}
	file := filepath.Join(work, "go.mod")
	if err := os.WriteFile(file, out, 0o666); err != nil {
		return "", nil, err
	}
	return file, rs, copyIfExists(strings.TrimSuffix(gomod, ".mod")+".sum", filepath.Join(work, "go.sum"))
}

// writeGoWork writes go.work with the replacements, and go.work.sum, into the
// work folder, and returns the file for GOWORK. Of the replacements that it
// returns, those by a directory are the author's, spelled as the go command
// spells them in his workspace.
func writeGoWork(work, gowork string, copies map[module.Version]string) (string, []replacement, error) {
	data, err := os.ReadFile(gowork)
	if err != nil {
		return "", nil, err
	}
	f, err := modfile.ParseWork(gowork, data, nil)
	if err != nil {
		return "", nil, err
	}
	root := filepath.Dir(gowork)
	existing := append([]*modfile.Replace(nil), f.Replace...)
	dirs := directories(root, root, f.Replace)
	for _, use := range append([]*modfile.Use(nil), f.Use...) {
		dir := AbsFrom(root, filepath.FromSlash(use.Path))
		member, err := readModfile(filepath.Join(dir, "go.mod"))
		if err != nil {
			return "", nil, err
		}
		existing = append(existing, member.Replace...)
		dirs = append(dirs, directories(root, dir, member.Replace)...)
		if err := errors.Join(f.DropUse(use.Path), f.AddUse(dir, use.ModulePath)); err != nil {
			return "", nil, err
		}
	}
	for _, r := range append([]*modfile.Replace(nil), f.Replace...) {
		if r.New.Version == "" {
			dir := AbsFrom(root, filepath.FromSlash(r.New.Path))
			if err := f.AddReplace(r.Old.Path, r.Old.Version, dir, ""); err != nil {
				return "", nil, err
			}
		}
	}
	rs := replacements(copies, existing)
	for _, r := range rs {
		if err := f.AddReplace(r.old.Path, r.old.Version, r.dir, ""); err != nil {
			return "", nil, err
		}
	}
	f.Cleanup()
	file := filepath.Join(work, "go.work")
	if err := os.WriteFile(file, modfile.Format(f.Syntax), 0o666); err != nil {
		return "", nil, err
	}
	return file, append(rs, dirs...), copyIfExists(gowork+".sum", file+".sum")
}

// directories returns the replacements by a directory in a go.work file or, in
// a module below it, a go.mod file. The go command makes relative ones relative
// to go.work.
func directories(work, root string, existing []*modfile.Replace) (rs []replacement) {
	for _, r := range existing {
		if r.New.Version != "" {
			continue
		}
		own, dir := r.New, filepath.FromSlash(r.New.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(root, dir)
			if rel, err := filepath.Rel(work, dir); err == nil {
				own.Path = rel
			} else {
				own.Path = dir
			}
			if !modfile.IsDirectoryPath(own.Path) {
				own.Path = "./" + filepath.ToSlash(filepath.Clean(own.Path))
			}
		}
		rs = append(rs, replacement{r.Old, dir, own})
	}
	return rs
}

func readModfile(file string) (*modfile.File, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(file, data, nil)
}

func copyIfExists(from, to string) error {
	data, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, 0o666); err != nil {
		return fmt.Errorf("copying %s: %w", from, err)
	}
	return nil
}
