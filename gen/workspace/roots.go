package workspace

import (
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// Roots returns the folders of the modules that are in folders of the user's,
// sorted: the main module's, by its go.mod; the workspace's and those that it
// uses, by its go.work; and those that either names in replace directives. The
// paths are as go env gives GOMOD and GOWORK: "", os.DevNull and "off" stand
// for no file. Roots leaves out what a file names that it cannot read or parse:
// the go command reports that.
func Roots(gomod, gowork string) []string {
	var roots []string
	if gomod != "" && gomod != os.DevNull {
		roots = append(roots, filepath.Dir(gomod))
	}
	if text, err := os.ReadFile(gowork); gowork != "off" && err == nil {
		if file, err := modfile.ParseWork(gowork, text, nil); err == nil {
			base := filepath.Dir(gowork)
			roots = append(roots, base)
			for _, use := range file.Use {
				roots = append(roots, AbsFrom(base, filepath.FromSlash(use.Path)))
			}
			roots = append(roots, folders(base, file.Replace)...)
		}
	}
	for _, root := range slices.Clone(roots) {
		name := filepath.Join(root, "go.mod")
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if file, err := modfile.Parse(name, text, nil); err == nil {
			roots = append(roots, folders(root, file.Replace)...)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}

// folders returns the folders by which directives in a folder's file replace
// modules.
func folders(base string, replaces []*modfile.Replace) (out []string) {
	for _, r := range replaces {
		if r.New.Version == "" {
			out = append(out, AbsFrom(base, filepath.FromSlash(r.New.Path)))
		}
	}
	return out
}
