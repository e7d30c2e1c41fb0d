package gen

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// What is refused before the proof, the proof refuses too, for the same reason. The programs are the hard cases that are
// refused.
func TestEarly(t *testing.T) {
	if testing.Short() {
		t.Skip("plans programs")
	}
	files, err := filepath.Glob("../internal/hardcases/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives (%v)", err)
	}
	all := 0
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(ar.Comment), "\nrefused build .\n") || strings.Contains(string(ar.Comment), "\nproxy\n") {
			continue
		}
		if !slices.ContainsFunc(ar.Files, func(f txtar.File) bool { return f.Name == "go.mod" }) {
			continue // the modules are below, where the script's chdir goes
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range ar.Files {
				path := filepath.Join(dir, f.Name)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			req := Request{Dir: dir, Env: append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false"), Patterns: []string{"."}}
			late, err := analyze(context.Background(), req, 0)
			if err != nil {
				t.Fatal(err)
			}
			want := map[Refusal]bool{}
			for _, r := range refusals(late.plan, dir) {
				want[r] = true
			}
			early, err := analyze(context.Background(), req, 1)
			if err != nil {
				t.Fatal(err)
			}
			if !early.early {
				return
			}
			for _, r := range refusals(early.plan, dir) {
				all++
				if !want[r] {
					t.Errorf("refused early, but not by the proof:\n%s", r)
				}
			}
		})
	}
	if all == 0 {
		t.Error("nothing is refused early")
	}
}
