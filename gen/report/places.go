package report

import (
	"bytes"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// places names positions without naming the machine.
type places struct {
	prog  *load.Program
	dirs  map[string]*load.Package // by folder
	lines map[string][][]byte      // by file
	moves *regexp.Regexp           // matches a directive that moves positions
}

func newPlaces(prog *load.Program) *places {
	ps := &places{prog: prog, dirs: map[string]*load.Package{}, lines: map[string][][]byte{}, moves: regexp.MustCompile(`(?m)^//line |/\*line `)}
	for _, p := range prog.Packages {
		if ps.dirs[p.Dir] == nil {
			ps.dirs[p.Dir] = p
		}
	}
	return ps
}

// A module is where a package comes from.
type module struct {
	path, version string
	main          bool
}

func (ps *places) module(p *load.Package) module {
	switch {
	case p.Standard:
		return module{path: "std"}
	case p.Module == nil: // Go files named on the command line, outside of any module
		return module{main: true}
	}
	return module{p.Module.Path, p.Module.Version, p.Module.Main}
}

func (ps *places) at(pos token.Position) Place {
	out := Place{
		File: filepath.Base(pos.Filename), Line: pos.Line, Column: pos.Column,
		path: pos.Filename, source: ps.line(pos.Filename, pos.Line),
	}
	p := ps.dirs[filepath.Dir(pos.Filename)]
	if p == nil { // named by a //line directive that leads elsewhere
		return out
	}
	m := ps.module(p)
	out.Module, out.Version = m.path, m.version
	out.File = path.Join(ps.folder(p, m), out.File)
	return out
}

// folder is a package's folder in its module. A vendored package lies in another module's, and a path on the
// command line is no import path: so the one is told by the import path, the other by the folder.
func (ps *places) folder(p *load.Package, m module) string {
	if !p.Standard && p.Module != nil && p.Module.Dir != "" {
		if rel, err := filepath.Rel(p.Module.Dir, p.Dir); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	if p.Standard {
		return p.Path
	}
	if rest, ok := strings.CutPrefix(strings.TrimSuffix(p.Path, "_test"), m.path); ok && m.path != "" {
		return strings.TrimPrefix(rest, "/")
	}
	return ""
}

// line returns a line of a file of the program. A file in which //line directives move positions has none to show: the
// number is not the file's own.
func (ps *places) line(name string, n int) string {
	lines, ok := ps.lines[name]
	if !ok {
		if f := ps.prog.Files[name]; f != nil && !ps.moves.Match(f.Src) {
			lines = bytes.Split(f.Src, []byte("\n"))
		}
		ps.lines[name] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(string(lines[n-1]))
}
