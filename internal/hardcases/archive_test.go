package hardcases

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/txtar"
)

func (c *hardCase) write(name string, data []byte) {
	file := filepath.Join(c.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		c.Fatal(err)
	}
	c.wrote[name] = data
}

// unchanged checks that the user's tree is as it was: nothing changed, nothing
// added.
func (c *hardCase) unchanged() {
	seen := map[string]bool{}
	err := filepath.WalkDir(c.root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(c.root, path)
		name = filepath.ToSlash(name)
		seen[name] = true
		if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, c.wrote[name]) {
			c.Errorf("%s was added or changed (%v)", name, err)
		}
		return nil
	})
	if err != nil || len(seen) != len(c.wrote) {
		c.Errorf("%d files are left of %d (%v)", len(seen), len(c.wrote), err)
	}
}

// sum writes the archive's go.sum anew, for modules of testdata/mod that have
// changed.
func (c *hardCase) sum() {
	file := filepath.Join(c.dir, "go.sum")
	os.Remove(file)
	c.must("go", "mod", "tidy")
	data, err := os.ReadFile(file)
	if err != nil {
		c.Fatal(err)
	}
	c.rewrite("go.sum", data)
	c.wrote["go.sum"] = data
}

func (c *hardCase) section(name string) *txtar.File {
	i := slices.IndexFunc(c.ar.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		c.Fatalf("%s: needs a section %s", c.file, name)
	}
	return &c.ar.Files[i]
}

// rewrite changes a section of the archive.
func (c *hardCase) rewrite(name string, data []byte) {
	c.section(name).Data = data
	if err := os.WriteFile(c.file, txtar.Format(c.ar), 0o666); err != nil {
		c.Fatal(err)
	}
}
