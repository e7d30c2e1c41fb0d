package plan

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// Objects returns the symbols of packages' plain objects, by the packages' IDs:
// what the compiler makes of them with the user's flags, when nothing is
// rewritten.
type Objects func(ids []string) (map[string][]*objfile.Symbol, error)

// layOut finds out what the compiler has laid out of the variables that a step
// of initialisation comes to ahead of their initialisers. Only there can it be
// noticed, and what is laid out depends on the inliner, so on profiles, on
// flags for coverage and races, and on the size of other functions: the
// compiler itself is asked, by its object of the plain package.
//
// A variable that is laid out as a whole gets its value first in an image, as
// those do that are [Static]. Of one that is not at all the initialiser has its
// place in the order. Of one that is laid out in part, the rest is taken out of
// the initialiser, and stored in its place in the order ([Part]); where that
// cannot be done the variable is refused.
func (p *Plan) layOut(d *prover, objects Objects) error {
	type early struct {
		unit *proof.Unit
		step proof.Touch
	}
	ahead := map[*Var]early{}
	var vars []*Var
	packages := map[string]bool{}
	for _, u := range d.res.Units {
		if !d.again[u] {
			continue
		}
		for _, n := range sortedNames(u.Ahead) {
			v := p.lookup(n)
			if v == nil || v.Fate != Virtual || v.Start != Replay || v.Value() == nil || p.Packages[v.Pkg].Standard {
				continue
			}
			if e, ok := ahead[v]; !ok || u.Ahead[n].Writes && !e.step.Writes {
				if !ok {
					vars = append(vars, v)
				}
				ahead[v] = early{u, u.Ahead[n]}
				packages[p.linked(v).ImportPath] = true
			}
		}
	}
	if len(vars) == 0 {
		return nil
	}
	symbols := map[string][]*objfile.Symbol{}
	if objects != nil {
		var ids []string
		for id := range packages {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		var err error
		if symbols, err = objects(ids); err != nil {
			return err
		}
	}
	for _, v := range vars {
		lp := p.linked(v)
		o := newObject(lp, symbols[lp.ImportPath])
		switch o.extent(slot{o.symbols[o.prefix+v.Name], 0}, v.Obj.Type(), p.Prog.Sizes) {
		case wholly:
			p.first[v.init.rhs] = true
		case partially:
			parts, err := p.partsOf(o, v)
			e := ahead[v]
			if err == nil && e.step.Writes {
				err = errors.New("it may be assigned before that")
			}
			if err == nil {
				p.parts[v.init.rhs] = parts
				continue
			}
			v.Fate = Refused
			v.Reason = fmt.Sprintf("the compiler lays out a part of it, which %s (%s) finds before the rest has its value: it %s (%s); %v",
				p.spell(e.unit), p.place(e.unit.Pos), e.step.Text, p.place(e.step.Pos), err)
		}
	}
	return nil
}

// Parts lists the parts of an initialiser that do not have their values when
// the rest has, or nil.
func (p *Plan) Parts(e ast.Expr) []Part { return p.parts[e] }

// assigns reports whether a function's text assigns a variable, or takes its
// address.
func (p *Plan) assigns(fn ast.Node, n proof.Name) bool {
	v := p.lookup(n)
	if v == nil || fn == nil {
		return true
	}
	begin, end := p.Prog.Fset.Position(fn.Pos()), p.Prog.Fset.Position(fn.End())
	return slices.ContainsFunc(v.Writes, func(u Use) bool {
		return (u.How == Assigned || u.How == Address) && u.Pos.Filename == begin.Filename &&
			u.Pos.Offset >= begin.Offset && u.Pos.Offset < end.Offset
	})
}

// linked returns the variant of a variable's package that a program is linked
// from: that with tests, if there is one.
func (p *Plan) linked(v *Var) *load.Package {
	variants := p.Packages[v.Pkg].Variants
	found := variants[0]
	for _, lp := range variants {
		if lp.ForTest == v.Pkg {
			found = lp
		}
	}
	return found
}

// First reports whether an initialiser's value is laid out by the compiler, so
// that in an image it comes before those that are not.
func (p *Plan) First(info *types.Info, e ast.Expr) bool { return p.first[e] || Static(info, e) }

// An extent says how much of a variable is laid out.
type extent int

const (
	nothing extent = iota
	partially
	wholly
)

// An object is what the compiler made of a package.
type object struct {
	prefix  string
	symbols map[string]*objfile.Symbol
	stored  map[string]bool // symbols that the function of the package's initialisers mentions
}

func newObject(lp *load.Package, symbols []*objfile.Symbol) *object {
	name := lp.Name
	if lp.ForTest != "" { // no main package to the compiler
		name = ""
	}
	o := &object{prefix: objfile.Prefix(lp.Path, name), symbols: map[string]*objfile.Symbol{}, stored: map[string]bool{}}
	for _, s := range symbols {
		if s.Kind.IsText() {
			if s.Name == o.prefix+"init" {
				for _, r := range s.Relocs {
					o.stored[r.Sym] = true
				}
			}
			continue
		}
		if s.Name != "" {
			o.symbols[s.Name] = s
		}
	}
	return o
}

// extent says how much is laid out of a value of a type, in some memory. It is
// all if there is content, and the initialisers' function names neither the
// memory that the compiler made for the content nor, unless the value's words
// are all laid out, that in which the value lies.
func (o *object) extent(at slot, t types.Type, sizes types.Sizes) extent {
	if at.s == nil {
		return nothing
	}
	size := sizes.Sizeof(t)
	var refs []objfile.Reloc
	for _, r := range at.s.Relocs {
		if r.Size > 0 && int64(r.Off) >= at.off && int64(r.Off) < at.off+size {
			refs = append(refs, r)
		}
	}
	bits := false
	for i := at.off; i < min(at.off+size, int64(len(at.s.Data))); i++ {
		bits = bits || at.s.Data[i] != 0
	}
	switch {
	case !bits && len(refs) == 0:
		return nothing
	case o.stored[at.s.Name] && !filled(t, len(refs)):
		return partially
	}
	seen := map[string]bool{}
	for ; len(refs) > 0; refs = refs[1:] {
		name := refs[0].Sym
		if seen[name] || !strings.HasPrefix(name, o.prefix+".stmp_") {
			continue
		}
		seen[name] = true
		if o.stored[name] {
			return partially
		}
		if to := o.symbols[name]; to != nil {
			for _, r := range to.Relocs {
				if r.Size > 0 {
					refs = append(refs, r)
				}
			}
		}
	}
	return wholly
}

// filled reports whether a value with some references is a single one, or has
// no place for any, so that nothing of it can be missing.
func filled(t types.Type, refs int) bool {
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return refs == 2
	case *types.Pointer, *types.Slice, *types.Signature, *types.Map, *types.Chan:
		return refs == 1
	case *types.Basic:
		return t.Info()&types.IsString == 0 || refs == 1
	}
	return false
}
