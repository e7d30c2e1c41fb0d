package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/internal/archives"
	"github.com/go-vimage/vimage/internal/testenv"
)

// Each archive of testdata/proof is a module. Its comment says what is loaded,
// in a line of its own: "load", and the patterns, after -test if that is with
// their tests; each such line is a program by itself. The section want lists
// the fates of the module's variables. The convention that names give a second
// opinion, which -u cannot overrule: what begins with "changes" must not be
// shared, what begins with "stays" should be.
func TestProof(t *testing.T) {
	machine := &testenv.Machine{}
	archives.EachProgram(t, "testdata/proof/*.txtar", func(t *testing.T, a *archives.Archive) {
		t.Parallel()
		if slices.ContainsFunc(a.Files, func(f txtar.File) bool { return bytes.Contains(f.Data, []byte("import \"C\"")) }) {
			machine.Need(t, "cgo")
		}
		got := fates(t, a)
		a.Want(t, "want", got)
		opinion(t, got)
	})
}

// opinion compares fates with what the variables' names say.
func opinion(t *testing.T, got string) {
	for _, line := range unsound(got) {
		t.Errorf("unsound: %s", line)
	}
	for _, line := range named(got, "virtual", "stays") {
		t.Errorf("imprecise: %s", line)
	}
}

// unsound lists what is shared by its fate, and changes by its name.
func unsound(got string) []string { return named(got, "shared", "changes") }

// named lists the variables that have a fate, and a name with a prefix.
func named(got, fate, prefix string) []string {
	var out []string
	for line := range strings.Lines(got) {
		f, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		key, _, _ := strings.Cut(rest, ":")
		if name := key[strings.LastIndexByte(key, '.')+1:]; f == fate && strings.HasPrefix(strings.ToLower(name), prefix) {
			out = append(out, line[:len(f)+1+len(rest)])
		}
	}
	return out
}

// fates plans an archive's program and lists what becomes of the module's
// variables.
func fates(t *testing.T, ar *archives.Archive) string {
	dir := t.TempDir()
	ar.Unpack(t, dir, "want")
	req := gen.Request{Dir: dir, Env: append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false"), Patterns: []string{"."}, Slot: "g"}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n\ngo 1.26\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out []string
	for line := range strings.Lines(string(ar.Comment)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "load" {
			req.Patterns = words[1:]
			if req.Tests = words[1] == "-test"; req.Tests {
				req.Patterns = words[2:]
			}
			out = append(out, fatesOf(t, req)...)
		}
	}
	if out == nil {
		out = fatesOf(t, req)
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

// fatesOf plans a program and lists what becomes of the module's variables.
func fatesOf(t *testing.T, req gen.Request) []string {
	p, err := gen.Analyze(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if problems := gen.Problems(p, req.Dir); problems != nil {
		t.Fatal(strings.Join(problems, "\n"))
	}
	var out []string
	for _, pkg := range p.Order {
		if pkg.Standard || !strings.HasPrefix(pkg.Path+"/", "m/") {
			continue
		}
		for _, v := range pkg.Sorted() {
			out = append(out, fmt.Sprintf("%s %s: %s\n", v.Fate, v.Key, v.Reason))
		}
	}
	return out
}
