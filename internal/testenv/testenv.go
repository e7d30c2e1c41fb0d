// Package testenv probes the machine for what a test needs beyond Go itself.
//
// Input: the name of a requirement ("cgo", "race", "386", "git", "nomodule",
// "linux", an architecture). Output: nil, or an error that says in one line
// what is missing. A probe runs the real thing in miniature, a C program for
// cgo and a program of that architecture for 386, because a compiler on PATH
// or an architecture's name says little about what the kernel runs.
//
// Each requirement is probed at most once per [Machine]. A test skips with the
// error's text, which go test -v shows and internal/suite counts.
//
// The idea is from internal/testenv of the Go tree.
package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A Machine remembers what was probed. Its zero value is ready for use, by
// several goroutines at once.
type Machine struct {
	mu     sync.Mutex
	probed map[string]error
}

// probes lists the requirements that a test may name.
func probes() map[string]func() error {
	return map[string]func() error{
		"amd64":    func() error { return architecture("amd64") },
		"linux":    func() error { return system("linux") },
		"386":      func() error { return program(goOnly, "GOARCH=386", "CGO_ENABLED=0") },
		"cgo":      func() error { return program(inC, "CGO_ENABLED=1") },
		"race":     func() error { return program(goOnly, "-race") },
		"plugin":   func() error { return program(goOnly, "-buildmode=plugin") },
		"git":      func() error { return command("git") },
		"nomodule": noModule,
	}
}

const (
	goOnly = "package main\n\nfunc main() {}\n"
	inC    = "package main\n\n// int one(void) { return 1; }\nimport \"C\"\n\nfunc main() {\n\tif C.one() != 1 {\n\t\tpanic(1)\n\t}\n}\n"
)

// Lacks returns nil if the machine has what is named, or says what is missing.
func (m *Machine) Lacks(what string) error {
	probe := probes()[what]
	if probe == nil {
		return fmt.Errorf("testenv: unknown requirement %q", what)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	err, ok := m.probed[what]
	if !ok {
		if m.probed == nil {
			m.probed = map[string]error{}
		}
		if err = probe(); err != nil {
			err = fmt.Errorf("needs %s: %w", what, err)
		}
		m.probed[what] = err
	}
	return err
}

// A TB is the part of testing.TB that Need uses.
type TB interface {
	Helper()
	Skip(args ...any)
}

// Need skips a test, and says why, on a machine that lacks what is named.
func (m *Machine) Need(t TB, what ...string) {
	t.Helper()
	for _, w := range what {
		if err := m.Lacks(w); err != nil {
			t.Skip(err)
		}
	}
}

func architecture(arch string) error {
	if runtime.GOARCH != arch {
		return fmt.Errorf("this is %s", runtime.GOARCH)
	}
	return nil
}

func system(goos string) error {
	if runtime.GOOS != goos {
		return fmt.Errorf("this is %s", runtime.GOOS)
	}
	return nil
}

func command(name string) error {
	_, err := exec.LookPath(name)
	return err
}

// noModule reports a go.mod or go.work above the temporary folder: the go
// command would take a test's module-less folder for a part of that module.
func noModule() error {
	dir, err := filepath.EvalSymlinks(os.TempDir())
	if err != nil {
		return err
	}
	for {
		for _, name := range []string{"go.mod", "go.work"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return fmt.Errorf("%s is above the folder for temporary files", filepath.Join(dir, name))
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil
		}
		dir = parent
	}
}

// program builds a program and runs it, unless it is a plugin. Settings with a
// dash are flags of go build, others are its environment.
func program(source string, settings ...string) error {
	dir, err := os.MkdirTemp("", "probe")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{"go.mod": "module probe\n\ngo 1.26\n", "main.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	binary := filepath.Join(dir, "probe.exe")
	args := []string{"build", "-o", binary}
	env := append(os.Environ(), "GOFLAGS=", "GOWORK=off", "PWD="+dir)
	loadable := false
	for _, s := range settings {
		if strings.HasPrefix(s, "-") {
			args = append(args, s)
			loadable = loadable || s == "-buildmode=plugin"
		} else {
			env = append(env, s)
		}
	}
	build := exec.CommandContext(ctx, "go", append(args, ".")...)
	build.Dir, build.Env = dir, env
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build with %s: %w: %s", strings.Join(settings, " "), err, lastLine(out))
	}
	if loadable {
		return nil
	}
	if out, err := exec.CommandContext(ctx, binary).CombinedOutput(); err != nil {
		if path := (*os.PathError)(nil); errors.As(err, &path) {
			err = path.Err // "exec format error", without the temporary file's name
		}
		return fmt.Errorf("a program built with %s does not run: %w%s", strings.Join(settings, " "), err, lastLine(out))
	}
	return nil
}

func lastLine(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[strings.LastIndexByte(text, '\n')+1:]
}
