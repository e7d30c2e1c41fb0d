package emit

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
	"mvdan.cc/gofumpt/format"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/goroot"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// Header begins every generated file.
const Header = naming.Header

// Options say what a build's generated files link against.
type Options struct {
	Build    rewrite.Build
	Runtime  string // import path of the hooks' package
	Launcher string // import path of the package with Launch
	Watch    bool   // what a program's images block on is their own: the launcher can tell their deadlocks
	Debugger string // import path of the package with Serve, which the launcher is given; "" for none
	Align64  bool   // 32-bit target: fields of the static build start at multiples of 8 for sync/atomic
	Lay      func([]*plan.Var) plan.Layout
	Taken    func(name string) bool // whether an identifier is in use somewhere in the program
	Version  string                 // language version of the toolchain, which generated files have: "go1.26"
	Places   bool                   // fields say where their variables are declared, for package isolation
	Adopted  func(path string) bool // of committed builds: whether files can be added to a package
}

// A TypeError reports a variable whose type cannot be spelled where its field
// is.
type TypeError struct {
	Pos  token.Position
	Name string
	Err  error
}

func (e *TypeError) Error() string {
	return e.Pos.String() + ": variable " + e.Name + ": " + e.Err.Error()
}

// readable reports whether the files are to be read and committed.
func (o *Options) readable() bool { return o.Build == rewrite.Committed }

// Emit makes the generated files, by path, of all parts.
func Emit(prog *load.Program, parts []*rewrite.Part, opts Options) (map[string][]byte, error) {
	namer := NewNamer(prog, opts.Taken)
	namer.plain, namer.adopted = opts.readable(), opts.Adopted
	files := map[string]*file{}
	out := map[string][]byte{}
	paths := map[string]string{} // file -> package, for errors
	for _, part := range parts {
		e := &emitter{opts: opts, namer: namer, part: part}
		path := filepath.Join(part.Variant.Dir, FileName(part))
		f, err := e.file()
		if err != nil {
			return nil, err
		}
		files[path], paths[path] = f, part.Pkg.Path
		if plain, err := e.accessors(f); err != nil {
			return nil, err
		} else if plain != nil {
			path = filepath.Join(part.Variant.Dir, PlainName)
			files[path], paths[path] = plain, part.Pkg.Path
		}
	}
	if err := emitAliases(namer, files); err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		var b bytes.Buffer
		if err := files[path].Render(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		text := b.Bytes()
		if !opts.readable() {
			text = versioned(text, opts.Version)
		}
		src, err := format.Source(text, format.Options{LangVersion: opts.Version})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if opts.Build == rewrite.Vimage {
			if src, err = goroot.Hide(src); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		out[path] = src
	}
	return out, nil
}

// versioned gives a file the toolchain's language version, whatever its
// module's is: it spells types of all of the program's modules, some of which
// may be instances of generic types, or generic aliases.
func versioned(src []byte, version string) []byte {
	if version == "" { // a toolchain without a release's name
		return src
	}
	return bytes.Replace(src, []byte("\npackage "), []byte("\n//go:build "+version+"\n\npackage "), 1)
}

// emitAliases adds the aliases that other packages' parts asked for, in files
// of their own. An alias may ask for further ones.
func emitAliases(n *Namer, files map[string]*file) error {
	done := map[string]int{}
	for again := true; again; {
		again = false
		for _, path := range slices.Sorted(maps.Keys(n.aliases)) {
			lp := n.byPath[path]
			for ; done[path] < len(n.aliases[path]); done[path]++ {
				a := n.aliases[path][done[path]]
				base := naming.File + "_types.go"
				if n.ofTests(a.t) { // a package that is built without its tests has no such type
					base = naming.File + "_types_test.go"
				}
				name := filepath.Join(lp.Dir, base)
				if files[name] == nil {
					files[name] = newFile(lp, n)
				}
				code, err := n.Type(files[name], a.t, path)
				if err != nil {
					return err
				}
				files[name].Type().Id(a.name).Op("=").Add(code)
				again = true
			}
		}
	}
	return nil
}

// FileName is the base name of a part's generated file.
func FileName(p *rewrite.Part) string {
	switch {
	case p.Test:
		return naming.File + "_intest_test.go"
	case strings.HasSuffix(p.Pkg.Name, "_test") && strings.HasSuffix(p.Pkg.Path, "_test"):
		return naming.File + "_x_test.go"
	}
	return naming.File + ".go"
}

type emitter struct {
	opts  Options
	namer *Namer
	part  *rewrite.Part
}

// A file is one generated file.
type file struct {
	*jen.File
	in    *load.Package
	namer *Namer
	names map[string]string // of imports that have their own names, by path
}

// qual spells a name of another package. The import gets a name of ours: the
// package may declare its plain one, and does declare our vnet_ one when it
// bears the same name.
func (f *file) qual(path, name string) *jen.Statement {
	if own := f.ownName(path); own != "" {
		f.ImportName(path, own)
	} else {
		f.ImportAlias(path, naming.ImportOf(path, f.namer.taken))
	}
	return jen.Qual(path, name)
}

func newFile(lp *load.Package, n *Namer) *file {
	f := jen.NewFilePathName(lp.Path, lp.Name)
	f.HeaderComment("// " + Header)
	return &file{File: f, in: lp, namer: n, names: map[string]string{}}
}

func (e *emitter) file() (*file, error) {
	if e.opts.Build == rewrite.Static {
		return e.static()
	}
	p := e.part
	f := newFile(p.Variant, e.namer)
	rt := func(name string) *jen.Statement { return f.qual(e.opts.Runtime, name) }
	// Nothing here uses a predeclared name: the package may have given it
	// another meaning.
	module := jen.Dict{}
	if len(p.Vars) > 0 {
		var err error
		module, err = e.container(f, p.Names, p.Vars, nil, [2]string{
			p.Container + " holds one image's copy of the package's virtual variables.",
			p.Hook + " returns the current image's container.",
		})
		if err != nil {
			return nil, err
		}
	}
	module[jen.Id("Path")] = jen.Lit(p.Pkg.Path)
	if p.Pkg.Standard {
		module[jen.Id("Std")] = jen.True()
	}
	attached := p.Test && p.HasOther // the other part starts this one
	if !attached || len(p.Vars) > 0 {
		f.Var().Id(p.Module()).Op("=").Add(rt("VnetModule")).Values(module)
	}
	if err := e.joined(f, rt); err != nil {
		return nil, err
	}
	if err := e.plain(f); err != nil {
		return nil, err
	}
	if !p.Test && p.HasOther {
		f.Comment("Set by the package's tests: what their initialisers and init functions add.")
		none := p.Stem + "_none"
		f.Func().Id(none).Params().Block()
		f.Var().Id(p.More()).Op("=").Index(jen.Lit(2)).Func().Params().Values(jen.Id(none), jen.Id(none))
	}
	e.start(f, rt, attached)
	e.shared(f, rt)
	if p.Launch {
		launch := f.qual(e.opts.Launcher, "Launch")
		if e.opts.Debugger != "" {
			launch = f.qual(e.opts.Launcher, "LaunchDebug").Call(f.qual(e.opts.Debugger, "Serve"))
		}
		start := []jen.Code{rt("VnetLaunch").Call(launch)}
		if e.opts.Watch {
			start = append(start, rt("VnetWatch").Call())
		}
		f.Func().Id("init").Params().Block(start...)
	}
	return f, nil
}

// plain declares the variables that are one for all images.
func (e *emitter) plain(f *file) error {
	for _, v := range e.part.Plain {
		t, err := e.namer.Type(f, v.Obj.Type(), v.Pkg)
		if err != nil {
			return &TypeError{e.namer.prog.Fset.Position(v.Pos), v.Name, err}
		}
		f.Commentf("%s is one for all images; the first to start gives it its value.", v.Name)
		f.Var().Id(v.Name).Add(t)
	}
	for _, z := range e.part.Zeros {
		t, err := e.namer.Type(f, z.Type, e.part.Pkg.Path)
		if err != nil {
			return fmt.Errorf("package %s: %w", e.part.Pkg.Path, err)
		}
		f.Var().Id(z.Name).Add(t)
	}
	return nil
}

// start writes the function or functions that replay the initialisation, and
// their registration.
func (e *emitter) start(f *file, rt func(string) *jen.Statement, attached bool) {
	p := e.part
	steps := func(list []rewrite.Step) []jen.Code {
		var out []jen.Code
		copies := false
		for _, s := range list {
			if s.Once {
				// No variable's name begins with a digit, so no other
				// initialiser's function has this name.
				once := strings.Replace(s.Call, "_init_", "_init_0once_", 1)
				if e.opts.readable() {
					once = strings.Replace(s.Call, "_init", "_once", 1)
				}
				f.Var().Id(once).Add(f.qual("sync", "Once"))
				out = append(out, jen.Id(once).Dot("Do").Call(jen.Id(s.Call)))
				continue
			}
			if s.Copy == nil && e.opts.readable() {
				out = append(out, jen.Id(s.Call).Call())
				continue
			}
			if s.Copy == nil {
				out = append(out, rt("VnetCall").Call(jen.Id(s.Call)))
				continue
			}
			if !copies {
				out = append(out, jen.Id("v").Op(":=").Id(p.Hook).Call())
				copies = true
			}
			out = append(out, jen.Id("v").Dot(rewrite.Field(s.Copy)).Op("=").Add(copyOf(s.Copy)))
		}
		return out
	}
	vars, inits := steps(p.Steps), steps(p.Inits)
	if attached {
		f.Func().Id(p.Start() + "_vars").Params().Block(vars...)
		f.Func().Id(p.Start() + "_inits").Params().Block(inits...)
		link := e.join(rt)
		if len(p.Vars) > 0 {
			link = append(link, rt("VnetReserve").Call(jen.Op("&").Id(p.Module())))
		}
		link = append(link,
			jen.Id(p.OtherMore).Op("=").Index(jen.Lit(2)).Func().Params().Values(jen.Id(p.Start()+"_vars"), jen.Id(p.Start()+"_inits")),
			jen.Return())
		f.Comment("Variables are initialised before any init function runs: the package's own start finds this part in place.")
		attach := p.Stem + "_attach"
		f.Func().Id(attach).Params().Params(jen.Id("done").Struct()).Block(link...)
		f.Var().Id("_").Op("=").Id(attach).Call()
		return
	}
	body := vars
	more := func(i int) jen.Code {
		return jen.Id(p.More()).Index(jen.Lit(i)).Call()
	}
	if !p.Test && p.HasOther {
		body = append(append(body, more(0)), inits...)
		body = append(body, more(1))
	} else {
		body = append(body, inits...)
	}
	f.Commentf("%s replays the package's initialisation in the current image.", p.Start())
	f.Func().Id(p.Start()).Params().Block(body...)
	register := append(e.join(rt),
		jen.Comment("Not in its initialiser, which would make a cycle: the start uses the hook, the hook the module."),
		jen.Id(p.Module()).Dot("Init").Op("=").Id(p.Start()),
	)
	if len(p.Sysinits) > 0 {
		register = append(register, jen.Id(p.Module()).Dot("Sysinit").Op("=").Index().Add(rt("VnetSysinit")).ValuesFunc(func(g *jen.Group) {
			for _, s := range p.Sysinits {
				g.Add(sysinit(p.Pkg.Path, s))
			}
		}))
	}
	register = append(register, rt("VnetRegister").Call(jen.Op("&").Id(p.Module())))
	if p.Boot {
		register = append(register, f.qual(e.opts.Launcher, "Boot").Call())
	}
	f.Func().Id("init").Params().Block(register...)
}

// truth is true, in packages that may have given the name to something else.
func truth() *jen.Statement { return jen.Lit(0).Op("==").Lit(0) }

// shared writes a function that tells of the variables which are one for all
// images.
func (e *emitter) shared(f *file, rt func(string) *jen.Statement) {
	if len(e.part.Shared) == 0 {
		return
	}
	f.Func().Id("init").Params().Block(rt("VnetShare").Call(jen.Index().Add(rt("VnetShared")).ValuesFunc(func(g *jen.Group) {
		for _, v := range e.part.Shared {
			d := jen.Dict{
				jen.Id("Path"):  jen.Lit(v.Pkg),
				jen.Id("Name"):  jen.Lit(v.Name),
				jen.Id("Place"): jen.Lit(e.place(v)),
				jen.Id("At"):    jen.Op("&").Id(v.Name),
			}
			if v.ByWord() {
				d[jen.Id("Word")] = truth()
			}
			g.Values(d)
		}
	})))
}

// sysinit spells the registration of a function that runs when an image comes
// to be, or when it ends.
func sysinit(path string, s plan.Sysinit) jen.Code {
	call := "Call"
	if s.Func.Type.Results.NumFields() > 0 {
		call = "Func"
	}
	stage := s.Args.(directive.Stage)
	d := jen.Dict{
		jen.Id("Subsystem"): jen.Lit(int(stage.Subsystem)),
		jen.Id("Order"):     jen.Lit(int(stage.Order)),
		jen.Id(call):        jen.Id(s.Func.Name.Name),
		jen.Id("Name"):      jen.Lit(path + "." + s.Func.Name.Name),
		jen.Id("Pos"):       jen.Lit(path + "/" + filepath.Base(s.At.Filename) + ":" + strconv.Itoa(s.At.Line)),
	}
	if s.Verb == directive.Sysuninit {
		d[jen.Id("Undo")] = truth()
	}
	return jen.Values(d)
}

// copyOf spells a copy of a plain variable that an image may change without
// another seeing it.
func copyOf(v *plan.Var) jen.Code {
	if _, ok := v.Obj.Type().Underlying().(*types.Slice); ok {
		return jen.Append(jen.Id(v.Name).Index(jen.Empty(), jen.Lit(0), jen.Lit(0)), jen.Id(v.Name).Op("..."))
	}
	return jen.Id(v.Name)
}

// field spells a variable's field.
func (e *emitter) field(f *file, v *plan.Var) (*jen.Statement, error) {
	t, err := e.namer.Type(f, v.Obj.Type(), v.Pkg)
	if err != nil {
		return nil, &TypeError{e.namer.prog.Fset.Position(v.Pos), v.Name, err}
	}
	if v.Mark == plan.Stat && (e.opts.Build == rewrite.Vimage || e.opts.Build == rewrite.Committed) {
		t = f.qual(plan.PcpuPath, "Stats").Index(t)
	}
	field := jen.Id(rewrite.Field(v)).Add(t)
	if e.opts.readable() {
		field = documented(v, field)
	}
	if e.opts.Places {
		field.Tag(map[string]string{"vimage": e.place(v)})
	}
	return field, nil
}

// place spells where a variable is declared, the same on every machine.
func (e *emitter) place(v *plan.Var) string {
	at := e.namer.prog.Fset.Position(v.Pos)
	dir := v.Pkg
	if p := v.File.Package; p.ForTest != "" {
		dir = p.ForTest // which that of its external tests is not
	}
	return dir + "/" + filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
}
