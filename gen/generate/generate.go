package generate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/emit"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/pages"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/sysctls"
)

const runtimePath = "github.com/go-vimage/vimage/runtime/vimage"

// linked reports whether a package is one that the vimage build imports.
func linked(path string) bool { return path == runtimePath || strings.HasPrefix(path, runtimePath+"/") }

// A Request says what to generate.
type Request struct {
	Dir      string        // where the user is: absolute
	Env      []string      // the user's environment
	Flags    []string      // build flags that decide what a package consists of
	Patterns []string      // packages of the main module; none is for that in Dir
	Adopt    bool          // add our constraint to files that need it
	Force    bool          // replace files of ours that somebody edited
	Configs  string        // GOOS/GOARCH[,tag...];...; "" is for those that the packages' constraints tell apart
	Modules  []string      // packages whose functions slots call directly: see package aliases
	Emitters []gen.Emitter // of files beside those with containers; nil for none
	Check    bool          // the caller will not write: nothing is compiled, and a killed run is not finished

	// Known, if it is not nil, returns the notes of an earlier run with the
	// same identity that found everything up to date. Run calls Keep with its
	// own notes when it finds the same.
	Known func(id string) (notes []string, ok bool)
	Keep  func(id string, notes []string)

	Progress func(step string)     // called at the beginning of each step; may be nil
	Count    func(done, total int) // called while a step goes through packages; may be nil
	Trace    func(args []string)   // called with each go command before it runs; may be nil
}

// A Result is what a run would do.
type Result struct {
	Packages []*Package // with changes, sorted by folder
	Problems []string   // words of the user that make no sense, a line each; nothing is computed then
	Refused  []string   // what cannot have committed builds, a line each; nothing is computed then
	Findings []string   // what the user has to settle before anything is written, a line each
	Mentions []string   // what does not compile with -tags vimage until it calls accessors, a line each
	Notes    []string   // what images share although it changes, a line each
}

// A Package is what changes in one folder.
type Package struct {
	Dir     string
	Changes []Change // sorted by path
}

// An InputError is a request that makes no sense.
type InputError struct{ error }

func inputf(format string, args ...any) error { return InputError{fmt.Errorf(format, args...)} }

// A generator is one run.
type generator struct {
	req     Request
	res     *Result
	modules []string // patterns of all packages of the main modules
	// scope are the packages to bring up to date, by import path: those that
	// were named, and those that are adopted.
	scope map[string]*folder
}

// A folder is a package's directory with what it holds.
type folder struct {
	*listed
	files   map[string][]byte // Go files, by base name
	origins map[string]origin
	adopted map[string]bool // those with our constraint
}

// Run computes the committed builds of the named packages and of all other
// adopted packages of the main module, whose text may depend on theirs.
func Run(ctx context.Context, req Request) (*Result, error) {
	g := &generator{req: req, res: new(Result), scope: map[string]*folder{}}
	if err := g.list(ctx); err != nil {
		return nil, err
	}
	var id string
	if g.req.Known != nil {
		// Without an identity (an unreadable folder need not be a package's)
		// the run is computed.
		if id, _ = g.identity(ctx); id != "" {
			if notes, ok := g.req.Known(id); ok {
				g.res.Notes = notes
				return g.res, nil
			}
		}
	}
	configs, err := g.configs(ctx)
	if err != nil {
		return nil, err
	}
	made, err := g.outcomes(ctx, configs)
	if err != nil || g.res.Problems != nil || g.res.Refused != nil {
		return g.res, err
	}
	for _, path := range sortedKeys(g.scope) {
		if err := g.folder(g.scope[path], made); err != nil {
			return nil, err
		}
	}
	slices.Sort(g.res.Refused)
	g.res.Refused = slices.Compact(g.res.Refused)
	slices.Sort(g.res.Findings)
	if g.upToDate() && g.req.Keep != nil && id != "" {
		if again, err := g.identity(ctx); err == nil && again == id {
			g.req.Keep(id, g.res.Notes)
		}
	}
	if g.res.Refused != nil || len(g.res.Packages) == 0 || req.Check || g.res.Findings != nil {
		return g.res, nil
	}
	g.step("compiling the vimage build")
	var changes []Change
	for _, p := range g.res.Packages {
		changes = append(changes, p.Changes...)
	}
	for _, o := range made {
		if err := g.checks(ctx, o.config, o.scope, changes); err != nil {
			return nil, fmt.Errorf("the vimage build of %s does not compile, so nothing was written:\n%w", o.config, err)
		}
	}
	return g.res, nil
}

// commit plans and rewrites. Accessors of an earlier run are part of the
// program, because code of the module may call them. An accessor whose variable
// is gone does not type-check; then commit leaves the accessors out.
func (g *generator) commit(ctx context.Context, req gen.Request) (*gen.Commitment, error) {
	made, err := gen.Commit(ctx, req)
	if !errors.Is(err, load.ErrProgram) {
		return made, err
	}
	without := map[string][]byte{}
	for _, f := range g.scope {
		for name, from := range f.origins {
			if from == ours && strings.HasPrefix(name, strings.TrimSuffix(emit.PlainName, ".go")) {
				without[filepath.Join(f.Dir, name)] = []byte("package " + f.Name + "\n")
			}
		}
	}
	if len(without) == 0 {
		return nil, err
	}
	req.Overlay = without
	return gen.Commit(ctx, req)
}

// upToDate reports whether there is nothing to write and nothing to settle.
func (g *generator) upToDate() bool {
	r := g.res
	return r.Packages == nil && r.Problems == nil && r.Refused == nil && r.Findings == nil && r.Mentions == nil
}

func (g *generator) step(s string) {
	if g.req.Progress != nil {
		g.req.Progress(s)
	}
}

// list finds the packages of the main modules, and those in scope.
func (g *generator) list(ctx context.Context) error {
	named, err := g.named(ctx)
	if err != nil {
		return err
	}
	var modules []string
	for _, p := range named {
		if pattern := p.Module.Path + "/..."; !slices.Contains(modules, pattern) {
			modules = append(modules, pattern)
		}
	}
	g.modules = modules
	all, err := g.goList(ctx, nil, modules...)
	if err != nil {
		return err
	}
	runtime, err := g.goList(ctx, nil, runtimePath)
	if err != nil {
		return err
	}
	for _, p := range runtime {
		if p.Error != nil || p.Dir == "" {
			return inputf("the module does not require github.com/go-vimage/vimage, which the vimage build imports:" +
				" run go get -tool github.com/go-vimage/vimage/cmd/vimagegen")
		}
	}
	for _, p := range all {
		// The runtime's own packages have the constraint where the author wrote
		// both builds by hand.
		if p.Error != nil && len(p.files()) == 0 && len(p.IgnoredGoFiles) == 0 || linked(p.ImportPath) {
			continue
		}
		f, err := g.read(p)
		if err != nil {
			return err
		}
		if len(f.adopted) > 0 || slices.ContainsFunc(named, func(n *listed) bool { return n.ImportPath == p.ImportPath }) {
			g.scope[p.ImportPath] = f
		}
	}
	return nil
}

// named lists the packages that the user named.
func (g *generator) named(ctx context.Context) ([]*listed, error) {
	patterns := g.req.Patterns
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	all, err := g.goList(ctx, nil, patterns...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		switch {
		case p.Error != nil:
			return nil, InputError{errors.New(p.Error.Err)}
		case p.Module == nil || !p.Module.Main:
			at := ""
			if rel := g.rel(p.Dir); filepath.IsLocal(rel) { // vendored, or a module of a replace line
				at = rel + ": "
			}
			return nil, inputf("%s%s is not a package of the main module: its own module can adopt it", at, p.ImportPath)
		case linked(p.ImportPath):
			return nil, inputf("%s is what the vimage build imports", p.ImportPath)
		}
	}
	if len(all) == 0 {
		return nil, inputf("%s matches no packages", strings.Join(patterns, " "))
	}
	return all, nil
}

// read reads a package's folder. What a killed run began there it finishes,
// unless the caller will not write.
func (g *generator) read(p *listed) (*folder, error) {
	if !g.req.Check {
		if err := restore(p.Dir); err != nil {
			return nil, err
		}
	}
	f := &folder{listed: p, files: map[string][]byte{}, origins: map[string]origin{}, adopted: map[string]bool{}}
	names, err := goFiles(p.Dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		src, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		f.files[name], f.origins[name] = src, originOf(src)
		_, settings := sysctls.Beside(name)                    // vimagegen sysctl wrote it, or it is the twin of such a file
		if pages.Generated(name) || settings && !hasSum(src) { // in both builds, as an author's file
			f.origins[name] = authors
		}
		// A file that does not parse is reported when it is loaded.
		if ok, err := Adopted(src); err == nil && ok && f.origins[name] == authors {
			f.adopted[name] = true
		}
	}
	return f, nil
}

// rel spells a path for the user.
func (g *generator) rel(path string) string { return gen.Rel(g.req.Dir, path) }

func (g *generator) refuse(path, format string, args ...any) {
	g.res.Refused = append(g.res.Refused, g.rel(path)+": refused: "+fmt.Sprintf(format, args...))
}

func (g *generator) find(path, format string, args ...any) {
	g.res.Findings = append(g.res.Findings, g.rel(path)+": "+fmt.Sprintf(format, args...))
}

// folder computes the changes of one package.
func (g *generator) folder(f *folder, made []*outcome) error {
	g.unfinished(f)
	want := map[string][]byte{} // files of ours, by base name
	pkg := &Package{Dir: f.Dir}
	for _, name := range sortedKeys(f.files) {
		path := filepath.Join(f.Dir, name)
		text, changes, built := g.textOf(f, name, made)
		if !built || !changes && !f.adopted[name] || f.origins[name] != authors {
			continue
		}
		src := f.files[name]
		switch info, err := os.Lstat(path); {
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			g.refuse(path, "it is a symbolic link, and its constraint would change another file")
		case importsC(src) && changes:
			g.refuse(path, "it imports \"C\" and mentions virtual variables")
		}
		twin, err := twinOf(text, f.Module.GoVersion, f.Module.Path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		want[TwinName(name)] = twin
		if f.adopted[name] {
			continue
		}
		adopted, err := Adopt(src)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !g.req.Adopt {
			g.find(path, "it has a vimage build, so it needs the constraint !vimage: run vimagegen generate -adopt")
		}
		pkg.Changes = append(pkg.Changes, Change{path, src, adopted})
	}
	for base, file := range g.addedTo(f, made) {
		make := twinOf
		if file.plain {
			make = plainOf
		}
		text, err := make([]byte(file.text), f.Module.GoVersion, f.Module.Path)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(f.Dir, base), err)
		}
		want[base] = text
	}
	g.left(f, made)
	g.outputs(f, want, pkg)
	slices.SortFunc(pkg.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	if len(pkg.Changes) > 0 {
		g.res.Packages = append(g.res.Packages, pkg)
	}
	return nil
}

// unfinished reports a folder that a killed run left.
func (g *generator) unfinished(f *folder) {
	if interrupted(f.Dir) {
		g.find(filepath.Join(f.Dir, journal), "a run was interrupted: run vimagegen generate")
	}
}

// outputs compares the files that are wanted with those that are there.
func (g *generator) outputs(f *folder, want map[string][]byte, pkg *Package) {
	for _, name := range sortedKeys(want) {
		path := filepath.Join(f.Dir, name)
		have, exists := f.files[name]
		if exists && string(have) == string(want[name]) {
			continue
		}
		switch {
		case exists && f.origins[name] == authors:
			g.refuse(path, "it has the name of a file of the vimage build, and vimagegen generate did not write it")
		case exists && f.origins[name] == edited && !g.req.Force:
			g.find(path, "it was edited after it was generated, so it is kept: -f replaces it")
		}
		pkg.Changes = append(pkg.Changes, Change{path, have, want[name]})
	}
	for _, name := range sortedKeys(f.files) {
		if _, wanted := want[name]; wanted || f.origins[name] == authors {
			continue
		}
		path := filepath.Join(f.Dir, name)
		if f.origins[name] == edited && !g.req.Force {
			g.find(path, "it was edited after it was generated, so it is kept: -f removes it")
		}
		pkg.Changes = append(pkg.Changes, Change{path, f.files[name], nil})
	}
}

// notes reports what images share.
func (g *generator) notes(p *plan.Plan) {
	for _, k := range p.Kept {
		if filepath.IsAbs(k.Pos.Filename) {
			k.Pos.Filename = g.rel(k.Pos.Filename)
		}
		g.res.Notes = append(g.res.Notes, k.Pos.String()+": "+k.Text)
	}
}

// inScope reports whether a package, or the one that it tests, is brought up to
// date.
func (g *generator) inScope(path string) bool {
	return g.scope[path] != nil || g.scope[strings.TrimSuffix(path, "_test")] != nil
}

// hasAccessor reports whether a variable's package is adopted and has an
// accessor for it.
func hasAccessor(p *plan.Plan, pkg *plan.Package, v *plan.Var) bool {
	if pkg.Standard || !v.Obj.Exported() {
		return false
	}
	fn, ok := pkg.Variants[0].Types.Scope().Lookup("V_" + v.Name).(*types.Func)
	if !ok {
		return false
	}
	file := filepath.Base(p.Prog.Fset.PositionFor(fn.Pos(), false).Filename)
	return strings.HasPrefix(file, strings.TrimSuffix(emit.PlainName, ".go"))
}

// strangers finds what would not compile in the vimage build: mentions of
// virtual variables of other adopted modules, which the twins would have, and
// packages of the main module that mention virtual variables and are not
// adopted. The latter can call accessors when these are written, so they keep
// nothing from being so.
func (g *generator) strangers(p *plan.Plan) {
	seen := map[string]bool{}
	for _, pkg := range p.Order {
		for _, v := range pkg.Sorted() {
			if hasAccessor(p, pkg, v) && !g.inScope(v.Pkg) {
				for _, u := range slices.Concat(v.Reads, v.Writes) {
					if g.inScope(u.Pkg) {
						u.Pos.Filename = g.rel(u.Pos.Filename)
						g.res.Findings = append(g.res.Findings, fmt.Sprintf(
							"%s: %s is virtual in its own vimage build, where it has no such name: use %s.V_%s()"+
								" (vimagegen vet -committed -fix)",
							u.Pos, v.Key, pkg.Name, v.Name))
					}
				}
			}
			if v.Fate != plan.Virtual {
				continue
			}
			for _, u := range slices.Concat(v.Reads, v.Writes) {
				path := u.Pkg
				if g.inScope(path) || seen[path] {
					continue
				}
				seen[path] = true
				u.Pos.Filename = g.rel(u.Pos.Filename)
				g.res.Mentions = append(g.res.Mentions, fmt.Sprintf(
					"%s: package %s mentions %s, which is virtual: adopt it too, or let it use %s.V_%s()"+
						" (vimagegen vet -committed -fix)",
					u.Pos, path, v.Key, p.Packages[v.Pkg].Name, v.Name))
			}
		}
	}
}
