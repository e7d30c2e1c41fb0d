package corpus

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

//go:embed adopted.txt
var adoptedExplanations string

// An Adoption is what became of a module that has adopted committed builds.
type Adoption struct {
	Plain, Vimage Verdicts // of its tests, on the stock toolchain
	Differences   []Difference
	Files, Notes  int           // that were written or changed; lines about what images share
	Generate      time.Duration // the first run
	Unchanged     time.Duration // -check, of the same tree
}

// Adopt copies a module, adopts committed builds in it as its maintainers would,
// and runs its tests in both builds. An error says what does not hold: a second
// run changes something, -check does not pass, or does not notice an edit, or
// -clean does not restore the tree to the byte.
func Adopt(tool Tool, dir string, m Module) (*Adoption, error) {
	source, err := m.fetched()
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	a := &adopter{tool: tool, m: m, dir: filepath.Join(dir, m.Name)}
	if err := a.copied(source, root); err != nil {
		return nil, err
	}
	before, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	res := new(Adoption)
	began := time.Now()
	said, err := a.generate("-adopt")
	if err != nil {
		return nil, err
	}
	res.Generate, res.Notes = time.Since(began), strings.Count(said, "\n")
	after, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	res.Files = len(changed(before, after))
	if res.Plain, err = a.test(); err != nil {
		return nil, err
	}
	if res.Vimage, err = a.test("-tags=vimage"); err != nil {
		return nil, err
	}
	all := compare(res.Plain, res.Vimage)
	res.Differences = slices.DeleteFunc(slices.Clone(all), func(d Difference) bool { // a package fails with its tests
		return d.Test == "" && slices.ContainsFunc(all, func(o Difference) bool {
			return o.Test != "" && o.Package == d.Package
		})
	})
	if err := explain(adoptedExplanations, m.Path, res.Differences); err != nil {
		return nil, err
	}
	began = time.Now()
	if said, err := a.generate("-check"); err != nil {
		return nil, fmt.Errorf("-check of what was just written: %w\n%s", err, said)
	}
	res.Unchanged = time.Since(began)
	if err := a.edited(after); err != nil {
		return nil, err
	}
	if _, err := a.generate("-clean"); err != nil {
		return nil, err
	}
	clean, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	if names := changed(before, clean); len(names) > 0 {
		return nil, fmt.Errorf("-clean does not restore %s", strings.Join(names, ", "))
	}
	return res, nil
}

// An adopter works in the copy of one module.
type adopter struct {
	tool Tool
	m    Module
	dir  string
}

// copied copies the module, and has it require the tool, which lies in root.
func (a *adopter) copied(from, root string) error {
	if err := os.CopyFS(a.dir, os.DirFS(from)); err != nil {
		return err
	}
	if err := filepath.WalkDir(a.dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chmod(path, 0o755)) // the module cache is read-only
	}); err != nil {
		return err
	}
	const vimage = "github.com/go-vimage/vimage"
	_, err := a.run("go", "mod", "edit", "-go=1.26",
		"-replace="+vimage+"="+root, "-require="+vimage+"@v0.0.0", "-tool="+vimage+"/cmd/vimagegen")
	if err != nil {
		return err
	}
	_, err = a.run("go", "mod", "tidy")
	return err
}

// run runs a command in the copy, and returns what it says.
func (a *adopter) run(command ...string) (string, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = a.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
	}
	return string(out), err
}

func (a *adopter) generate(flag string) (string, error) {
	args := []string{a.tool.Command, "generate", flag}
	if a.m.Config != "" && flag != "-clean" {
		args = append(args, "-config="+a.m.Config)
	}
	return a.run(append(args, "./...")...)
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
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(a.dir, path)
		out[rel] = string(bytes.Clone(text))
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
