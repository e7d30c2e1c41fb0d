package objects

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/cvars"
	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// A source is what a package's text declares.
type source struct {
	pkg       *listed
	fset      *token.FileSet
	vars      map[string]token.Position // Go variables
	linknames map[string]linkname       // by the local name
	asm       map[string]token.Position // data that assembly defines
	c         map[string]token.Position // C variables
	cgo       map[string]bool           // names that cgo's own file declares or links to
}

type linkname struct {
	remote string
	pos    token.Position
}

func readSource(p *listed) (*source, error) {
	s := &source{
		pkg: p, fset: token.NewFileSet(),
		vars: map[string]token.Position{}, linknames: map[string]linkname{},
		asm: map[string]token.Position{}, c: map[string]token.Position{}, cgo: map[string]bool{},
	}
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(s.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.goFile(f)
	}
	if len(p.CgoFiles) > 0 {
		if err := s.cgoFiles(); err != nil {
			return nil, err
		}
		for _, name := range slices.Concat(p.CFiles, p.CXXFiles, p.MFiles, p.HFiles) {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return nil, err
			}
			for _, v := range cvars.Scan(string(src)) {
				s.c[v.Name] = token.Position{Filename: filepath.Join(p.Dir, name), Line: v.Line + 1, Column: v.Col}
			}
		}
	}
	for _, name := range p.SFiles {
		if err := s.assembly(filepath.Join(p.Dir, name)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *source) goFile(f *ast.File) {
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				if gen.Tok == token.VAR {
					for _, id := range spec.Names {
						s.vars[id.Name] = s.fset.Position(id.Pos())
					}
				}
			case *ast.ImportSpec:
				if spec.Path.Value != `"C"` {
					continue
				}
				for _, doc := range []*ast.CommentGroup{gen.Doc, spec.Doc} {
					if doc == nil {
						continue
					}
					at := s.fset.Position(doc.Pos())
					for _, v := range cvars.Scan(cvars.Preamble(doc)) {
						s.c[v.Name] = token.Position{Filename: at.Filename, Line: at.Line + v.Line, Column: v.Col}
					}
				}
			}
		}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if w := strings.Fields(c.Text); len(w) > 1 && w[0] == "//go:linkname" {
				l := linkname{pos: s.fset.Position(c.Pos())}
				if len(w) > 2 {
					l.remote = w[2]
				}
				s.linknames[w[1]] = l
			}
		}
	}
}

// cgoFiles reads what cgo declares for itself in files that are not the author's.
func (s *source) cgoFiles() error {
	for _, path := range s.pkg.CompiledGoFiles {
		if !filepath.IsAbs(path) {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(src), "\n//line ") { // made of a file of the author's
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.VAR {
				for _, spec := range gen.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						s.cgo[id.Name] = true
					}
				}
			}
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if w := strings.Fields(c.Text); len(w) == 3 && w[0] == "//go:linkname" {
					s.cgo[w[2]] = true
				}
			}
		}
	}
	return nil
}

// globl matches the definition of a data symbol in Plan 9 assembly: GLOBL pkg·name<>(SB).
var globl = regexp.MustCompile(`^\s*GLOBL\s+(?:[\w∕./]*·)?(\w+)(?:<>)?\(SB\)`)

func (s *source) assembly(path string) error {
	src, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(src)) {
		n++
		if m := globl.FindStringSubmatch(line); m != nil {
			s.asm[m[1]] = token.Position{Filename: path, Line: n}
		}
	}
	return nil
}

// static is the mark that the assembler and the compiler give to a file's own symbols: name<1>.
var static = regexp.MustCompile(`<\d+>$`)

// inFunction is the number that C compilers give to a function's static variable: calls.0.
var inFunction = regexp.MustCompile(`\.\d+$`)

// account says what a symbol is.
func (s *source) account(sym Writable) Symbol {
	out := Symbol{Package: s.pkg.ImportPath, Name: sym.Name, Kind: Unseen, Note: sym.Member}
	if sym.Native {
		return s.native(sym, out)
	}
	name := static.ReplaceAllString(sym.Name, "")
	local, own := strings.CutPrefix(name, objfile.Prefix(s.pkg.ImportPath, s.pkg.Name))
	if !own {
		return s.foreign(name, out)
	}
	out.Name = local
	if pos, ok := s.asm[local]; ok {
		out.Kind, out.Pos, out.Note = Assembly, pos, ""
		return out
	}
	if pos, ok := s.vars[local]; ok {
		out.Kind, out.Pos, out.Note = Declared, pos, ""
		if l := s.linknames[local]; l.remote != "" {
			out.Kind, out.Note = Linkname, l.remote
		}
		return out
	}
	if strings.HasPrefix(local, ".") || s.cgo[local] || strings.HasPrefix(local, "_cgo_") {
		out.Kind, out.Note = Made, ""
	}
	return out
}

// foreign accounts for a symbol that does not bear the package's path.
func (s *source) foreign(name string, out Symbol) Symbol {
	for local, l := range s.linknames {
		if l.remote == name {
			out.Name, out.Kind, out.Pos, out.Note = local, Linkname, l.pos, name
			return out
		}
	}
	if pos, ok := s.asm[name[strings.LastIndex(name, ".")+1:]]; ok {
		out.Name = name
		out.Kind, out.Pos, out.Note = Assembly, pos, ""
		return out
	}
	if pos, ok := s.c[name]; ok { // cgo's own name for it
		out.Kind, out.Pos, out.Note = C, pos, ""
		return out
	}
	if s.cgo[name] || compilers(name) {
		out.Kind, out.Note = Made, ""
	}
	return out
}

// compilers reports whether a symbol of no package's is the toolchain's own.
func compilers(name string) bool {
	for _, p := range []string{"go:", "type:", "gclocals·", "runtime.gcbits", "go.shape.", "..", "_cgo_", "local.", "$f"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return strings.Contains(name, "..dict") || strings.Contains(name, "..inittask") || strings.Contains(name, "..stmp_")
}

// native accounts for a symbol of an object that the C compiler made.
func (s *source) native(sym Writable, out Symbol) Symbol {
	name := inFunction.ReplaceAllString(sym.Name, "")
	if pos, ok := s.c[name]; ok {
		out.Name, out.Kind, out.Pos, out.Note = name, C, pos, ""
		return out
	}
	if strings.HasPrefix(name, "_cgo_") || strings.HasPrefix(name, "_cgoexp_") || strings.HasPrefix(name, "x_cgo") || strings.HasPrefix(name, "__cgo") {
		out.Kind, out.Note = Made, ""
	}
	return out
}
