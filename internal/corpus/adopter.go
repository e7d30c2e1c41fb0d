package corpus

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const vimage = "github.com/go-vimage/vimage"

// An adopter works in the copy of one module, and in a module with a program
// that uses the copy.
type adopter struct {
	tool    Tool
	m       Module
	dir     string // of the copy
	program string // of the program's module
}

// newAdopter copies a module into dir. The copy requires the tool, and is a git
// repository with one commit.
func newAdopter(tool Tool, dir string, m Module) (*adopter, error) {
	source, err := m.fetched()
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, m.Name)
	a := &adopter{tool: tool, m: m, dir: dir, program: dir + "-program"}
	if err := a.copied(source, root); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"init", "-q", "."},
		{"add", "-A", "-f"},
		{"-c", "user.name=corpus", "-c", "user.email=corpus@localhost", "commit", "-q", "-m", "before"},
	} {
		if _, err := a.run("git", args...); err != nil {
			return nil, err
		}
	}
	return a, a.programmed(root)
}

// copied copies the module, and has it require the tool, which is in root.
func (a *adopter) copied(from, root string) error {
	if err := os.CopyFS(a.dir, os.DirFS(from)); err != nil {
		return err
	}
	if err := filepath.WalkDir(a.dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chmod(path, 0o755)) // the module cache is read-only
	}); err != nil {
		return err
	}
	_, err := a.run("go", "mod", "edit", "-go=1.26",
		"-replace="+vimage+"="+root, "-require="+vimage+"@v0.0.0", "-tool="+vimage+"/cmd/vimagegen")
	if err != nil {
		return err
	}
	_, err = a.run("go", "mod", "tidy")
	return err
}

// run runs a command in the copy, and returns what it prints.
func (a *adopter) run(command string, args ...string) (string, error) {
	return runIn(a.dir, command, args...)
}

func runIn(dir, command string, args ...string) (string, error) {
	cmd := exec.Command(command, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out), err
}

func (a *adopter) generate(flag string) (string, error) {
	args := []string{"generate", flag}
	if a.m.Config != "" && flag != "-clean" {
		args = append(args, "-config="+a.m.Config)
	}
	return a.run(a.tool.Command, append(args, "./...")...)
}

// identity compares the machine code of the copy with that before adoption, and
// returns the report's total.
func (a *adopter) identity() (string, error) {
	out, err := a.run(a.tool.Command, "identity", "-base=HEAD", "-tests", "./...")
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) > 1 {
		return lines[len(lines)-2] + ": " + lines[len(lines)-1], nil
	}
	return out, nil
}

// test runs the module's tests. Go vet's opinion of an old module under a new
// language version is not the point.
func (a *adopter) test(flags ...string) (Verdicts, error) {
	command := append([]string{"go", "-C", a.dir, "test", "-json", "-vet=off"}, flags...)
	return runTests(append(command, "./...")...)
}

// edited edits an adopted file and expects that -check notices.
func (a *adopter) edited(files map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := files[name]
		if !strings.HasPrefix(text, "//go:build !vimage\n") ||
			strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "zz_vnet_plain.go" {
			continue
		}
		path := filepath.Join(a.dir, name)
		const edit = "\nvar corpusEdit int\n\n" +
			"// CorpusEdit counts.\nfunc CorpusEdit() int { corpusEdit++; return corpusEdit }\n"
		if err := os.WriteFile(path, []byte(text+edit), 0o666); err != nil {
			return err
		}
		twin := strings.TrimSuffix(filepath.Base(name), ".go") + "_vimage.go"
		said, err := a.generate("-check")
		if err == nil || !strings.Contains(said, twin) {
			return fmt.Errorf("-check does not name %s after an edit of %s:\n%s", twin, name, said)
		}
		return os.WriteFile(path, []byte(text), 0o666)
	}
	return errors.New("no file has the constraint !vimage alone")
}

// snapshot returns the texts of all files.
func (a *adopter) snapshot() (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(a.dir, path)
		out[rel] = string(text)
		return err
	})
	return out, err
}

// changed names the files that two snapshots do not have alike.
func changed(a, b map[string]string) (names []string) {
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
