package generate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// A listed package is what the go command says of a package of the main module.
type listed struct {
	ImportPath, Name, Dir              string
	Module                             *load.Module
	GoFiles, TestGoFiles, XTestGoFiles []string
	CgoFiles, IgnoredGoFiles           []string
	Error                              *struct{ Err string }
}

// files are the names of the files that this configuration builds.
func (p *listed) files() []string {
	return slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles)
}

// goList lists packages as a configuration has them; nil is for the
// environment's.
func (g *generator) goList(ctx context.Context, c *config, patterns ...string) ([]*listed, error) {
	if c == nil {
		c = &config{host: true}
	}
	const fields = "ImportPath,Name,Dir,Module,GoFiles,TestGoFiles,XTestGoFiles,CgoFiles,IgnoredGoFiles,Error"
	list := []string{"list", "-e", "-find", "-json=" + fields}
	args := slices.Concat(list, c.flags(g.req.Flags), []string{"--"}, patterns)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = g.req.Dir, c.env(g.req.Env)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if g.req.Trace != nil {
		g.req.Trace(append([]string{"go"}, args...))
	}
	out, err := cmd.Output()
	if err != nil {
		return nil, &load.ProgramError{Text: strings.TrimSpace(stderr.String() + "\n" + err.Error())}
	}
	var all []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// overlaid calls f with the name of an overlay that shows changes to the go
// command.
func (g *generator) overlaid(changes []Change, f func(file string) error) (err error) {
	dir, err := os.MkdirTemp("", "vimage-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for i, c := range changes {
		overlay.Replace[c.Path] = ""
		if c.New != nil {
			name := filepath.Join(dir, strconv.Itoa(i)+".go")
			if err := os.WriteFile(name, c.New, 0o666); err != nil {
				return err
			}
			overlay.Replace[c.Path] = name
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		return err
	}
	return f(file)
}
