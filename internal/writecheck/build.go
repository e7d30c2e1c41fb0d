package writecheck

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// A Builder compiles programs so that their writes can be seen.
type Builder struct {
	dir     string // where the overlay is, and what is built
	overlay string
	n       atomic.Int32 // of programs; they may be built at the same time
}

// NewBuilder writes the overlay for the Go toolchain in use into dir, which is
// the caller's to remove.
func NewBuilder(ctx context.Context, dir string) (*Builder, error) {
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	files, err := overlay(strings.TrimSpace(string(goroot)))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "overlay"), 0o777); err != nil {
		return nil, err
	}
	replace := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(dir, "overlay", strconv.Itoa(len(replace))+filepath.Ext(path))
		if err := os.WriteFile(file, files[path], 0o666); err != nil {
			return nil, err
		}
		replace[path] = file
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	b := &Builder{dir: dir, overlay: filepath.Join(dir, "overlay.json")}
	return b, os.WriteFile(b.overlay, data, 0o666)
}

// A Target says what to compile, and where.
type Target struct {
	Dir     string
	Env     []string // nil: this process's
	Flags   []string // of go build
	Package string   // import path, or as the go command takes it
	Main    string   // import path that a main package's variables go by in lists; "" if it is Package
	Test    bool     // the package's test binary
}

// A Program is a binary whose writes can be seen.
type Program struct {
	File   string
	target Target
	runs   atomic.Int32 // names files
}

// Build compiles. The flags of the user come first: ours win.
func (b *Builder) Build(ctx context.Context, t Target) (*Program, error) {
	p := &Program{File: filepath.Join(b.dir, fmt.Sprintf("program%d", b.n.Add(1))), target: t}
	args := []string{"build"}
	if t.Test {
		args = []string{"test", "-c", "-vet=off"}
	}
	args = slices.Concat(args, linkFlags(t.Flags), []string{"-overlay=" + b.overlay}, flags, []string{"-o", p.File, t.Package})
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = t.Dir, t.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return p, nil
}

// linkFlags adds to the user's linker flags the one that keeps the names of
// unnamed data in the symbol table: where a composite literal lies that a
// variable points to is known from there alone.
func linkFlags(user []string) (all []string) {
	external := "-linkmode=external"
	for i := 0; i < len(user); i++ {
		switch name, value, ok := strings.Cut(user[i], "="); {
		case name != "-ldflags" && name != "--ldflags":
			all = append(all, user[i])
		case ok:
			external += " " + value
		case i+1 < len(user):
			i++
			external += " " + user[i]
		}
	}
	return append(all, "-ldflags="+external)
}
