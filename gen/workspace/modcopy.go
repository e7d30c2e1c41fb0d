package workspace

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A moduleCopy is a module of the module cache some of whose files are others.
type moduleCopy struct {
	module.Version
	from  string            // the module's directory under the module cache
	files map[string][]byte // slash-separated path in the module -> content; nil: deleted
}

// cacheModule returns the module of a file below the module cache.
func cacheModule(modcache, path string) (mod module.Version, dir, name string, err error) {
	rel, err := filepath.Rel(modcache, path)
	if err != nil {
		return mod, "", "", err
	}
	rel = filepath.ToSlash(rel)
	// Neither the elements of a module's path nor of a version hold an @: the
	// first one parts them.
	at := strings.Index(rel, "@")
	if at < 0 {
		return mod, "", "", fmt.Errorf("%s: not in a module of the module cache", path)
	}
	version, name, ok := strings.Cut(rel[at+1:], "/")
	if !ok {
		return mod, "", "", fmt.Errorf("%s: not a file of a module", path)
	}
	if mod.Path, err = module.UnescapePath(rel[:at]); err != nil {
		return mod, "", "", err
	}
	if mod.Version, err = module.UnescapeVersion(version); err != nil {
		return mod, "", "", err
	}
	return mod, filepath.Join(modcache, filepath.FromSlash(rel[:at])+"@"+version), name, nil
}

// put makes the copy in the store, if it is not there, and returns its
// directory. The copy is of the whole module: which of its files a build reads
// is not only a matter of its packages (embedded files, C headers, test data),
// and files that stay as they are cost a link each.
func (m *moduleCopy) put(s store, modcache string, trimpath bool) (string, error) {
	key := m.key(trimpath)
	dir, err := s.put("mod", key, func(tmp string) error {
		return m.write(filepath.Join(tmp, m.tail(modcache)), modcache, trimpath)
	})
	return filepath.Join(dir, m.tail(modcache)), err
}

// tail is the module's place below the module cache. A copy ends in the same
// elements, for the eyes of programs and people that look at the last ones.
func (m *moduleCopy) tail(modcache string) string {
	rel, _ := filepath.Rel(modcache, m.from)
	return rel
}

func (m *moduleCopy) key(trimpath bool) string {
	parts := [][]byte{[]byte("1"), []byte(m.from), fmt.Append(nil, trimpath)} // 1: of the format
	for _, name := range m.names() {
		content := m.files[name]
		parts = append(parts, []byte(name), fmt.Append(nil, content == nil), content)
	}
	return digest(parts...)
}

func (m *moduleCopy) names() []string {
	names := make([]string, 0, len(m.files))
	for name := range m.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// write makes the copy in a directory. As in the module cache, nothing in it is
// writable, so that a test that writes beside its source fails as it does
// there.
func (m *moduleCopy) write(to, modcache string, trimpath bool) error {
	var dirs []string
	mkdir := func(dir string) error {
		dirs = append(dirs, dir)
		return os.MkdirAll(dir, 0o755)
	}
	err := filepath.WalkDir(m.from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(m.from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return mkdir(filepath.Join(to, rel))
		}
		name := filepath.ToSlash(rel)
		if _, ok := m.files[name]; ok || !d.Type().IsRegular() {
			return nil
		}
		if trimpath || !directed(name) {
			return linkOrCopy(path, filepath.Join(to, rel))
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), withLine(content, path), 0o444)
	})
	if err != nil {
		return err
	}
	for _, name := range m.names() {
		content := m.files[name]
		if content == nil {
			continue
		}
		rel := filepath.FromSlash(name)
		if !trimpath && strings.HasSuffix(name, ".go") {
			content = withLine(content, filepath.Join(m.from, rel))
		}
		file := filepath.Join(to, rel)
		if err := mkdir(filepath.Dir(file)); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o444); err != nil {
			return err
		}
	}
	if err := m.addGoMod(to, modcache); err != nil {
		return err
	}
	for _, dir := range slices.Backward(dirs) {
		if err := os.Chmod(dir, 0o555); err != nil {
			return err
		}
	}
	return nil
}

// addGoMod gives a module from before modules the go.mod that the module cache
// made up for it: the go command wants one in a replacement.
func (m *moduleCopy) addGoMod(to, modcache string) error {
	file := filepath.Join(to, "go.mod")
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	content, err := downloaded(modcache, m.Version, ".mod")
	if err != nil {
		content = []byte("module " + m.Path + "\n")
	}
	return os.WriteFile(file, content, 0o444)
}

// downloaded returns what the go command keeps of a module besides its files.
func downloaded(modcache string, mod module.Version, ext string) ([]byte, error) {
	path, err := module.EscapePath(mod.Path)
	if err != nil {
		return nil, err
	}
	version, err := module.EscapeVersion(mod.Version)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(modcache, "cache", "download", filepath.FromSlash(path), "@v", version+ext))
}

// sum returns a module's checksum as in go.sum, "" if there is none.
func sum(modcache string, mod module.Version) string {
	data, err := downloaded(modcache, mod, ".ziphash")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// directed reports whether a Go file of a copied module gets a //line
// directive: not one that the go command takes for data, which a test may
// compare byte by byte.
func directed(name string) bool {
	if !strings.HasSuffix(name, ".go") {
		return false
	}
	for elem := range strings.SplitSeq(name, "/") {
		if elem == "testdata" || elem[0] == '.' || elem[0] == '_' {
			return false
		}
	}
	return true
}

// withLine puts a directive that names the author's file before a Go file's
// text. It stands on a line of its own because a build constraint must begin
// its line; a byte order mark may only be a file's first character, and goes.
func withLine(content []byte, path string) []byte {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	return append([]byte("//line "+path+":1:1\n"), content...)
}

// linkOrCopy makes a file with the content of another one that never changes.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	return dst.Close()
}
