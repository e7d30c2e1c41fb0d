package listings

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace"

	"golang.org/x/mod/modfile"
)

// The surroundings of a list are the files and folders that decide it and that
// it does not name.
type surroundings struct {
	q     *Query
	h     fingerprint.Hash
	named map[string]bool // files whose contents Query.Identify hashes
	done  map[string]bool // folders that are hashed
}

// listable reports whether the surroundings of a list by these patterns are
// known.
func (q *Query) listable() bool {
	if (q.GOMOD == "" || q.GOMOD == os.DevNull) && (q.GOWORK == "" || q.GOWORK == "off") {
		return false
	}
	return !slices.ContainsFunc(q.Patterns, func(p string) bool {
		switch p {
		case "all", "cmd", "std", "work", "tool":
			return true
		}
		_, below := folderPattern(p)
		return strings.HasSuffix(p, ".go") || strings.Contains(p, "...") && !below
	})
}

// folderPattern returns the folder that a pattern such as ./cmd/... begins with.
func folderPattern(p string) (dir string, ok bool) {
	dir, ok = strings.CutSuffix(filepath.ToSlash(p), "/...")
	first, _, _ := strings.Cut(dir, "/")
	local := first == "." || first == ".." || filepath.IsAbs(dir)
	return dir, ok && local && !strings.Contains(dir, "...")
}

// add reports false if a package's files are decided by more than files.
func (s *surroundings) add(l *load.Listing) bool {
	for _, p := range l.Packages {
		for _, name := range slices.Concat(
			p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.SFiles,
		) {
			s.named[workspace.AbsFrom(p.Dir, name)] = true
		}
	}
	for _, p := range l.Packages {
		if !s.pkg(p) {
			return false
		}
	}
	if !s.modules() {
		return false
	}
	for _, p := range s.q.Patterns {
		dir, ok := folderPattern(p)
		if ok && !s.tree(workspace.AbsFrom(s.q.Config.Dir, filepath.FromSlash(dir)), true) {
			return false
		}
	}
	return true
}

func (s *surroundings) pkg(p *load.Listed) bool {
	if p.Error != nil || p.Incomplete || !p.Standard && len(p.CgoFiles) > 0 {
		return false
	}
	for _, name := range p.CompiledGoFiles { // the go command's cache may have lost what cgo made
		if filepath.IsAbs(name) {
			if _, err := os.Stat(name); err != nil {
				return false
			}
		}
	}
	if p.Dir == "" || s.done[p.Dir] {
		return true
	}
	if p.Standard || workspace.Within(p.Dir, s.q.GOMODCACHE) {
		s.done[p.Dir] = true
		return s.h.Stamp(p.Dir) == nil
	}
	if p.Module != nil && p.Module.Dir != "" {
		for dir := p.Dir; len(dir) > len(p.Module.Dir) && workspace.Within(dir, p.Module.Dir); dir = filepath.Dir(dir) {
			if s.h.File(filepath.Join(dir, "go.mod")) != nil {
				return false
			}
		}
	}
	if len(p.EmbedFiles)+len(p.TestEmbedFiles)+len(p.XTestEmbedFiles) > 0 && !s.tree(p.Dir, false) {
		return false
	}
	return s.folder(p.Dir)
}

// folder adds the names of the sources in a folder, and the contents of those
// that the list does not name.
func (s *surroundings) folder(dir string) bool {
	if s.done[dir] {
		return true
	}
	s.done[dir] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	var names []string
	for _, e := range entries {
		if !fingerprint.Source(e.Name()) { // as what go build writes there
			continue
		}
		names = append(names, e.Name())
		path := filepath.Join(dir, e.Name())
		if s.named[path] || !s.q.Config.Tests && strings.HasSuffix(path, "_test.go") {
			continue
		}
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() { // a folder x.go, a dangling link
			continue
		}
		if s.h.File(path) != nil {
			return false
		}
	}
	s.h.Words("folder", append(names, dir)...)
	return true
}

// tree adds the names below a folder. If sources is set, it adds folders as a
// pattern finds them, with their sources: not testdata, and no other module.
func (s *surroundings) tree(root string, sources bool) bool {
	var names []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !sources {
			names = append(names, path)
			return nil
		}
		if !d.IsDir() {
			return nil
		}
		if base := d.Name(); path != root {
			if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
				names = append(names, path+" is a module")
				return filepath.SkipDir
			}
		}
		if !s.folder(path) {
			return fs.ErrInvalid
		}
		return nil
	})
	s.h.Words("tree", append(names, root)...)
	return err == nil
}

// modules adds the files that decide which modules there are.
func (s *surroundings) modules() bool {
	work := s.q.GOWORK
	if work == "" || work == "off" {
		return s.module(cmp.Or(s.q.Modfile, s.q.GOMOD), filepath.Dir(s.q.GOMOD))
	}
	data, err := os.ReadFile(work)
	if err != nil {
		return false
	}
	f, err := modfile.ParseWork(work, data, nil)
	if err != nil {
		return false
	}
	root := filepath.Dir(work)
	for _, use := range f.Use {
		dir := workspace.AbsFrom(root, filepath.FromSlash(use.Path))
		if !s.module(filepath.Join(dir, "go.mod"), dir) {
			return false
		}
	}
	return s.h.Files([]string{work, work + ".sum", vendored(root)}) == nil && s.replaced(root, f.Replace)
}

// module adds a go.mod file and what the go command reads for it in the
// module's root.
func (s *surroundings) module(gomod, root string) bool {
	data, err := os.ReadFile(gomod)
	if err != nil {
		return false
	}
	f, err := modfile.Parse(gomod, data, nil)
	if err != nil {
		return false
	}
	gosum := strings.TrimSuffix(gomod, ".mod") + ".sum"
	return s.h.Files([]string{gomod, gosum, vendored(root)}) == nil && s.replaced(root, f.Replace)
}

func vendored(root string) string { return filepath.Join(root, "vendor", "modules.txt") }

// replaced adds go.mod of the modules that a folder replaces.
func (s *surroundings) replaced(root string, list []*modfile.Replace) bool {
	for _, r := range list {
		dir := workspace.AbsFrom(root, filepath.FromSlash(r.New.Path))
		if r.New.Version == "" && s.h.File(filepath.Join(dir, "go.mod")) != nil {
			return false
		}
	}
	return true
}
