package rewrite

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/managed"
	"github.com/go-vimage/vimage/gen/plan"
)

// A Step is one piece of a part's start.
type Step struct {
	Call string    // a function made of an initialiser or an init function,
	Once bool      // which the first image alone calls, or
	Copy *plan.Var // a variable whose container field is filled from the plain variable
}

// A Zero is a variable that is never assigned: the zero value of its type,
// where the author's file may not have a name for that.
type Zero struct {
	Name string
	Type types.Type
}

// A Part is what one generated file is made from: a package, or the in-package
// test files of one.
type Part struct {
	Names
	Pkg      *plan.Package
	Variant  *load.Package
	Test     bool // in-package test files: the other part's start calls this one's, if there is another
	HasOther bool // the package has both parts
	// OtherMore is, in the tests' part, the variable of the other part through
	// which it is started.
	OtherMore string
	Vars      []*plan.Var                  // the container's fields, in order
	Joined    []Joined                     // variables that have names in other packages: each has its own container
	Plain     []*plan.Var                  // variables that are one for all images and that the part must declare
	Laid      map[*plan.Var]constant.Value // first values that the static build's struct holds from the beginning
	Steps     []Step                       // initialisers
	Inits     []Step                       // init functions
	Launch    bool                         // the launcher is to be called in place of main
	Sysinits  []plan.Sysinit
	Zeros     []Zero
	Shared    []*plan.Var // variables to tell package isolation of
	Boot      bool        // image 0's sysinit functions are to be run when this part, package main's, is started
}

// A Joined is a variable with names in several packages. Each of these has the
// same container for it, under its own name for the type: whichever starts
// first makes it.
type Joined struct {
	Names
	Var *plan.Var
}

// Empty reports whether there is nothing to generate.
func (p *Part) Empty() bool {
	return !p.Boot && len(p.Sysinits) == 0 && len(p.Shared) == 0 && len(p.Vars) == 0 && len(p.Joined) == 0 && len(p.Steps) == 0 && len(p.Inits) == 0 && !p.Launch
}

// A Result is the edited files, by path, and the parts.
type Result struct {
	Files map[string][]byte
	Parts []*Part
	// Taken reports whether the program has an identifier that looks like one
	// of ours and is so called.
	Taken func(name string) bool
	// Names says what has become of each variable's symbol, in the nop and
	// static builds.
	Names []Name
	// Patches has the edits of each file in Files, in the build with images.
	Patches map[string]*Patch
}

// Options choose what a build asks for.
type Options struct {
	Build Build
	// Align64: fields of containers start at multiples of 8.
	Align64 bool
	// Shared has the parts list the shared variables of packages that are not
	// of the standard library.
	Shared bool
	// Launch has the main packages of the roots started by the launcher.
	Launch bool
}

// Rewrite edits the program's files as the plan says.
func Rewrite(p *plan.Plan, opts Options) (*Result, error) {
	r := &rewriter{plan: p, names: newNamer(p), opts: opts, spell: spellings()[opts.Build], managed: managed.Any(p), counts: map[*load.Package]*counting{}}
	res := &Result{
		Files: map[string][]byte{}, Patches: map[string]*Patch{},
		Taken: func(name string) bool { return r.names.taken[name] },
	}
	for _, pkg := range p.Order {
		if opts.Build == Committed && !pkg.Replayed || pkg.Standard && opts.Build != Vimage {
			continue
		}
		parts, err := r.pkg(pkg, res)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			if !part.Empty() {
				res.Parts = append(res.Parts, part)
			}
		}
	}
	return res, nil
}

type rewriter struct {
	plan  *plan.Plan
	names *namer
	opts  Options
	spell spelling

	managed bool // there are marked variables
	counts  map[*load.Package]*counting
}

// pkg rewrites the files of one package, all variants together.
func (r *rewriter) pkg(pkg *plan.Package, res *Result) ([]*Part, error) {
	main := &Part{Pkg: pkg, Names: r.names.parts[partKey{path: pkg.Path}]}
	test := &Part{Pkg: pkg, Names: r.names.parts[partKey{path: pkg.Path, test: true}], Test: true}
	external := strings.HasSuffix(pkg.Name, "_test") && strings.HasSuffix(pkg.Path, "_test")
	starts := map[ast.Expr]Step{} // by the initialiser
	late := map[ast.Expr]Step{}   // what completes those of which a part is laid out
	registered := r.registered(pkg, main, test, external)
	for _, lp := range pkg.Variants {
		for _, f := range lp.Files {
			if f.Package != lp {
				continue
			}
			if pkg.Standard && f.Cgo && declaresVars(f.Syntax) { // its syntax is not what the types are about
				if v := r.virtualIn(pkg, f); v != nil {
					return nil, fmt.Errorf("%s is virtual, and a file of the standard library that imports \"C\" declares it", v.Key)
				}
				continue
			}
			part := main
			if f.Test && !external {
				part = test
			}
			if part.Variant == nil {
				part.Variant = lp
			}
			fr := &fileRewriter{
				rewriter: r, pkg: pkg, lp: lp, file: f, part: part, starts: starts, late: late, registered: registered[part],
				edits: edits{
					file: r.plan.Prog.Fset.File(f.Syntax.FileStart), fset: r.plan.Prog.Fset, src: f.Src,
					inLine: r.opts.Build != Vimage, bare: r.spell.readable,
				},
			}
			fr.rewrite()
			if fr.fault != nil {
				return nil, fr.fault
			}
			if len(fr.edits.list) == 0 && fr.edits.tail == "" {
				continue
			}
			out, err := fr.edits.apply()
			if err != nil {
				return nil, err
			}
			res.Files[f.Path] = out
			if r.opts.Build == Vimage {
				res.Patches[f.Path] = fr.edits.patch()
			}
		}
	}
	if r.spell.renames {
		r.note(pkg, res)
		return nil, nil
	}
	for _, v := range pkg.Sorted() {
		part := main
		if v.File.Test && !external {
			part = test
		}
		if r.opts.Shared && v.Fate == plan.Shared && !pkg.Standard {
			part.Shared = append(part.Shared, v)
		}
		if v.Start == plan.Once && v.Initialised() {
			part.Plain = append(part.Plain, v)
		}
		if r.taken(v.Obj) == nil {
			continue
		}
		if v.Join != nil {
			part.Joined = append(part.Joined, Joined{r.names.parts[r.names.joined[v]], v})
			continue
		}
		part.Vars = append(part.Vars, v)
		if in := v.Value(); r.laid(v, v.InitIn(), in) {
			if part.Laid == nil {
				part.Laid = map[*plan.Var]constant.Value{}
			}
			part.Laid[v] = v.InitIn().Info.Types[in].Value
		}
		if v.Start == plan.Template {
			part.Steps = append(part.Steps, Step{Copy: v})
		}
	}
	for _, part := range []*Part{main, test} {
		if part.Variant == nil {
			continue
		}
		for _, static := range []bool{true, false} {
			for _, in := range part.Variant.Info.InitOrder {
				if !external && r.isTest(in.Rhs) != part.Test {
					continue
				}
				step, ok := starts[in.Rhs]
				rest, parted := late[in.Rhs]
				if ok && (parted || r.plan.First(part.Variant.Info, in.Rhs)) == static {
					part.Steps = append(part.Steps, step)
				}
				if parted && !static {
					part.Steps = append(part.Steps, rest)
				}
			}
		}
	}
	if r.spell.replays {
		main.Sysinits = pkg.Sysinits
		main.Boot = main.Variant != nil && pkg.Name == "main" && r.plan.HasSysinits()
	}
	main.HasOther, test.HasOther, test.OtherMore = !test.Empty(), !main.Empty(), main.More()
	r.note(pkg, res, main, test)
	return []*Part{main, test}, nil
}

func (r *rewriter) isTest(n ast.Node) bool {
	return strings.HasSuffix(r.plan.Prog.Fset.PositionFor(n.Pos(), false).Filename, "_test.go")
}

// A fileRewriter makes the edits of one file.
type fileRewriter struct {
	*rewriter
	pkg    *plan.Package
	lp     *load.Package
	file   *load.File
	part   *Part
	starts map[ast.Expr]Step
	late   map[ast.Expr]Step
	zeros  map[ast.Expr]string // what stands for the parts of an initialiser that are not laid out
	fault  error
	edits  edits
	frames []*frame
	// registered is the variable that registers the package, or "" if no
	// variable of it is virtual.
	registered string
	keep       map[string]bool // hooks to mention so that an import stays used
	marked     map[ast.Node]*managed.Access
	added      map[string]bool // packages that the file must import
	dropped    []span          // parts of the text that the file loses
	last       span            // what was cut last
}

// A frame is a function body, or a package-level initialiser that becomes one,
// with the hooks that it needs.
type frame struct {
	hooks []hook
}

type hook struct{ local, call string }

// need notes a hook and returns the call by which the frame takes the
// container.
func (fr *frame) need(h hook) string {
	for _, have := range fr.hooks {
		if have.local == h.local {
			return have.call
		}
	}
	fr.hooks = append(fr.hooks, h)
	return h.call
}

// head spells the statement that takes the containers.
func (fr *frame) head() string {
	if len(fr.hooks) == 0 {
		return ""
	}
	var locals, calls []string
	for _, h := range fr.hooks {
		locals = append(locals, h.local)
		calls = append(calls, h.call)
	}
	return " " + strings.Join(locals, ", ") + " := " + strings.Join(calls, ", ") + ";"
}

// AddedOpen and AddedClose stand around code that is added inside of functions,
// and around what makes a function of an initialiser: the coverage tool must
// not count it. See gen/workspace/overlaycover.
const (
	AddedOpen  = "/*vnet{*/"
	AddedClose = "/*}vnet*/"
)

func added(code string) string { return AddedOpen + code + AddedClose }

func (fr *fileRewriter) rewrite() {
	fr.keep = map[string]bool{}
	if fr.launched() {
		fr.part.Launch = true
	}
	if fr.managed && fr.spell.replays { // else they are what they look like
		fr.marked, _ = managed.Find(fr.plan, fr.lp, fr.file)
	}
	fr.added = map[string]bool{}
	for _, d := range fr.file.Syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			fr.funcDecl(d)
		case *ast.GenDecl:
			if d.Tok == token.VAR && fr.spell.renames {
				fr.rename(d)
			} else if d.Tok == token.VAR && fr.touches(d) && fr.spell.readable {
				fr.readableDecl(d)
			} else if d.Tok == token.VAR && fr.touches(d) {
				fr.varDecl(d)
			} else {
				fr.walk(d)
			}
		}
	}
	for _, l := range plan.Linknames(fr.file) {
		v := fr.pkg.Vars[l.Local]
		switch {
		case v == nil || fr.taken(v.Obj) == nil || v.Start == plan.Template:
		case fr.spell.renames:
			text := "//go:linkname " + fr.spell.refer(fr, v, "") + " " + l.Symbol
			fr.edits.replace(l.Pos, l.End, strings.TrimSpace(text))
		default: // the compiler demands a variable of that name: make the directive a plain comment
			fr.edits.insert(l.Pos+2, " ")
		}
	}
	fr.imports()
	if fr.spell.readable {
		fr.dropImports()
	}
	for _, h := range sortedKeys(fr.keep) {
		fr.edits.tail += "\nvar _ = " + h + "\n"
	}
}

func (fr *fileRewriter) funcDecl(d *ast.FuncDecl) {
	if d.Recv == nil && d.Name.Name == "init" && d.Body != nil {
		if fr.pkg.Standard && fr.plan.RunsOnce(d) { // with no frame: the plain variables that it fills are templates
			fr.walk(d.Body)
			return
		}
		if fr.spell.replays && fr.pkg.Replayed && !fr.plan.RunsOnce(d) {
			name, mixed := fr.part.Stem+"_init"+itoa(len(fr.part.Inits)), false
			if !fr.spell.readable {
				var number int
				number, mixed = fr.initNumber(d)
				name = fr.part.Stem + "_init_" + itoa(len(fr.part.Inits)) + "func" + naming.InitFunc(number)
			}
			fr.part.Inits = append(fr.part.Inits, Step{Call: name, Once: fr.plan.RunsInZero(d)})
			fr.edits.replace(d.Name.Pos(), d.Name.End(), name)
			if mixed { // the others keep their numbers
				defer func() { fr.edits.insert(d.End(), added("; func init() {}")) }()
			}
		}
	}
	if d.Recv != nil {
		fr.walk(d.Recv)
	}
	fr.walk(d.Type)
	if d.Body != nil {
		fr.body(d.Body)
	}
}

// launched reports whether the launcher takes the place of the file's package's
// main function.
func (fr *fileRewriter) launched() bool {
	return fr.opts.Launch && fr.lp.Name == "main" && !fr.file.Test && slices.Contains(fr.plan.Prog.Roots, fr.lp)
}

// body rewrites a function's body and gives it its hooks.
func (fr *fileRewriter) body(b *ast.BlockStmt) {
	f := &frame{}
	fr.frames = append(fr.frames, f)
	for _, s := range b.List {
		fr.walk(s)
	}
	fr.frames = fr.frames[:len(fr.frames)-1]
	if head := f.head(); head != "" && fr.spell.readable {
		fr.readableHead(b, f)
	} else if head != "" {
		fr.edits.insert(b.Lbrace+1, added(head))
	}
}

// walk rewrites the mentions of virtual variables below n.
func (fr *fileRewriter) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && fr.zeros[e] != "" {
			fr.edits.replace(e.Pos(), e.End(), fr.zeros[e])
			return false
		}
		if a := fr.marked[n]; a != nil && n != nil {
			fr.access(a)
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			fr.walk(n.Type)
			if s := fr.ordered(n); s != "" {
				fr.edits.insert(n.Body.Lbrace+1, added(s))
			}
			fr.body(n.Body)
			return false
		case *ast.CallExpr:
			if fr.spell.replays && fr.constant(n) {
				return false
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if _, ok := fr.lp.Info.Uses[id].(*types.PkgName); ok {
					if v := fr.taken(fr.lp.Info.Uses[n.Sel]); v != nil {
						fr.mention(n, v, id.Name+".")
					}
					return false
				}
			}
		case *ast.Ident:
			if v := fr.taken(fr.lp.Info.Uses[n]); v != nil {
				fr.mention(n, v, "")
			}
		}
		return true
	})
}

// mention replaces one mention of a virtual variable by what it has become.
func (fr *fileRewriter) mention(n ast.Expr, v *plan.Var, qualifier string) {
	if len(fr.frames) == 0 && v.Start == plan.Template && v.Pkg == fr.pkg.Path && fr.pkg.Standard {
		return
	}
	fr.edits.replace(n.Pos(), n.End(), fr.spell.refer(fr, v, qualifier))
}

// need has the innermost function take a container. An import that is named
// only for a container which the function takes by another name of its package
// must stay used.
func (fr *fileRewriter) need(h hook) {
	if taken := fr.frames[len(fr.frames)-1].need(h); taken != h.call {
		fr.keep[strings.TrimSuffix(h.call, "()")] = true
	}
}

// partOf names the part whose container holds v.
func (fr *fileRewriter) partOf(v *plan.Var) partKey {
	if k, ok := fr.names.joined[v]; ok {
		return k
	}
	return partKey{path: v.Pkg, test: inTest(fr.plan, v)}
}

// inTest reports whether a variable is declared in in-package test files.
func inTest(p *plan.Plan, v *plan.Var) bool {
	external := strings.HasSuffix(v.Pkg, "_test") && strings.HasSuffix(p.Packages[v.Pkg].Name, "_test")
	return v.File.Test && !external
}

// Field is the name of a variable's field.
func Field(v *plan.Var) string { return naming.Field + v.Name }

func declaresVars(f *ast.File) bool {
	return slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && g.Tok == token.VAR
	})
}

// virtualIn returns a virtual variable that a file declares, or nil.
func (r *rewriter) virtualIn(pkg *plan.Package, f *load.File) *plan.Var {
	for _, v := range pkg.Vars {
		if v.Fate == plan.Virtual && filepath.Base(r.plan.Prog.Fset.Position(v.Pos).Filename) == filepath.Base(f.Path) {
			return v
		}
	}
	return nil
}
