package goroot

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A tree is GOROOT/src with edits to some of its files.
type tree struct {
	src     string
	files   map[string]*file // by path below src
	applied map[string]bool  // names of anchors
}

// A file is one that was looked at.
type file struct {
	name  string
	text  []byte
	fset  *token.FileSet
	ast   *ast.File
	edits []edit
}

// An edit puts text in the place of the bytes from..to, often none.
type edit struct {
	from, to int
	text     string
}

func newTree(src string) *tree {
	return &tree{src: src, files: map[string]*file{}, applied: map[string]bool{}}
}

// clone returns a tree whose edits can be thrown away.
func (t *tree) clone() *tree {
	c := &tree{src: t.src, files: map[string]*file{}, applied: maps.Clone(t.applied)}
	for name, f := range t.files {
		g := *f
		g.edits = slices.Clone(f.edits)
		c.files[name] = &g
	}
	return c
}

// apply makes the edits of all anchors. The error names each that is missing.
func (t *tree) apply(anchors []anchor) error {
	var errs []error
	for _, a := range anchors {
		f, decl, err := t.find(a.pkg, a.file, a.decl)
		if err == nil && a.edit != nil && !a.edit(f, decl) {
			err = fmt.Errorf("%s/%s has changed", a.pkg, f.base())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("anchor %s: %w", a.name(), err))
			continue
		}
		t.applied[a.name()] = true
	}
	return errors.Join(errs...)
}

// has reports whether all of the anchors are applied.
func (t *tree) has(anchors []anchor) bool {
	return !slices.ContainsFunc(anchors, func(a anchor) bool { return !t.applied[a.name()] })
}

// edited returns the edited files by absolute path.
func (t *tree) edited() map[string][]byte {
	out := map[string][]byte{}
	for name, f := range t.files {
		if len(f.edits) > 0 {
			out[filepath.Join(t.src, filepath.FromSlash(name))] = f.bytes()
		}
	}
	return out
}

// find looks for the package-level declaration of name, or of the method
// T.name, first in the file where it is known to be, then in the rest of the
// package. What it returns is a FuncDecl, or the Spec.
func (t *tree) find(pkg, base, name string) (*file, ast.Node, error) {
	if f, err := t.open(pkg + "/" + base); err == nil {
		if decl := declaration(f.ast, name); decl != nil {
			return f, decl, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	entries, err := os.ReadDir(filepath.Join(t.src, filepath.FromSlash(pkg)))
	if err != nil {
		return nil, nil, fmt.Errorf("package %s: %w", pkg, errors.Unwrap(err))
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := t.open(pkg + "/" + e.Name())
		if err != nil {
			return nil, nil, err
		}
		if decl := declaration(f.ast, name); decl != nil {
			return f, decl, nil
		}
	}
	return nil, nil, fmt.Errorf("package %s does not declare it", pkg)
}

func (t *tree) open(name string) (*file, error) {
	if f := t.files[name]; f != nil {
		return f, nil
	}
	text, err := os.ReadFile(filepath.Join(t.src, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	f, err := parse(name, text)
	if err != nil {
		return nil, err
	}
	t.files[name] = f
	return f, nil
}

func parse(name string, text []byte) (*file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &file{name: name, text: text, fset: fset, ast: tree}, nil
}

func declaration(f *ast.File, name string) ast.Node {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if functionName(d) == name {
				return d
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.Name == name {
						return s
					}
				case *ast.ValueSpec:
					for _, id := range s.Names {
						if id.Name == name {
							return s
						}
					}
				}
			}
		}
	}
	return nil
}

// functionName is F, or T.F for a method of T or *T.
func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return "" // of a generic type
}

func (f *file) base() string { return f.name[strings.LastIndexByte(f.name, '/')+1:] }

func (f *file) insert(pos token.Pos, text string) {
	f.edits = append(f.edits, edit{f.offset(pos), f.offset(pos), text})
}

// wrap puts text before and after a node.
func (f *file) wrap(n ast.Node, before, after string) {
	f.insert(n.Pos(), before)
	f.insert(n.End(), after)
}

func (f *file) replace(n ast.Node, text string) {
	f.edits = append(f.edits, edit{f.offset(n.Pos()), f.offset(n.End()), text})
}

func (f *file) offset(pos token.Pos) int { return f.fset.PositionFor(pos, false).Offset }

// source returns the text of a node.
func (f *file) source(n ast.Node) string { return string(f.text[f.offset(n.Pos()):f.offset(n.End())]) }

// bytes returns the text with the edits made, in the order of their offsets,
// and those of one offset in the order in which they came.
func (f *file) bytes() []byte {
	edits := slices.Clone(f.edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(f.text[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(f.text[at:])
	return out.Bytes()
}
