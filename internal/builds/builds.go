// Package builds makes the files that a build of an archive's program sees, for
// tests of the packages that make them.
//
// Input: an archive whose files are a module, or Go files of one. Its comment
// has a line "build MODE" for each build: nop, static, vimage, or committed.
// Output: the files that replace the module's own or are added to them, below
// MODE/.
package builds

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/internal/archives"
)

// Each compares the files of all builds of the archives in testdata: those
// whose base name the test picks. Refusals and problems are the file "refused".
func Each(t *testing.T, pick func(base string) bool) {
	t.Helper()
	archives.EachProgram(t, "testdata/*.txtar", func(t *testing.T, a *archives.Archive) {
		t.Parallel()
		dir := unpack(t, a)
		var got []txtar.File
		for line := range strings.Lines(string(a.Comment)) {
			if mode, ok := strings.CutPrefix(strings.TrimSpace(line), "build "); ok {
				got = append(got, files(t, dir, mode, pick)...)
			}
		}
		if len(got) == 0 {
			t.Fatal("no build has a file: want a line \"build MODE\" in the comment")
		}
		a.WantFiles(t, got)
	})
}

// unpack writes the inputs of an archive into a folder. A go.mod that requires
// vimage gets this repository for it.
func unpack(t *testing.T, a *archives.Archive) string {
	t.Helper()
	dir := t.TempDir()
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	in := archives.Archive{Archive: &txtar.Archive{Files: a.Inputs()}}
	for i, f := range in.Files {
		if f.Name == "go.mod" && strings.Contains(string(f.Data), "github.com/go-vimage/vimage") {
			in.Files[i].Data = append(slices.Clip(f.Data), "\nreplace github.com/go-vimage/vimage => "+repo+"\n"...)
		}
	}
	if !slices.ContainsFunc(in.Files, func(f txtar.File) bool { return f.Name == "go.mod" }) {
		in.Files = append(in.Files, txtar.File{Name: "go.mod", Data: []byte("module example.com/m\n\ngo 1.26\n")})
	}
	in.Unpack(t, dir)
	return dir
}

func files(t *testing.T, dir, mode string, pick func(base string) bool) (out []txtar.File) {
	t.Helper()
	req := gen.Request{
		Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "PWD="+dir), Patterns: []string{"./..."},
		Slot: "g", Build: rewrite.Build(mode),
	}
	made := map[string][]byte{}
	var refused []string
	if mode == "committed" {
		req.Build = ""
		req.Committed = &plan.Committed{Adopted: func(string) bool { return true }}
		c, err := gen.Commit(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(made, c.Edited)
		for name, f := range c.Added {
			made[name] = f.Text
		}
		refused = said(c.Problems, c.Refused)
	} else {
		res, err := gen.Generate(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(made, res.Files)
		refused = said(res.Problems, res.Refused)
	}
	for _, path := range slices.Sorted(maps.Keys(made)) {
		name, err := filepath.Rel(dir, path)
		if err == nil && filepath.IsLocal(name) && pick(filepath.Base(name)) {
			out = append(out, txtar.File{Name: mode + "/" + filepath.ToSlash(name), Data: made[path]})
		}
	}
	if refused != nil {
		out = append(out, txtar.File{Name: mode + "/refused", Data: []byte(strings.Join(refused, "\n") + "\n")})
	}
	return out
}

func said(problems []string, refused []gen.Refusal) []string {
	for _, r := range refused {
		problems = append(problems, r.String())
	}
	return problems
}
