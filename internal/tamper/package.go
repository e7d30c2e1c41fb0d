package tamper

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects"
)

// A Package is one that is tampered with.
type Package struct {
	Path, Name string
	dir, lang  string
	names      []string // of its files
	src        map[string][]byte
	fset       *token.FileSet
	files      []*ast.File
	types      *types.Package
	info       *types.Info
	imports    []byte // the compiler's importcfg
}

type listed struct {
	ImportPath, Name, Dir, Export         string
	Standard, DepOnly                     bool
	GoFiles, CgoFiles, SFiles, EmbedFiles []string
	ImportMap                             map[string]string
	Module                                *struct{ GoVersion string }
}

// Load reads the packages that patterns match, in a folder, and their imports
// outside of the standard library, as far as the compiler alone can make them.
func Load(ctx context.Context, dir string, patterns ...string) ([]*Package, error) {
	list, err := objects.List[listed](ctx, objects.Config{Dir: dir}, append([]string{
		"list", "-deps", "-export", "-json=ImportPath,Name,Dir,Export,Standard,DepOnly,GoFiles,CgoFiles,SFiles,EmbedFiles,ImportMap,Module", "--",
	}, patterns...))
	if err != nil {
		return nil, err
	}
	var imports bytes.Buffer
	exports := map[string]string{}
	var all []*listed
	for _, l := range list {
		if l.Export != "" {
			fmt.Fprintf(&imports, "packagefile %s=%s\n", l.ImportPath, l.Export)
			exports[l.ImportPath] = l.Export
		}
		if !l.Standard && len(l.CgoFiles)+len(l.SFiles)+len(l.EmbedFiles)+len(l.ImportMap) == 0 {
			all = append(all, l)
		}
	}
	var packages []*Package
	for _, l := range all {
		p := &Package{
			Path: l.ImportPath, Name: l.Name, dir: l.Dir, names: l.GoFiles, imports: imports.Bytes(),
			src: map[string][]byte{}, fset: token.NewFileSet(),
			info: &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}},
		}
		if l.Module != nil && l.Module.GoVersion != "" {
			p.lang = "go" + l.Module.GoVersion
		}
		for _, name := range l.GoFiles {
			if p.src[name], err = os.ReadFile(filepath.Join(l.Dir, name)); err != nil {
				return nil, err
			}
			f, err := parser.ParseFile(p.fset, name, p.src[name], parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, f)
		}
		conf := types.Config{Importer: importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
		if p.types, err = conf.Check(p.Path, p.fset, p.files, p.info); err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	return packages, nil
}

func (p *Package) text(n ast.Node) string {
	f := p.fset.File(n.Pos())
	return string(p.src[f.Name()][f.Offset(n.Pos()):f.Offset(n.End())])
}

// apply returns the mutated file.
func (p *Package) apply(m Mutation) (name string, src []byte) {
	edits := slices.SortedFunc(slices.Values(m.edits), func(a, b edit) int { return int(b.start - a.start) })
	f := p.fset.File(edits[0].start)
	src = slices.Clone(p.src[f.Name()])
	for _, e := range edits { // the last first
		src = slices.Replace(src, f.Offset(e.start), f.Offset(e.end), []byte(e.text)...)
	}
	return f.Name(), src
}

// compile makes an object in a folder, with one file changed, and returns its
// name and what the compiler printed.
func (p *Package) compile(ctx context.Context, dir string, changed string, src []byte, flags ...string) (object, printed string, err error) {
	importcfg := filepath.Join(dir, "importcfg")
	if err := os.WriteFile(importcfg, p.imports, 0o666); err != nil {
		return "", "", err
	}
	path := p.Path
	if p.Name == "main" {
		path = "main"
	}
	object = filepath.Join(dir, "p.a")
	args := []string{"tool", "compile", "-o", object, "-p", path, "-complete", "-importcfg", importcfg, "-trimpath", dir, "-pack", "-c", "2"}
	if p.lang != "" {
		args = append(args, "-lang", regexp.MustCompile(`^go\d+\.\d+`).FindString(p.lang))
	}
	args = append(args, flags...)
	for _, name := range p.names {
		file := filepath.Join(dir, name)
		text := p.src[name]
		if name == changed {
			text = src
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return "", "", err
		}
		args = append(args, file)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = p.dir
	out, err := cmd.CombinedOutput()
	return object, string(out), err
}

// positions are what differs in a listing for reasons of lines alone.
var positions = regexp.MustCompile(`\([^()\s]*:\d+(\[[^\]]*\])?\)|\(<[^>]*>(:\d+)?\)`)

// listing is the compiler's own, without positions, and without the numbers and
// the order of data that has no name.
func (p *Package) listing(ctx context.Context, dir, changed string, src []byte) (string, error) {
	_, out, err := p.compile(ctx, dir, changed, src, "-S", "-dwarf=false")
	out = positions.ReplaceAllString(strings.ReplaceAll(out, dir, ""), "")
	out = regexp.MustCompile(`\.\.(stmp_|gobytes\.)\d+`).ReplaceAllString(out, "..$1")
	// A symbol's lines are indented below its name.
	symbols := strings.Split(strings.ReplaceAll(out, "\n\t", "\x00"), "\n")
	slices.Sort(symbols)
	return strings.Join(symbols, "\n"), err
}
