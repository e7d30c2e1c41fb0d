package collisions

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A decl is one package-level declaration of a name.
type decl struct {
	id   *ast.Ident
	file *ast.File
	kind string // "variable", "constant", "function" or "type"
	spec *ast.ValueSpec
	i    int // which of the spec's names
}

// constrained reports variables that are something else where this build's file
// is left out.
func (c *checker) constrained() error {
	here := map[string]decl{}
	for _, f := range c.files {
		if limited(f, c.path(f)) {
			for _, d := range decls(f) {
				here[d.id.Name] = d
			}
		}
	}
	if len(here) == 0 {
		return nil
	}
	reported := map[string]bool{}
	for _, path := range slices.Sorted(slices.Values(c.pass.IgnoredFiles)) {
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		f, err := c.parse(path)
		if err != nil {
			return err
		}
		if f == nil || f.Name.Name != c.pass.Pkg.Name() || ours(f) || !limited(f, path) || !possible(f) {
			continue
		}
		for _, there := range decls(f) {
			d, ok := here[there.id.Name]
			if ok && !reported[d.id.Name] && c.differ(d, there) {
				reported[d.id.Name] = true
			}
		}
	}
	return nil
}

// parse parses a file that is not in the build; nil if it does not parse.
func (c *checker) parse(path string) (*ast.File, error) {
	src, err := c.pass.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(c.pass.Fset, path, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil // some other platform's compiler says so
	}
	return f, nil
}

// differ reports two declarations of one name, if at least one is a variable
// that goes into a container and the container cannot be the same for both.
func (c *checker) differ(d, there decl) bool {
	if d.kind != "variable" && there.kind != "variable" {
		return false
	}
	obj := c.pass.Pkg.Scope().Lookup(d.id.Name)
	if d.kind == "variable" && !c.carried(obj) {
		return false
	}
	if d.kind != "variable" {
		return false // nothing can write it in the files that are seen
	}
	what := ""
	if there.kind != "variable" {
		what = "is a " + there.kind
	} else {
		t1 := c.typeOf(obj.Type())
		t2 := c.spelled(there)
		if t2 == "" || t1 == t2 {
			return false
		}
		what = fmt.Sprintf("has type %s", t2)
	}
	at := c.pass.Fset.Position(there.id.Pos())
	c.report(analysis.Diagnostic{
		Pos: d.id.Pos(), End: d.id.End(), Category: ruleConstrained,
		Message: fmt.Sprintf("variable %s has type %s here and %s at %s:%d: a committed build's container has one field for it; declare it with one type, for instance that of a struct which each platform defines",
			d.id.Name, c.typeOf(obj.Type()), what, base(at.Filename), at.Line),
		Related: []analysis.RelatedInformation{{Pos: there.id.Pos(), End: there.id.End(), Message: "the other declaration"}},
	})
	return true
}

func decls(f *ast.File) []decl {
	var out []decl
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
				out = append(out, decl{id: d.Name, file: f, kind: "function"})
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					out = append(out, decl{id: s.Name, file: f, kind: "type"})
				case *ast.ValueSpec:
					kind := map[token.Token]string{token.VAR: "variable", token.CONST: "constant"}[d.Tok]
					for i, id := range s.Names {
						if id.Name != "_" {
							out = append(out, decl{id: id, file: f, kind: kind, spec: s, i: i})
						}
					}
				}
			}
		}
	}
	return out
}

// limited reports whether a file is in some builds and not in others.
func limited(f *ast.File, path string) bool {
	return expr(f) != nil || platform(base(path))
}

// platform reports whether a file's name ends in one of the platforms that the
// go command knows.
func platform(base string) bool {
	name := strings.TrimSuffix(strings.TrimSuffix(base, ".go"), "_test")
	_, rest, ok := strings.Cut(name, "_")
	if !ok {
		return false
	}
	words := strings.Split(rest, "_")
	return slices.Contains(platforms(), words[len(words)-1])
}

// platforms are the values of GOOS and GOARCH that limit a file by its name.
func platforms() []string {
	return strings.Fields(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
		386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le
		ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)
}

// expr is the file's build constraint, or nil.
func expr(f *ast.File) constraint.Expr {
	for _, g := range f.Comments {
		if g.Pos() > f.Package {
			break
		}
		for _, line := range g.List {
			if constraint.IsGoBuild(line.Text) {
				if x, err := constraint.Parse(line.Text); err == nil {
					return x
				}
			}
		}
	}
	return nil
}

// possible reports whether some build has the file. The tag ignore is set in
// none.
func possible(f *ast.File) bool {
	x := expr(f)
	if x == nil {
		return true
	}
	var tags []string
	x.Eval(func(tag string) bool {
		tags = append(tags, tag)
		return false
	})
	var all func(constraint.Expr)
	all = func(x constraint.Expr) {
		switch x := x.(type) {
		case *constraint.AndExpr:
			all(x.X)
			all(x.Y)
		case *constraint.OrExpr:
			all(x.X)
			all(x.Y)
		case *constraint.NotExpr:
			all(x.X)
		case *constraint.TagExpr:
			if x.Tag != "ignore" && !slices.Contains(tags, x.Tag) {
				tags = append(tags, x.Tag)
			}
		}
	}
	tags = nil
	all(x)
	if len(tags) > 16 {
		return true
	}
	for set := range 1 << len(tags) {
		if x.Eval(func(tag string) bool {
			i := slices.Index(tags, tag)
			return i >= 0 && set&(1<<i) != 0
		}) {
			return true
		}
	}
	return false
}
