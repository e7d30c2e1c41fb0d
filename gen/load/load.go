package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Config says what to load.
type Config struct {
	Dir         string
	Env         []string          // the environment of the go command; GOROOT, GOARCH and so on as it resolves them
	Flags       []string          // build flags, without -overlay
	OverlayJSON string            // file for the go command's -overlay
	Overlay     map[string][]byte // the same, as contents
	Tests       bool
	// Broken tolerates packages that do not parse or type-check: they are named in Program.Broken, as go test goes on
	// with the other packages.
	Broken    bool
	GOARCH    string
	GoVersion string // language version of the standard library: "go1.26"
	// Bodies says whether a standard package's function bodies are wanted. Others' always are.
	Bodies func(*Listed) bool
	// Extra are patterns that are loaded beside the user's (the launcher).
	Extra []string
	// Parsed, if it is not nil, is shown the program when its files are parsed, those of the standard library left out. If it
	// returns false the program stays as it is then, without types.
	Parsed func(*Program) bool
	// Count is called when a package is type-checked, with how many are and how many there are; nil for none.
	Count func(done, total int)
	// Trace is shown every go command before it runs; nil for none.
	Trace func(args []string)
}

// A File is one parsed Go file.
type File struct {
	Path   string // absolute
	Src    []byte
	Syntax *ast.File
	Test   bool // a _test.go file
	Cgo    bool
	err    error // of reading or parsing it
	// Package is the first package variant, in dependency order, that the file belongs to.
	Package *Package
}

// Broken reports whether the file could not be read or parsed.
func (f *File) Broken() bool { return f.err != nil }

// A Package is one package variant.
type Package struct {
	*Listed
	Path   string // import path without the variant
	Files  []*File
	Types  *types.Package
	Info   *types.Info // nil when bodies were not wanted
	Errors []types.Error
	// Syntax is what Types and Info are about: the files, in which cgo's are as the author wrote them, but in the standard
	// library as the cgo command made them.
	Syntax []*ast.File

	done chan struct{}
}

// A Program is everything a build of the patterns would compile.
type Program struct {
	Fset     *token.FileSet
	Packages []*Package          // dependencies first
	ByID     map[string]*Package // by go list's ImportPath
	Files    map[string]*File    // every parsed file, by path
	Roots    []*Package          // what the patterns matched, test variants apart
	Tests    bool                // the program is the packages' tests
	Sizes    types.Sizes
	Broken   []*Package // those with errors, which are tolerated
}

// Load lists, parses and type-checks.
func Load(ctx context.Context, cfg *Config, patterns []string) (*Program, error) {
	l, err := List(ctx, cfg, patterns)
	if err != nil {
		return nil, err
	}
	return LoadListed(ctx, cfg, l)
}

// LoadListed parses and type-checks what List returned for the same
// configuration.
func LoadListed(ctx context.Context, cfg *Config, listing *Listing) (*Program, error) {
	listed := listing.Packages
	if err := listErrors(listed); err != nil && !cfg.Broken {
		return nil, err
	}
	prog := &Program{
		Fset:  token.NewFileSet(),
		ByID:  map[string]*Package{},
		Files: map[string]*File{},
		Tests: cfg.Tests,
		Sizes: types.SizesFor("gc", cfg.GOARCH),
	}
	if prog.Sizes == nil {
		return nil, fmt.Errorf("unknown GOARCH %q", cfg.GOARCH)
	}
	for _, l := range listed {
		if l.Name == "main" && strings.HasSuffix(l.ImportPath, ".test") && l.ForTest == "" {
			continue // the generated test main
		}
		if l.ImportPath == "unsafe" || l.Name == "" {
			continue // the latter was not found; what imports it does not type-check
		}
		path, _, _ := strings.Cut(l.ImportPath, " ")
		p := &Package{Listed: l, Path: path, done: make(chan struct{})}
		prog.Packages = append(prog.Packages, p)
		prog.ByID[l.ImportPath] = p
		if !l.DepOnly && l.ForTest == "" && !slices.Contains(cfg.Extra, l.ImportPath) {
			prog.Roots = append(prog.Roots, p)
		}
	}
	if err := prog.parse(cfg, false); err != nil {
		return nil, err
	}
	if cfg.Parsed != nil && !cfg.Parsed(prog) {
		return prog, nil
	}
	if err := prog.parse(cfg, true); err != nil {
		return nil, err
	}
	prog.check(ctx, cfg)
	if cfg.Broken {
		for _, p := range prog.Packages {
			if len(p.Errors) > 0 {
				prog.Broken = append(prog.Broken, p)
			}
		}
		return prog, nil
	}
	return prog, prog.errors()
}

// listErrors joins what go list says of broken packages.
func listErrors(listed []*Listed) error {
	var lines []string
	for _, p := range listed {
		if p.Error == nil {
			continue
		}
		text := p.Error.Err
		if p.Error.Pos != "" && !strings.HasPrefix(text, p.Error.Pos) {
			text = p.Error.Pos + ": " + text
		}
		if !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	if lines == nil {
		return nil
	}
	return &ProgramError{strings.Join(lines, "\n")}
}

// parse reads every file of the standard library, or of the other packages, once; variants of a package share their files.
func (prog *Program) parse(cfg *Config, standard bool) error {
	type job struct {
		file *File
		mode parser.Mode
	}
	var jobs []job
	for _, p := range prog.Packages {
		if p.Standard != standard {
			continue
		}
		add := func(name string, cgo bool) {
			path := name
			if !filepath.IsAbs(path) {
				path = filepath.Join(p.Dir, name)
			}
			f := prog.Files[path]
			if f == nil {
				f = &File{Path: path, Test: strings.HasSuffix(name, "_test.go"), Cgo: cgo, Package: p}
				prog.Files[path] = f
				jobs = append(jobs, job{f, parser.ParseComments | parser.SkipObjectResolution})
			}
			p.Files = append(p.Files, f)
		}
		for _, name := range p.GoFiles {
			add(name, false)
		}
		for _, name := range p.CgoFiles {
			add(name, true)
		}
	}
	var wg sync.WaitGroup
	sem := make(chan struct{}, runtime.GOMAXPROCS(0)+2)
	for _, j := range jobs {
		wg.Add(1)
		sem <- struct{}{}
		go func() {
			defer func() { <-sem; wg.Done() }()
			src, ok := cfg.Overlay[j.file.Path]
			if !ok {
				src, j.file.err = os.ReadFile(j.file.Path)
			}
			j.file.Src = src
			if j.file.err == nil {
				j.file.Syntax, j.file.err = parser.ParseFile(prog.Fset, j.file.Path, src, j.mode)
			}
			if j.file.Syntax == nil { // nobody has to ask
				j.file.Syntax, _ = parser.ParseFile(prog.Fset, j.file.Path, "package broken", 0)
			}
		}()
	}
	wg.Wait()
	var lines []string
	for _, j := range jobs {
		var list scanner.ErrorList
		if errors.As(j.file.err, &list) {
			for _, e := range list {
				lines = append(lines, e.Error())
			}
		} else if j.file.err != nil {
			lines = append(lines, j.file.err.Error())
		}
	}
	if lines != nil && !cfg.Broken {
		return &ProgramError{strings.Join(lines, "\n")}
	}
	return nil
}

// check type-checks all packages, each when its imports are done.
func (prog *Program) check(ctx context.Context, cfg *Config) {
	sem := make(chan struct{}, runtime.GOMAXPROCS(0))
	var checked atomic.Int32
	for _, p := range prog.Packages {
		go func() {
			defer close(p.done)
			for _, imp := range p.Imports {
				if q := prog.ByID[imp]; q != nil && q != p {
					<-q.done
				}
			}
			sem <- struct{}{}
			defer func() { <-sem }()
			prog.checkPackage(cfg, p)
			if cfg.Count != nil {
				cfg.Count(int(checked.Add(1)), len(prog.Packages))
			}
		}()
	}
	for _, p := range prog.Packages {
		<-p.done
	}
}

func (prog *Program) checkPackage(cfg *Config, p *Package) {
	bodies := !p.Standard || cfg.Bodies == nil || cfg.Bodies(p.Listed)
	conf := types.Config{
		Importer:         importerFunc(func(path string) (*types.Package, error) { return prog.resolve(p, path) }),
		IgnoreFuncBodies: !bodies,
		Sizes:            prog.Sizes,
		GoVersion:        cfg.GoVersion,
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && !te.Soft {
				p.Errors = append(p.Errors, te)
			}
		},
	}
	if m := p.Module; m != nil {
		conf.GoVersion = "go1.16" // what the go command assumes of a module that does not say
		if m.GoVersion != "" {
			conf.GoVersion = "go" + m.GoVersion
		}
	}
	files := make([]*ast.File, 0, len(p.Files)+1)
	for _, f := range p.Files {
		if f.err != nil {
			p.Errors = append(p.Errors, types.Error{Fset: prog.Fset, Msg: f.err.Error()})
		}
		if f.Syntax != nil {
			files = append(files, f.Syntax)
		}
	}
	if len(p.CgoFiles) > 0 && p.Standard {
		if made, err := prog.compiledFiles(p); err == nil {
			files = made // nobody rewrites them
		}
	} else if len(p.CgoFiles) > 0 {
		if types := prog.cgoTypes(p); types != nil {
			files = append(files, types)
			setUsesCgo(&conf)
		} else {
			conf.FakeImportC = true
		}
	}
	if bodies {
		p.Info = newInfo()
	}
	p.Types = types.NewPackage(p.Path, p.Name)
	_ = types.NewChecker(&conf, prog.Fset, p.Types, p.Info).Files(files) // collected in p.Errors
	p.Syntax = files
}

// cgoTypes parses the declarations that the cgo command made of the package's C names.
func (prog *Program) cgoTypes(p *Package) *ast.File {
	for _, name := range p.CompiledGoFiles {
		src, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(src, []byte("\nfunc _Cgo_ptr(")) {
			continue // named by its hash when it comes from the go command's cache
		}
		if f, err := parser.ParseFile(prog.Fset, name, src, parser.SkipObjectResolution); err == nil {
			return f
		}
	}
	return nil
}

// setUsesCgo makes the checker resolve C.name through the cgo command's declarations. The field is
// not exported; x/tools sets it in the same way for gopls.
func setUsesCgo(conf *types.Config) {
	if f := reflect.ValueOf(conf).Elem().FieldByName("go115UsesCgo"); f.IsValid() {
		*(*bool)(unsafe.Pointer(f.UnsafeAddr())) = true
	} else {
		conf.FakeImportC = true
	}
}

func (prog *Program) resolve(p *Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	id := path
	if mapped, ok := p.ImportMap[path]; ok {
		id = mapped
	}
	q := prog.ByID[id]
	if q == nil || q.Types == nil {
		return nil, fmt.Errorf("package %s is not in the program", path)
	}
	return q.Types, nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// errors reports what does not type-check, as the compiler would print it.
func (prog *Program) errors() error {
	var lines []string
	for _, p := range prog.Packages {
		for i, e := range p.Errors {
			if i == 10 {
				lines = append(lines, "too many errors")
				break
			}
			if line := fmt.Sprintf("%s: %s", prog.Fset.Position(e.Pos), e.Msg); !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	if lines == nil {
		return nil
	}
	return &ProgramError{strings.Join(lines, "\n")}
}

// Compiled type-checks a cgo package's files as the cgo command made them: Go without C, whose positions are the
// author's. Its types are not those of p.Types.
func (prog *Program) Compiled(p *Package) (*types.Package, []*ast.File, *types.Info, error) {
	files, err := prog.compiledFiles(p)
	if err != nil {
		return nil, nil, nil, err
	}
	var first error
	conf := types.Config{
		Importer: importerFunc(func(path string) (*types.Package, error) { return prog.resolve(p, path) }),
		Sizes:    prog.Sizes,
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && !te.Soft && first == nil {
				first = err
			}
		},
	}
	info := newInfo()
	pkg := types.NewPackage(p.Path, p.Name)
	_ = types.NewChecker(&conf, prog.Fset, pkg, info).Files(files) // kept in first
	return pkg, files, info, first
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits:  map[ast.Node]types.Object{},
		Scopes:     map[ast.Node]*types.Scope{},
		Instances:  map[*ast.Ident]types.Instance{},

		FileVersions: map[*ast.File]string{},
	}
}

// compiledFiles parses a cgo package's files as the cgo command made them.
func (prog *Program) compiledFiles(p *Package) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range p.CompiledGoFiles {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		if f := prog.Files[name]; f != nil && !f.Cgo {
			files = append(files, f.Syntax)
			continue
		}
		f, err := parser.ParseFile(prog.Fset, name, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
