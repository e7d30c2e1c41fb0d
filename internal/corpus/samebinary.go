package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// SameBinary builds the program isolation/NAME of a module as it is, and once more with what a committed build adds to
// the module's own packages: `//go:build !vimage` above every file, and a file with `//go:build vimage` beside
// them. The bytes must be the same. Files that have a constraint already get theirs joined with ours.
func SameBinary(dir string, m Module) error {
	overlay, err := constrained(dir, m)
	if err != nil {
		return err
	}
	build := func(name string, more ...string) ([]byte, error) {
		bin := filepath.Join(dir, name)
		args := append([]string{"build", "-trimpath", "-ldflags=-buildid=", "-o", bin}, more...)
		if out, err := exec.Command("go", append(args, "./isolation/"+m.Name)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
		return os.ReadFile(bin)
	}
	before, err := build("before", overlay.plain...)
	if err != nil {
		return err
	}
	after, err := build("after", overlay.flags...)
	switch {
	case err != nil:
		return err
	case overlay.files == 0:
		return errors.New("no file was changed")
	case !bytes.Equal(before, after):
		return fmt.Errorf("the binary has %d bytes before and %d after, and is not the same", len(before), len(after))
	}
	return nil
}

type change struct {
	plain, flags []string
	files        int
}

// constrained copies a module, which an overlay may not replace in the module cache, and puts the constraints into a copy
// of the copy. Both builds are of copies, so that the module's version is told of neither.
func constrained(dir string, m Module) (*change, error) {
	out, err := exec.Command("go", "list", "-m", "-json", m.Path).Output()
	if err != nil {
		return nil, err
	}
	var mod struct{ Dir string }
	if err := json.Unmarshal(out, &mod); err != nil {
		return nil, err
	}
	to := filepath.Join(dir, "module-"+m.Name)
	if err := os.CopyFS(to, os.DirFS(mod.Dir)); err != nil {
		return nil, err
	}
	gomod, err := os.ReadFile("go.mod")
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(string(gomod), "=> ../..", "=> "+root) + fmt.Sprintf("\nreplace %s => %s\n", m.Path, to)
	modfile := filepath.Join(dir, m.Name+".mod")
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.WriteFile(modfile, []byte(text), 0o666), os.WriteFile(filepath.Join(dir, m.Name+".sum"), sum, 0o666)); err != nil {
		return nil, err
	}
	c := &change{plain: []string{"-modfile=" + modfile}}
	replaced := map[string]string{}
	err = filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.SplitAfter(string(src), "\n")
		had := false
		for i, line := range lines {
			if expr, ok := strings.CutPrefix(line, "//go:build "); ok {
				lines[i], had = "//go:build !vimage && ("+strings.TrimRight(expr, "\r\n")+")\n", true
				break
			}
			if strings.HasPrefix(line, "package ") {
				break
			}
		}
		text := strings.Join(lines, "")
		if !had {
			// The first line keeps its number in line tables, as the tool's own constraint does.
			text = "//go:build !vimage\n\n//line " + filepath.Base(path) + ":1\n" + text
		}
		c.files++
		replaced[path] = fmt.Sprintf("%s.%d", filepath.Join(dir, m.Name), c.files)
		beside := filepath.Join(filepath.Dir(path), "zz_vnet_"+d.Name())
		replaced[beside] = replaced[path] + ".on"
		return errors.Join(
			os.WriteFile(replaced[path], []byte(text), 0o666),
			os.WriteFile(replaced[beside], append([]byte("//go:build vimage\n\n"), src...), 0o666))
	})
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, m.Name+".json")
	c.flags = append(c.plain, "-overlay="+file)
	return c, os.WriteFile(file, data, 0o666)
}
