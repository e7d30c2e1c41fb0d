package attack_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-vimage/vimage/internal/attack"
	"golang.org/x/tools/txtar"
)

func generate(t *testing.T, o attack.Options) *attack.Program {
	t.Helper()
	p, err := attack.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t *testing.T, mode string) attack.Mode {
	t.Helper()
	m, err := attack.ParseMode(mode)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// run runs the checked program, and returns what it prints and how it ended.
func run(t *testing.T, p *attack.Program) (string, error) {
	t.Helper()
	dir := t.TempDir()
	ar, pattern := p.Checked()
	for _, f := range ar.Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	// Nothing is kept of a program that is run once: the optimiser has no use.
	cmd := exec.CommandContext(ctx, "go", "run", "-gcflags=m/...=-N -l", pattern)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return strings.TrimSpace(out.String()), err
}

// The programs of each mode compile, run, and change what they say that they
// change.
func TestRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles generated programs")
	}
	for _, mode := range attack.Modes() {
		t.Run(mode, func(t *testing.T) {
			if out, err := run(t, generate(t, attack.Options{Seed: 1, Vars: 30, Mode: parse(t, mode)})); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// All entries of the tables do, too.
func TestEach(t *testing.T) {
	m := attack.Mode{Each: true}
	if out, err := run(t, generate(t, attack.Options{Vars: attack.Trials(m), Mode: m})); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The program's own check finds the variables that are not written, and no
// others.
func TestHarmless(t *testing.T) {
	for _, mode := range []string{"plain", "lib"} {
		t.Run(mode, func(t *testing.T) {
			out, err := run(t, generate(t, attack.Options{Seed: 3, Vars: 12, Mode: parse(t, mode), Harmless: map[int]bool{4: true, 9: true}}))
			if err == nil || !strings.Contains(out, "panic: not changed: changes4 changes9\n") {
				t.Errorf("ended with %v:\n%s", err, out)
			}
		})
	}
}

// The same options give the same text; that of one variable alone has what its
// part has in the whole.
func TestSame(t *testing.T) {
	for _, mode := range attack.Modes() {
		o := attack.Options{Seed: 7, Vars: 20, Mode: parse(t, mode)}
		one, two := generate(t, o), generate(t, o)
		if a, b := txtar.Format(one.Archive()), txtar.Format(two.Archive()); !bytes.Equal(a, b) {
			t.Errorf("%s: two texts of one seed", mode)
		}
		o.Seed++
		if bytes.Equal(txtar.Format(one.Archive()), txtar.Format(generate(t, o).Archive())) {
			t.Errorf("%s: one text of two seeds", mode)
		}
		o.Seed--
		o.Only = map[int]bool{11: true}
		p := generate(t, o)
		if len(p.Vars) != 1 || p.Vars[0] != "changes11" {
			t.Errorf("%s: variable 11 alone is %q", mode, p.Vars)
		}
		if n, want := len(txtar.Format(p.Archive())), len(txtar.Format(one.Archive())); n > want/4 {
			t.Errorf("%s: of %d bytes, one variable alone has %d", mode, want, n)
		}
	}
}

// What is judged is what runs, without the witness.
func TestArchive(t *testing.T) {
	p := generate(t, attack.Options{Seed: 2, Vars: 5, Mode: parse(t, "driven")})
	checked, _ := p.Checked()
	judged := p.Archive()
	if got, want := len(checked.Files), len(judged.Files)+1; got != want {
		t.Fatalf("%d files are run, %d judged", got, want-1)
	}
	for _, f := range judged.Files {
		if bytes.Contains(f.Data, []byte("itness")) || bytes.Contains(f.Data, []byte("Changed()")) {
			t.Errorf("%s has the witness in it:\n%s", f.Name, f.Data)
		}
	}
	if !strings.Contains(string(judged.Comment), "load ./user\n") {
		t.Errorf("loads something else: %s", judged.Comment)
	}
}

func TestParseMode(t *testing.T) {
	if m, err := attack.ParseMode("std+driven"); err != nil || m != (attack.Mode{Std: true, Lib: true, Driven: true}) {
		t.Errorf("got %+v, %v", m, err)
	}
	if _, err := attack.ParseMode("std+odd"); err == nil || !strings.HasPrefix(err.Error(), `unknown mode "odd"; `) {
		t.Errorf("got %v", err)
	}
}

func ExampleGenerate() {
	mode, _ := attack.ParseMode("plain")
	p, err := attack.Generate(attack.Options{Seed: 1, Vars: 2, Mode: mode})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Vars)
	// Output: [changes0 changes1]
}
