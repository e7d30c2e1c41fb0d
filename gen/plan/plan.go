package plan

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/verdicts"
)

// A Key names a package-level variable across the variants of its package.
type Key struct{ Pkg, Name string }

func (k Key) String() string { return k.Pkg + "." + k.Name }

// A Fate is what becomes of a variable.
type Fate int

const (
	Virtual Fate = iota // each image has its own
	Shared              // one for all images: proved immutable, or by the user's word
	Refused             // must be virtual and cannot be
)

func (f Fate) String() string { return [...]string{"virtual", "shared", "refused"}[f] }

// Start says how a variable gets its first value.
type Start int

const (
	// Replay: its initialiser runs in every image.
	Replay Start = iota
	// Template: the plain variable stays as the author (the linker, go:embed,
	// the runtime) filled it, and every image's copy starts as a copy of it.
	Template
	// Plain: the variable stays as it is.
	Plain
	// Once: one variable for all images, whose initialiser needs an image to
	// run in: that of the first one to start.
	Once
)

// A Var is one package-level variable.
type Var struct {
	Key
	Obj    *types.Var // of the first variant seen
	File   *load.File
	Pos    token.Pos
	Fate   Fate
	Start  Start
	Reason string // one line: the first step, and what it comes from
	Chain  []Step // the whole chain of reasons, from the fate to its cause
	Uses   Uses
	Size   int64 // of the variable itself, in bytes
	Reads  []Use // sorted by position
	Writes []Use // sorted by position
	Mark   Mark
	Join   *Join // the variable that this is one name of, nil if it has no other

	init   *initializer
	byWord bool // the user gave it its fate
	std    stdRole
	entry  *stdstate.Entry // what the table says of one of the standard library's
}

// Initialised reports whether the variable's declaration gives it a value.
func (v *Var) Initialised() bool { return v.init != nil }

// Judged reports whether the proof was asked about the variable: of the
// standard library's, about those that the program or the table of package
// stdstate names.
func (v *Var) Judged() bool { return v.std != stdIdle && v.Start != Template }

// ByWord reports whether the user gave the variable its fate.
func (v *Var) ByWord() bool { return v.byWord }

// Value is the initialiser, or nil; that of several variables together is none
// of theirs.
func (v *Var) Value() ast.Expr {
	if v.init == nil || v.init.tuple {
		return nil
	}
	return v.init.rhs
}

// InitIn is the package variant whose type information knows the initialiser,
// or nil.
func (v *Var) InitIn() *load.Package {
	if v.init == nil {
		return nil
	}
	return v.init.pkg
}

// A Package is what is planned for one import path.
type Package struct {
	Path     string
	Name     string
	Standard bool
	// Variants are the loaded packages with this path, the plain one first.
	Variants []*load.Package
	// Vars holds the variables by name, blank ones not included.
	Vars map[string]*Var
	// Replayed says that the package's initialisers and init functions run in
	// every image.
	Replayed bool
	again    bool // a step of its initialisation runs in every image
	// Sysinits are the functions that run when an image comes to be, and when
	// it ends, by file and position.
	Sysinits []Sysinit
}

// A Plan is the decision for a whole program.
type Plan struct {
	Prog     *load.Program
	Packages map[string]*Package // the packages in play, by path
	Order    []*Package          // the same, dependencies first
	Findings []Finding           // refused for what is not a Go variable
	Problems []Problem           // what the user said that makes no sense, sorted; if there is any, nothing is decided

	// Kept lists, for committed builds, what images share without being proved
	// to: sorted by place.
	Kept []Kept

	// Contentions are the places that reach what a process has one of, sorted.
	Contentions []Contention
	// Alone are the types for which the proof has not followed all addresses,
	// see proof.Result.
	Alone []flow.Cast
	// MakesImages is whether the program can reach a call of vimage.New.
	MakesImages bool

	SharedC map[string]bool // packages whose C variables are shared by the user's word

	joins       []*Join                              // variables that have several names
	symbols     map[Key]*Var                         // those to which go:linkname gives the symbol of a package and a name
	asmProtects map[string]map[string]token.Position // see asmProtects, by package

	std *standard

	early bool // types are not known yet

	once  map[token.Pos]bool  // init functions that run once, by their names' positions; initialisers of blanks, by theirs
	zero  map[token.Pos]bool  // of the others, those that run in the first image alone
	first map[ast.Expr]bool   // initialisers that are laid out by the compiler, see layOut
	parts map[ast.Expr][]Part // of those of which a part is
}

// Var returns the planned variable that obj is, or nil.
func (p *Plan) Var(obj types.Object) *Var {
	v, ok := obj.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return nil
	}
	if pkg := p.Packages[v.Pkg().Path()]; pkg != nil {
		return pkg.Vars[v.Name()]
	}
	return nil
}

// RunsInZero reports whether an init function is replayed in the first image
// alone.
func (p *Plan) RunsInZero(init *ast.FuncDecl) bool { return p.zero[init.Name.Pos()] }

// BlankRuns reports whether the initialiser of a blank variable stays as it is
// and runs once, or is replayed in the first image alone.
func (p *Plan) BlankRuns(value ast.Expr) (once, zero bool) {
	return p.once[value.Pos()], p.zero[value.Pos()]
}

// RunsOnce reports whether an init function stays as it is and runs once, for
// all images, when the process starts.
func (p *Plan) RunsOnce(init *ast.FuncDecl) bool { return p.once[init.Name.Pos()] }

// Separate reports whether no variable of the program is shared by the user's
// word: then what one image's code blocks on is out of reach for another's.
func (p *Plan) Separate() bool {
	for _, shared := range p.SharedC {
		if shared {
			return false
		}
	}
	return !slices.ContainsFunc(p.sorted(), func(v *Var) bool { return v.byWord && v.Fate == Shared })
}

// HasSysinits reports whether any package of the program has sysinit functions.
func (p *Plan) HasSysinits() bool {
	return slices.ContainsFunc(p.Order, func(pkg *Package) bool { return len(pkg.Sysinits) > 0 })
}

// IsVirtual returns the planned variable that obj is if it is virtual, else
// nil.
func (p *Plan) IsVirtual(obj types.Object) *Var {
	if v := p.Var(obj); v != nil && v.Fate == Virtual {
		return v
	}
	return nil
}

// Refusals lists the refused variables, by position.
func (p *Plan) Refusals() []*Var {
	var out []*Var
	for _, v := range p.sorted() {
		if v.Fate == Refused {
			out = append(out, v)
		}
	}
	return out
}

// Count returns how many variables of a package met which fate.
func (p *Package) Count() (virtual, shared, refused int) {
	return Count(slices.Collect(maps.Values(p.Vars)))
}

// Count returns how many of some variables met which fate.
func Count(vars []*Var) (virtual, shared, refused int) {
	for _, v := range vars {
		switch v.Fate {
		case Virtual:
			virtual++
		case Shared:
			shared++
		case Refused:
			refused++
		}
	}
	return
}

// Sorted returns the package's variables by file and position. Positions alone
// will not do: files are parsed at the same time, and which comes first in the
// file set is chance.
func (p *Package) Sorted() []*Var {
	return slices.SortedFunc(maps.Values(p.Vars), func(a, b *Var) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Pos, b.Pos))
	})
}

func (p *Plan) sorted() []*Var {
	var out []*Var
	for _, pkg := range p.Order {
		out = append(out, pkg.Sorted()...)
	}
	return out
}

// Options are the words that a build adds to what the source says.
type Options struct {
	// Standard is the table of the standard library's variables.
	Standard *stdstate.Table
	// Labels says that the current image is a profiler label, which timers do
	// not have.
	Labels bool
	// LinkerSet are variables named by -ldflags=-X.
	LinkerSet map[Key]bool
	// Settings are the user's words about packages that are not theirs.
	Settings *Settings
	// PackageDir returns the folder of a package that the program does not
	// have, "" if there is none.
	PackageDir func(path string) string
	// GOOS is the system that programs are built for.
	GOOS string
	// Plugin says that programs are plugins: whoever opens them uses what they
	// export.
	Plugin bool
	// Objects asks the compiler what it lays out; nil is for: nothing that is
	// not Static.
	Objects Objects
	// Exclude keeps packages out of play: the runtime itself.
	Exclude func(path string) bool
	// Committed, if it is not nil, plans committed builds.
	Committed *Committed
	// Verdicts keeps the proof's results between runs; nil for no results.
	Verdicts verdicts.Store
}

// New plans a program, whose function bodies must all be there.
func New(prog *load.Program, opts Options) (*Plan, error) {
	p := &Plan{
		Prog: prog, Packages: map[string]*Package{}, SharedC: map[string]bool{}, symbols: map[Key]*Var{},
		once: map[token.Pos]bool{}, zero: map[token.Pos]bool{}, first: map[ast.Expr]bool{}, parts: map[ast.Expr][]Part{},
	}
	std := newStandard(prog, opts.Standard)
	std.labels, p.std = opts.Labels, std
	for _, lp := range prog.Packages {
		if lp.Info == nil || len(lp.Errors) > 0 || opts.Exclude != nil && opts.Exclude(lp.Path) {
			continue
		}
		pkg := p.Packages[lp.Path]
		if pkg == nil {
			pkg = &Package{Path: lp.Path, Name: lp.Name, Standard: lp.Standard, Vars: map[string]*Var{}}
			p.Packages[lp.Path] = pkg
			p.Order = append(p.Order, pkg)
		}
		pkg.Variants = append(pkg.Variants, lp)
		p.declare(pkg, lp, std)
	}
	collect(p)
	std.judged(p)
	p.Problems = append(p.Problems, opts.Settings.check(p, opts.PackageDir, std.table)...)
	if len(p.Problems) > 0 {
		sortProblems(p.Problems)
		return p, nil
	}
	proved, err := prove(p, opts, std)
	if err != nil {
		return nil, err
	}
	if p.Contentions, err = contentions(p, proved.res.Reached, opts); err != nil {
		return nil, err
	}
	p.Alone = proved.res.Alone
	decide(p, proved, opts, std)
	if err := p.layOut(proved, opts.Objects); err != nil {
		return nil, err
	}
	opts.Committed.refuse(p, proved)
	p.Findings = append(p.Findings, patches(p, proved.res.Codes, opts.Settings)...)
	proved.settleInits(p)
	if opts.Committed != nil {
		p.Kept = proved.kept(p, opts.Committed)
	}
	std.settle(p, opts.Committed)
	for _, pkg := range p.Order {
		p.SharedC[pkg.Path] = opts.Settings.shareC(pkg.Path)
		if !pkg.Standard && !p.SharedC[pkg.Path] && opts.Committed.changes(pkg) {
			p.Findings = append(p.Findings, cStatics(p, pkg.Variants[0])...)
		}
	}
	p.Findings = append(p.Findings, p.initNames()...)
	return p, nil
}

// declare enters the package-level variables of one variant.
func (p *Plan) declare(pkg *Package, lp *load.Package, std *standard) {
	byObj := map[types.Object]*Var{}
	scope := lp.Types.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.Var)
		if !ok || name == "_" || lp.Standard && !std.declares(lp.Path, name) {
			continue
		}
		path := p.Prog.Fset.PositionFor(obj.Pos(), false).Filename
		file := p.Prog.Files[path]
		if file == nil {
			continue // made by cgo
		}
		v := pkg.Vars[name]
		if v == nil {
			v = &Var{Key: Key{lp.Path, name}, Obj: obj, File: file, Pos: obj.Pos()}
			if lp.Standard {
				v.std, v.entry = stdIdle, std.table.Lookup(lp.Path, name)
			}
			pkg.Vars[name] = v
		}
		byObj[obj] = v
	}
	for _, in := range lp.Info.InitOrder {
		for _, lhs := range in.Lhs {
			if v := byObj[lhs]; v != nil && v.init == nil {
				v.init = &initializer{rhs: in.Rhs, pkg: lp, tuple: len(in.Lhs) > 1}
			}
		}
	}
}
