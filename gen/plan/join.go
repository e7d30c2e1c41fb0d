package plan

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/gen/load"
)

// A Join is one variable that has names in several packages, by go:linkname:
//
//	package q; var state int
//	package m; //go:linkname pulled example.com/q.state
//	           var pulled int
//
// All its names have one fate, and if that is virtual, one field.
type Join struct {
	Symbol string // by which the linker knows the variable
	// Vars are the names. The first stands for all: it is the one that the
	// symbol is made of, if the program has that.
	Vars []*Var
	// Template says that the linker lays out the first value: the declarations
	// stay, and the field begins as a copy.
	Template bool

	at      map[*Var]token.Pos // of the directives
	reason  string             // of its fate
	problem string             // why the names cannot have one field, or ""
}

// Main reports whether v is the name that stands for all.
func (j *Join) Main(v *Var) bool { return j.Vars[0] == v }

// place is that of the directive that makes v a name of the variable; where v
// needs none, that of the first other one's.
func (j *Join) place(v *Var) token.Pos {
	for _, v := range append([]*Var{v}, j.Vars...) {
		if at, ok := j.at[v]; ok {
			return at
		}
	}
	return token.NoPos
}

// nameOf is the name by which the proof knows a variable.
func nameOf(v *Var) proof.Name {
	if v.Join != nil {
		v = v.Join.Vars[0]
	}
	return proof.Name(v.Key)
}

// names returns the variable's names, or v alone.
func (v *Var) names() []*Var {
	if v.Join != nil {
		return v.Join.Vars
	}
	return []*Var{v}
}

// others spells the names that the variable has besides v.
func (j *Join) others(v *Var) string {
	var out []string
	for _, w := range j.Vars {
		if w != v {
			out = append(out, w.Key.String())
		}
	}
	return strings.Join(out, ", ")
}

// A joiner gathers the names of each symbol.
type joiner struct {
	plan *Plan
	// bySymbol holds the variables that a directive gives a symbol. Where
	// several directives name one variable, the compiler takes the last.
	bySymbol map[string][]*Var
	symbols  map[*Var]Linkname
	unseen   []Linkname      // those of what is not judged
	imported map[string]bool // symbols that the dynamic linker provides (go:cgo_import_dynamic)
	late     map[*Var]bool   // variables that only the package's tests give a symbol
}

// joins reads the go:linkname directives of the whole program. One that names a
// second symbol ties a variable to it, whichever side has the directive; one
// without only permits that.
func joins(p *Plan) {
	j := &joiner{
		plan: p, bySymbol: map[string][]*Var{}, symbols: map[*Var]Linkname{}, imported: map[string]bool{}, late: map[*Var]bool{},
	}
	for _, lp := range p.Prog.Packages {
		for _, f := range lp.Files {
			if f.Package == lp {
				j.read(p.Packages[lp.Path], f)
			}
		}
	}
	for v, l := range j.symbols {
		j.bySymbol[l.Symbol] = append(j.bySymbol[l.Symbol], v)
	}
	for _, symbol := range slices.Sorted(maps.Keys(j.bySymbol)) {
		j.join(symbol, j.bySymbol[symbol])
	}
	for _, l := range j.unseen {
		for _, v := range j.named(l.Symbol, nil) {
			v.Uses.Linkname = l.Pos
		}
	}
}

func (j *joiner) read(pkg *Package, f *load.File) {
	for _, group := range f.Syntax.Comments {
		for _, c := range group.List {
			if fields := strings.Fields(c.Text); len(fields) > 1 && fields[0] == "//go:cgo_import_dynamic" {
				j.imported[fields[1]] = true
			}
		}
	}
	for _, l := range Linknames(f) {
		if l.Symbol == "" {
			continue
		}
		if pkg == nil || pkg.Vars[l.Local] == nil {
			j.unseen = append(j.unseen, l)
			continue
		}
		v := pkg.Vars[l.Local]
		j.late[v] = f.Test && !v.File.Test
		j.symbols[v] = l
	}
}

func isVar(obj types.Object) bool {
	_, ok := obj.(*types.Var)
	return ok
}

// named returns the variables that a symbol is made of: those of that package
// and name which no directive gives another. A main package's symbols begin
// with main, except in its tests; a program of several main packages has
// several.
func (j *joiner) named(symbol string, from *Package) (out []*Var) {
	path, name, ok := CutSymbol(symbol)
	if !ok {
		return nil
	}
	enter := func(pkg *Package) {
		if pkg == nil {
			return
		}
		if v := pkg.Vars[name]; v != nil && (j.symbols[v].Symbol == "" || j.symbols[v].Symbol == symbol) {
			out = append(out, v)
		}
	}
	enter(j.plan.Packages[path])
	if path != "main" || j.plan.Prog.Tests {
		return out
	}
	if from != nil && from.Name == "main" {
		enter(from)
		return out
	}
	for _, pkg := range j.plan.Order {
		if pkg.Name == "main" && pkg.Path != "main" {
			enter(pkg)
		}
	}
	return out
}

// join makes one variable of all that have a symbol.
func (j *joiner) join(symbol string, vars []*Var) {
	p := j.plan
	byPlace := func(a, b *Var) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Pos, b.Pos))
	}
	slices.SortFunc(vars, byPlace)
	at := j.symbols[vars[0]].Pos
	main := j.named(symbol, p.Packages[vars[0].Pkg])
	all := slices.Clone(main)
	for _, v := range vars {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	if len(main) == 0 { // then one that has a first value
		slices.SortStableFunc(all, func(a, b *Var) int { return -cmpBool(a.init != nil, b.init != nil) })
	}
	for _, v := range all {
		v.Uses.Named = true
	}
	path, name, ok := CutSymbol(symbol)
	switch {
	case j.imported[symbol]:
		for _, v := range all {
			v.Uses.Linkname, v.Uses.Imported = at, true
		}
		return
	case !ok || !token.IsIdentifier(name): // C's, or the linker's own
		for _, v := range all {
			v.Uses.Linkname = at
		}
		return
	case p.standard(path), slices.ContainsFunc(all, func(v *Var) bool { return p.Packages[v.Pkg].Standard }):
		// The standard library's own name of it is never virtual then: see
		// settle.
		for _, v := range all {
			v.Uses.Linkname, v.Uses.Pulled = at, v.init == nil && v.std == notStandard
		}
		return
	}
	if lp := p.Prog.ByID[path]; lp != nil && lp.Types != nil {
		if obj := lp.Types.Scope().Lookup(name); obj != nil && !isVar(obj) { // a function's code, seen as a variable
			for _, v := range all {
				v.Uses.Linkname = at
			}
			return
		}
	}
	p.symbols[Key{path, name}] = all[0]
	if len(all) == 1 {
		return // by a symbol that nothing else has
	}
	g := &Join{Symbol: symbol, Vars: all, at: map[*Var]token.Pos{}}
	for _, v := range all {
		v.Join = g
		if l, ok := j.symbols[v]; ok {
			g.at[v] = l.Pos
		}
		if j.late[v] {
			g.problem = "the directive at " + p.place(j.symbols[v].Pos) + " is in a file of tests, but the variable is not: other tests do not have it"
		}
	}
	p.joins = append(p.joins, g)
}

func cmpBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// merge gives all names of a variable the uses of each.
func (j *Join) merge() {
	u := Uses{Named: true}
	for i, v := range j.Vars {
		w := &v.Uses
		switch {
		case !w.Written.IsValid():
		case !u.Written.IsValid():
			u.Written, u.InitOnly = w.Written, w.InitOnly
		default:
			u.InitOnly = u.InitOnly && w.InitOnly
		}
		u.Address = cmp.Or(u.Address, w.Address)
		u.Linkname = cmp.Or(u.Linkname, w.Linkname)
		u.Embed = cmp.Or(u.Embed, w.Embed)
		u.Asm.Read = cmp.Or(u.Asm.Read, w.Asm.Read)
		u.Asm.Written = cmp.Or(u.Asm.Written, w.Asm.Written)
		u.Asm.Address = cmp.Or(u.Asm.Address, w.Asm.Address)
		u.Asm.Constant = cmp.Or(u.Asm.Constant, w.Asm.Constant)
		if i == 0 || u.Word.Verb == "" {
			u.Word = w.Word
		}
	}
	for _, v := range j.Vars {
		v.Uses = u
	}
}

// unite says why the names cannot have one field, and how that gets its first
// value.
func (j *Join) unite(p *Plan, proved *prover, opts Options) {
	main := j.Vars[0]
	size, pointers := p.Prog.Sizes.Sizeof(main.Obj.Type()), pointerWords(p.Prog.Sizes, main.Obj.Type())
	for _, v := range j.Vars[1:] {
		t := v.Obj.Type()
		switch {
		case j.problem != "":
		case p.Prog.Sizes.Sizeof(t) != size:
			j.problem = "its names have types of different sizes, " + main.Key.String() + " and " + v.Key.String()
		case !slices.Equal(pointerWords(p.Prog.Sizes, t), pointers):
			j.problem = "its names have types with pointers at different places, " + main.Key.String() + " and " + v.Key.String()
		}
	}
	var first *Var // that has a first value
	for _, v := range j.Vars {
		switch {
		case v.Mark != Unmarked:
			j.problem = "it is marked //vimage:" + v.Uses.Word.Verb
		case v.Uses.Embed.IsValid(), opts.LinkerSet[v.Key] && (v.init == nil || isConstant(v.init)):
			j.Template = true
		case v.init == nil:
		case !v.init.tuple && Static(v.init.pkg.Info, v.init.rhs):
			first = v
			j.Template = j.Template || !flow.HasRefs(v.Obj.Type())
		}
	}
	for _, v := range j.Vars {
		switch {
		case j.problem != "":
		case j.Template && v.init != nil && !v.Uses.Embed.IsValid() && !Static(v.init.pkg.Info, v.init.rhs):
			j.problem = "two of its names have an initialiser"
		}
	}
	if j.problem == "" && first != nil {
		j.problem = j.early(p, proved, first)
	}
}

// early says why it matters that a variable has its first value, that of one of
// its names, from the beginning. An image's copy gets one that holds references
// only when that name's package is started, which may be too late for packages
// that do not import it. And the compiler may copy the value to that package's
// other variables, whatever was written to it by then.
func (j *Join) early(p *Plan, proved *prover, first *Var) string {
	name := nameOf(first)
	waits := func(pkg string) bool { return p.imports(p.Packages[pkg], first.Pkg) }
	var mention, write []string // packages that do not wait and do that
	for _, v := range j.Vars {
		for _, use := range slices.Concat(v.Reads, v.Writes) {
			if !waits(use.Pkg) {
				mention = append(mention, use.Pkg)
				if use.How != Read {
					write = append(write, use.Pkg)
				}
			}
		}
	}
	copied := slices.ContainsFunc(proved.res.Units, func(u *proof.Unit) bool {
		_, reads := u.Reads[name]
		return reads && u.Pkg == first.Pkg && !u.IsInit
	})
	for _, u := range proved.res.Units {
		s, mentions := u.Reads[name]
		if !mentions && u.World == nil || waits(u.Pkg) { // where it must run in every image, not all that it mentions is known
			continue
		}
		from := func(pkgs []string) bool {
			return slices.ContainsFunc(pkgs, func(path string) bool { return p.imports(p.Packages[u.Pkg], path) })
		}
		place := cmp.Or(s.Pos, u.Pos)
		if !j.Template && from(mention) {
			return fmt.Sprintf("the initialisation of package %s may read it (%s) before that of %s gives it references", u.Pkg, p.place(place), first.Pkg)
		}
		if copied && from(write) {
			return fmt.Sprintf("the initialisation of package %s may write it (%s) before that of %s, which reads it", u.Pkg, p.place(place), first.Pkg)
		}
	}
	return ""
}

// imports reports whether a package imports another, directly or not.
func (p *Plan) imports(pkg *Package, path string) bool {
	seen := map[*types.Package]bool{}
	var visit func(t *types.Package) bool
	visit = func(t *types.Package) bool {
		if seen[t] {
			return false
		}
		seen[t] = true
		return t.Path() == path || slices.ContainsFunc(t.Imports(), visit)
	}
	return visit(pkg.Variants[0].Types)
}

// pointerWords lists the offsets at which values of a type hold what the
// garbage collector follows.
func pointerWords(sizes types.Sizes, t types.Type) (out []int64) {
	word := sizes.Sizeof(types.Typ[types.Uintptr])
	var visit func(t types.Type, at int64)
	visit = func(t types.Type, at int64) {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			if u.Kind() == types.UnsafePointer || u.Kind() == types.String {
				out = append(out, at)
			}
		case *types.Pointer, *types.Map, *types.Chan, *types.Signature, *types.Slice:
			out = append(out, at)
		case *types.Interface:
			out = append(out, at+word) // the first word refers to what is never freed
		case *types.Array:
			if n := sizes.Sizeof(u.Elem()); len(pointerWords(sizes, u.Elem())) > 0 {
				for i := range u.Len() {
					visit(u.Elem(), at+i*n)
				}
			}
		case *types.Struct:
			var fields []*types.Var
			for f := range u.Fields() {
				fields = append(fields, f)
			}
			for i, off := range sizes.Offsetsof(fields) {
				visit(fields[i].Type(), at+off)
			}
		}
	}
	visit(t, 0)
	return out
}

// joinNames gives all names of a variable one fate.
func joinNames(p *Plan) bool {
	changed := false
	for _, j := range p.joins {
		main := j.Vars[0]
		for _, v := range j.Vars[1:] {
			if v.Fate == Virtual && main.Fate == Shared && !main.byWord {
				main.Fate, main.Reason, changed = Virtual, v.Reason, true
			}
		}
		j.reason = main.Reason
		for _, v := range j.Vars[1:] {
			if v.Fate != main.Fate {
				changed = true
			}
			v.Fate, v.byWord, v.Chain = main.Fate, main.byWord, main.Chain
			v.Reason = "the same variable as " + main.Key.String() + ", by go:linkname at " + p.place(j.place(v)) + ": " + main.Reason
		}
	}
	return changed
}
