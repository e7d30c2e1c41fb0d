package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// SameBinary builds the program isolation/NAME of a module as it is, and once more with what a committed build adds to
// the module's own packages: `//go:build !vimage` above every file, and a file with `//go:build vimage` beside
// them. The bytes must be the same. Files that have a constraint already get theirs joined with ours.
func SameBinary(dir string, m Module) error {
	out, err := exec.Command("go", "list", "-m", "-json", m.Path).Output()
	if err != nil {
		return err
	}
	var mod struct{ Dir string }
	if err := json.Unmarshal(out, &mod); err != nil {
		return err
	}
	// One copy serves both builds: a binary names the folder that stands for a module.
	module := filepath.Join(dir, "module-"+m.Name)
	flags, err := replaced(m, mod.Dir, module)
	if err != nil {
		return err
	}
	build := func() ([]byte, error) {
		bin := filepath.Join(dir, "program-"+m.Name)
		args := append([]string{"build", "-trimpath", "-ldflags=-buildid=", "-o", bin}, flags...)
		if out, err := exec.Command("go", append(args, "./isolation/"+m.Name)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
		return os.ReadFile(bin)
	}
	before, err := build()
	if err != nil {
		return err
	}
	n, err := constrainAll(module)
	if err != nil {
		return err
	}
	after, err := build()
	switch {
	case err != nil:
		return err
	case n == 0:
		return errors.New("no file was changed")
	case !bytes.Equal(before, after):
		return fmt.Errorf("the binary has %d bytes before and %d after, and is not the same", len(before), len(after))
	}
	return nil
}

// constrainAll changes a module's files, and returns how many.
func constrainAll(module string) (n int, err error) {
	err = filepath.WalkDir(module, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(d.Name(), "zz_vnet_") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(src), "+build ") && !strings.Contains(string(src), "//go:build ") {
			return nil // a constraint of before Go 1.17, which a new one would put out of force
		}
		n++
		return errors.Join(
			os.WriteFile(path, constrain(string(src)), 0o666),
			os.WriteFile(filepath.Join(filepath.Dir(path), "zz_vnet_"+d.Name()), []byte("//go:build vimage\n\npackage "+name.FindStringSubmatch(string(src))[1]+"\n"), 0o666))
	})
	return n, err
}

var name = regexp.MustCompile(`(?m)^package (\w+)`)

// constrain adds the constraint. A directive gives the lines below their old numbers. It names no file: with -trimpath, a
// name would be taken as it is, where the compiler writes the import path before the author's.
func constrain(src string) []byte {
	lines := strings.SplitAfter(src, "\n")
	for i, line := range lines {
		if expr, ok := strings.CutPrefix(line, "//go:build "); ok {
			lines[i] = "//go:build !vimage && (" + strings.TrimRight(expr, "\r\n") + ")\n"
			return []byte(strings.Join(lines, ""))
		}
		if strings.HasPrefix(line, "package ") {
			break
		}
	}
	return []byte("//go:build !vimage\n\n//line :1:1\n" + src)
}

// replaced copies a module and returns the flags that put the copy in its place.
func replaced(m Module, from, to string) ([]string, error) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return nil, err
	}
	// The module cache is read-only.
	if err := filepath.WalkDir(to, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Chmod(path, 0o755))
	}); err != nil {
		return nil, err
	}
	gomod, err := os.ReadFile("go.mod")
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(string(gomod), "=> ../..", "=> "+root) + fmt.Sprintf("\nreplace %s => %s\n", m.Path, to)
	return []string{"-modfile=" + to + ".mod"}, errors.Join(
		os.WriteFile(to+".mod", []byte(text), 0o666), os.WriteFile(to+".sum", sum, 0o666))
}
