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
}

// replacements returns the directives that put the copies in the modules' place. A module may be
// there because an existing directive names it as another one's replacement: that directive's left
// side is then what is to be replaced. Replacing a module that the build does not have is harmless.
func replacements(copies map[module.Version]string, existing []*modfile.Replace) []replacement {
	var rs []replacement
	for _, mod := range sortedMods(copies) {
		elsewhere := false
		for _, r := range existing {
			if r.New == mod {
				rs = append(rs, replacement{r.Old, copies[mod]})
			} else if r.Old == mod || r.Old == (module.Version{Path: mod.Path}) {
				elsewhere = true
			}
		}
		if !elsewhere {
			rs = append(rs, replacement{mod, copies[mod]})
		}
	}
	return rs
}

// writeModfile writes go.mod with the replacements, and go.sum, into the work folder, and returns
// the file for -modfile.
func writeModfile(work, gomod string, copies map[module.Version]string) (string, error) {
	f, err := readModfile(gomod)
	if err != nil {
		return "", err
	}
	for _, r := range replacements(copies, f.Replace) {
		if err := f.AddReplace(r.old.Path, r.old.Version, r.dir, ""); err != nil {
			return "", err
		}
	}
	f.Cleanup()
	out, err := f.Format()
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "go.mod")
	if err := os.WriteFile(file, out, 0o666); err != nil {
		return "", err
	}
	return file, copyIfExists(strings.TrimSuffix(gomod, ".mod")+".sum", filepath.Join(work, "go.sum"))
}

// writeGoWork writes go.work with the replacements, and go.work.sum, into the work folder, and
// returns the file for GOWORK.
func writeGoWork(work, gowork string, copies map[module.Version]string) (string, error) {
	data, err := os.ReadFile(gowork)
	if err != nil {
		return "", err
	}
	f, err := modfile.ParseWork(gowork, data, nil)
	if err != nil {
		return "", err
	}
	root := filepath.Dir(gowork)
	abs := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(root, filepath.FromSlash(path))
	}
	existing := append([]*modfile.Replace(nil), f.Replace...)
	for _, use := range append([]*modfile.Use(nil), f.Use...) {
		dir := abs(use.Path)
		member, err := readModfile(filepath.Join(dir, "go.mod"))
		if err != nil {
			return "", err
		}
		existing = append(existing, member.Replace...)
		if err := errors.Join(f.DropUse(use.Path), f.AddUse(dir, use.ModulePath)); err != nil {
			return "", err
		}
	}
	for _, r := range append([]*modfile.Replace(nil), f.Replace...) {
		if r.New.Version == "" {
			if err := f.AddReplace(r.Old.Path, r.Old.Version, abs(r.New.Path), ""); err != nil {
				return "", err
			}
		}
	}
	for _, r := range replacements(copies, existing) {
		if err := f.AddReplace(r.old.Path, r.old.Version, r.dir, ""); err != nil {
			return "", err
		}
	}
	f.Cleanup()
	file := filepath.Join(work, "go.work")
	if err := os.WriteFile(file, modfile.Format(f.Syntax), 0o666); err != nil {
		return "", err
	}
	return file, copyIfExists(gowork+".sum", file+".sum")
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
