package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/sysctls"
)

// sysctl writes, or with -check compares, the files that register what
// //vimage:sysctl marks.
func (t *tool) sysctl(ctx context.Context, args []string) error {
	c, line, err := ownLine("sysctl", t.dir, args, map[string]bool{"check": true})
	if err != nil {
		return err
	}
	if info, err := os.Stat(c.dir); err != nil || !info.IsDir() {
		return usageError{fmt.Sprintf("-C %s: no such directory", c.dir)}
	}
	patterns := c.packages()
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	dirs, err := t.packageDirs(ctx, c, patterns)
	if err != nil {
		return err
	}
	files := map[string][]byte{} // nil: is not to be there
	for _, dir := range dirs {
		if err := sysctlFiles(dir, c.dir, files); err != nil {
			return err
		}
	}
	return commitSysctls(files, c.dir, line.Bool("check"))
}

// packageDirs returns the folders of the main modules' packages that patterns
// name.
func (t *tool) packageDirs(ctx context.Context, c *command, patterns []string) ([]string, error) {
	args := slices.Concat([]string{"list", "-e", "-find", "-json=Dir,Module,Error"}, c.loading(), []string{"--"}, patterns)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = c.dir, append(slices.Clip(t.env), "PWD="+c.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	t.trace(c, args)
	out, err := cmd.Output()
	if err != nil {
		return nil, inputError{errors.New(strings.TrimSpace(stderr.String() + "\n" + err.Error()))}
	}
	var dirs []string
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir    string
			Module *struct{ Main bool }
			Error  *struct{ Err string }
		}
		if err := dec.Decode(&p); err == io.EOF {
			return dirs, nil
		} else if err != nil {
			return nil, err
		}
		switch {
		case p.Dir == "" && p.Error != nil:
			return nil, inputError{errors.New(p.Error.Err)}
		case p.Dir == "" || p.Module == nil || !p.Module.Main:
			return nil, inputError{fmt.Errorf("%s is not a package of the main module", gen.Rel(c.dir, p.Dir))}
		}
		dirs = append(dirs, p.Dir)
	}
}

// sysctlFiles adds what the Go files of a folder ask for, whatever their build
// constraints.
func sysctlFiles(dir, from string, files map[string][]byte) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		base := filepath.Base(path)
		if of, ok := sysctls.Beside(base); ok {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			author := filepath.Join(dir, of)
			if _, err := os.Stat(author); err != nil && bytes.Contains(text, []byte("// "+naming.Header)) {
				files[path] = nil
			}
			continue
		}
		if base[0] == '_' || base[0] == '.' { // the go command does not look at it
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(src, []byte("// "+naming.Header)) { // a twin, whose author's file is looked at
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return statusOf(err)
		}
		_, problems := directive.Read(f)
		for _, q := range problems {
			at := fset.PositionFor(q.Pos, false)
			at.Filename = gen.Rel(from, path)
			return inputError{fmt.Errorf("%s: %s", at, q.Message)}
		}
		text, err := sysctls.File(fset, f)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		files[filepath.Join(dir, sysctls.Name(base))] = text
	}
	return nil
}

// statusOf makes a syntax error the program's own.
func statusOf(err error) error {
	fmt.Fprintln(os.Stderr, err)
	return statusError(exitFailed)
}

// commitSysctls writes what differs and removes what is not to be there, or
// tells of both.
func commitSysctls(files map[string][]byte, dir string, check bool) error {
	write := map[string][]byte{}
	var remove, stale []string
	for path, want := range files {
		have, err := os.ReadFile(path)
		switch {
		case want == nil && err == nil:
			remove = append(remove, path)
			stale = append(stale, gen.Rel(dir, path)+": nothing is left to register")
		case want != nil && (err != nil || !bytes.Equal(have, want)):
			if err == nil && !bytes.Contains(have, []byte("// "+naming.Header)) {
				return inputError{fmt.Errorf("%s: not written by vimagegen, so it stays", gen.Rel(dir, path))}
			}
			write[path] = want
			what := ": out of date"
			if err != nil {
				what = ": missing"
			}
			stale = append(stale, gen.Rel(dir, path)+what)
		}
	}
	if check {
		slices.Sort(stale)
		for _, s := range stale {
			fmt.Println(s)
		}
		if len(stale) > 0 {
			return statusError(exitFailed)
		}
		return nil
	}
	if err := writeFiles(write); err != nil {
		return err
	}
	for _, path := range remove {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
