package pages

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/analyzers/sharedvars"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// prefix begins the base names of generated files.
const prefix = "zz_page_"

// Generated reports whether a base name is one of a file that this package
// generates.
func Generated(base string) bool {
	return strings.HasPrefix(base, prefix) && strings.HasSuffix(base, ".go")
}

// A Package is the input.
type Package struct {
	Dir   string            // for positions
	Files map[string][]byte // Go files of the build, by base name, without tests
	// ABI returns the text of an .abi file, nil if there is none.
	ABI func(base string) ([]byte, error)
	// Version is the module's Go version, for the formatter.
	Version, Module string
}

// A Problem is a declaration that cannot be published.
type Problem struct {
	Pos     token.Position
	Message string
}

// Files returns the files to generate, by base name. With problems it returns
// none. Without pages it returns none either.
func Files(p *Package) (map[string][]byte, []Problem, error) {
	fset := token.NewFileSet()
	files, err := parse(fset, p)
	if err != nil || files == nil {
		return nil, nil, err
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
	}
	conf := types.Config{
		Error: func(error) {}, Importer: none{}, FakeImportC: true, // the compiler reports what is wrong
	}
	pkg, _ := conf.Check(files[0].Name.Name, fset, files, info)
	found, wrong := sharedvars.Read(files, info, pkg)
	out := map[string][]byte{}
	for _, f := range found {
		schema, more, err := p.merge(f)
		if err != nil {
			return nil, nil, err
		}
		if wrong = append(wrong, more...); len(wrong) > 0 {
			continue
		}
		text, err := emit(f, schema, fset, files, p)
		if err != nil {
			return nil, nil, err
		}
		out[prefix+f.Name+".go"] = text
		out[f.File()] = abi(schema)
	}
	var problems []Problem
	for _, w := range wrong {
		problems = append(problems, Problem{fset.PositionFor(w.Pos, false), w.Message})
	}
	if problems != nil {
		return nil, problems, nil
	}
	return out, nil, nil
}

// parse returns the author's files, nil if none has a page.
func parse(fset *token.FileSet, p *Package) ([]*ast.File, error) {
	var files []*ast.File
	any := false
	names := make([]string, 0, len(p.Files))
	for name := range p.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		src := p.Files[name]
		if Generated(name) && bytes.HasPrefix(src, []byte("// "+naming.Header)) {
			continue
		}
		f, err := parser.ParseFile(fset, p.Dir+"/"+name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, m := range directive.Marks(f) {
			any = any || m.Verb == directive.SharedPage || m.Verb == directive.Vdso
		}
		files = append(files, f)
	}
	if !any {
		return nil, nil
	}
	return files, nil
}

// none imports nothing.
type none struct{}

func (none) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }

// merge returns a page's schema.
func (p *Package) merge(f *sharedvars.Page) (page.Schema, []sharedvars.Problem, error) {
	text, err := p.ABI(f.File())
	if err != nil {
		return page.Schema{}, nil, err
	}
	if text == nil {
		return f.Schema(), nil, nil
	}
	old, err := page.ParseABI(string(text))
	if err != nil {
		return page.Schema{}, nil, fmt.Errorf("%s/%s: %w", p.Dir, f.File(), err)
	}
	s, problems := f.Merge(old)
	return s, problems, nil
}

// abi returns the text of an .abi file.
func abi(s page.Schema) []byte {
	return []byte("# Kept by vimagegen generate. Commit it.\n" + s.ABI())
}
