package testenv

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestForeign runs a program that no machine of the usual kinds runs: the
// probe finds that out by running it.
func TestForeign(t *testing.T) {
	if testing.Short() {
		t.Skip("builds for other platforms")
	}
	foreign := "mips64"
	if runtime.GOARCH == foreign {
		foreign = "s390x"
	}
	err := program(goOnly, "GOARCH="+foreign, "GOOS=linux", "CGO_ENABLED=0")
	if err == nil || !strings.Contains(err.Error(), "does not run") || strings.Contains(err.Error(), "probe.exe") {
		t.Errorf("a %s program: %v", foreign, err)
	}
	if err := program(goOnly, "CGO_ENABLED=0"); err != nil {
		t.Errorf("a program of this machine: %v", err)
	}
}

func TestNoCompiler(t *testing.T) {
	t.Setenv("CC", filepath.Join(t.TempDir(), "nocc"))
	if err := new(Machine).Lacks("cgo"); err == nil || !strings.HasPrefix(err.Error(), "needs cgo: ") {
		t.Errorf("without a C compiler: %v", err)
	}
}

func TestNoModule(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module above\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := new(Machine).Lacks("nomodule"); err == nil || !strings.Contains(err.Error(), "go.mod is above") {
		t.Errorf("with a go.mod in a parent: %v", err)
	}
}

func TestUnknown(t *testing.T) {
	if err := new(Machine).Lacks("luck"); err == nil {
		t.Error("a requirement without a probe is met")
	}
}

// A skipper records what Need says.
type skipper struct{ said []any }

func (s *skipper) Helper()          {}
func (s *skipper) Skip(args ...any) { s.said = append(s.said, args...) }

func TestNeed(t *testing.T) {
	m := &Machine{probed: map[string]error{"git": nil, "386": os.ErrInvalid}}
	s := &skipper{}
	m.Need(s, "git")
	if len(s.said) > 0 {
		t.Errorf("skips for what is there: %v", s.said)
	}
	if m.Need(s, "386"); len(s.said) != 1 || s.said[0] != os.ErrInvalid {
		t.Errorf("says %v", s.said)
	}
}
