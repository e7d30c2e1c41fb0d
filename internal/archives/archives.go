// Package archives drives tests that are .txtar archives.
//
// Input: the archives of a pattern. Each is one subtest, whose name is the
// file's without its suffix. Output: what a test made is compared with the
// archive; with the flag -u it is written into the archive instead:
//
//	archives.Each(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
//		a.Want(t, "want", run(a.Files))
//	})
//
// [github.com/rogpeppe/go-internal/testscript] drives the scripts of
// cmd/vimagegen; it is no part of this package.
package archives

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("u", false, "write what the tests made into their archives")

// Updating reports whether the flag -u is set.
func Updating() bool { return *update }

// An Archive is one test.
type Archive struct {
	*txtar.Archive
	Path string
}

// Each runs a subtest for each archive. There has to be one.
func Each(t *testing.T, pattern string, test func(t *testing.T, a *Archive)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives in %s (%v)", pattern, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, Read(t, path)) })
	}
}

// EachProgram is Each for archives that stand for whole programs, which take
// seconds. With -short it runs those that have a line "short" in their comment.
func EachProgram(t *testing.T, pattern string, test func(t *testing.T, a *Archive)) {
	t.Helper()
	if !testing.Short() {
		Each(t, pattern, test)
		return
	}
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	ran := false
	for _, path := range paths {
		if a := Read(t, path); a.Short() {
			ran = true
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, a) })
		}
	}
	if !ran {
		t.Errorf("no archive in %s has a line \"short\"", pattern)
	}
}

// Short reports whether the comment has a line "short".
func (a *Archive) Short() bool {
	return slices.Contains(strings.Split(string(a.Comment), "\n"), "short")
}

// Read reads an archive.
func Read(t *testing.T, path string) *Archive {
	t.Helper()
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Archive{ar, path}
}

// Want compares a section with a text. A section that the archive lacks is
// empty.
func (a *Archive) Want(t *testing.T, name, got string) {
	t.Helper()
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	want := ""
	if i >= 0 {
		want = string(a.Files[i].Data)
	}
	switch {
	case got == want:
	case !*update:
		t.Errorf("%s: section %s: got\n%swant\n%s", a.Path, name, got, want)
	case i < 0:
		a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(got)})
		a.write(t)
	default:
		a.Files[i].Data = []byte(got)
		a.write(t)
	}
}

// outputs begins the names of the sections that WantFiles compares.
const outputs = "want/"

// Inputs returns the sections that WantFiles does not compare.
func (a *Archive) Inputs() []txtar.File {
	return slices.DeleteFunc(slices.Clone(a.Files),
		func(f txtar.File) bool { return strings.HasPrefix(f.Name, outputs) })
}

// WantFiles compares the sections below want/ with files, in their order.
func (a *Archive) WantFiles(t *testing.T, got []txtar.File) {
	t.Helper()
	before := txtar.Format(a.Archive)
	a.Files = a.Inputs()
	for _, f := range got {
		a.Files = append(a.Files, txtar.File{Name: outputs + f.Name, Data: f.Data})
	}
	after := txtar.Format(a.Archive)
	switch {
	case bytes.Equal(before, after):
	case *update:
		a.write(t)
	default:
		t.Errorf("%s: got\n%s", a.Path, after)
	}
}

func (a *Archive) write(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(a.Path, txtar.Format(a.Archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Unpack writes the sections into a folder, those of the names that are skipped
// apart.
func (a *Archive) Unpack(t *testing.T, dir string, skip ...string) {
	t.Helper()
	for _, f := range a.Files {
		if slices.Contains(skip, f.Name) {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
