package plan

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/go-vimage/vimage/gen/load"
)

// Early finds what syntax alone shows to be wrong with a program that is parsed
// but not type-checked: problems with the user's words, C variables, and
// variables of Go that assembly writes, or that only the linker knows by
// another name and that a function which certainly runs assigns. New would find
// the same, after minutes in large programs; what only the proof decides is
// left to it. The plan that is returned has Problems, Findings and refused
// variables, and nothing else.
func Early(prog *load.Program, opts Options) *Plan {
	p := &Plan{
		Prog: prog, Packages: map[string]*Package{}, SharedC: map[string]bool{}, symbols: map[Key]*Var{}, early: true,
		std: newStandard(prog, opts.Standard),
	}
	for _, lp := range prog.Packages {
		if lp.Standard || opts.Exclude != nil && opts.Exclude(lp.Path) || slices.ContainsFunc(lp.Files, (*load.File).Broken) {
			continue
		}
		pkg := p.Packages[lp.Path]
		if pkg == nil {
			pkg = &Package{Path: lp.Path, Name: lp.Name, Vars: map[string]*Var{}}
			p.Packages[lp.Path] = pkg
			p.Order = append(p.Order, pkg)
		}
		pkg.Variants = append(pkg.Variants, lp)
		for _, f := range lp.Files {
			if f.Package == lp {
				p.declared(pkg, lp, f)
			}
		}
	}
	p.outside()
	p.Problems = append(p.Problems, opts.Settings.check(p, opts.PackageDir, p.std.table)...)
	sortProblems(p.Problems)
	if len(p.Problems) > 0 {
		return p
	}
	for _, pkg := range p.Order {
		if !opts.Settings.shareC(pkg.Path) {
			p.Findings = append(p.Findings, cStatics(p, pkg.Variants[0])...)
		}
	}
	p.Findings = append(p.Findings, p.initNames()...)
	c := newCertain(p, opts.Plugin)
	for _, v := range p.sorted() {
		v.Fate = Shared
		if _, _, said := opts.Settings.word(v.Key); said || v.Uses.Word.Verb != "" {
			continue
		}
		p.refuseEarly(v, c)
	}
	return p
}

// refuseEarly refuses a variable if it is certain to be refused.
func (p *Plan) refuseEarly(v *Var, c *certain) {
	u := &v.Uses
	reason := ""
	switch {
	case u.Pulled, u.Imported:
		return
	case u.Asm.Written != "":
		reason = "assembly writes it at " + u.Asm.Written
	case u.Asm.Constant != "":
		return
	case u.Asm.Address != "":
		reason = "assembly takes its address at " + u.Asm.Address
	case u.Linkname.IsValid(), u.Asm.Read != "", v.Join != nil && v.Join.problem != "":
		if reason = c.written(v); reason == "" {
			return
		}
	default:
		return
	}
	v.Fate, v.Reason, u.Written = Virtual, reason, v.Pos
	if v.Join != nil {
		v.Join.reason = reason
	}
	settle(p, v, nil, false, &standard{})
	if v.Fate != Refused {
		v.Fate = Shared
	}
}

// declared enters the package-level variables of a file.
func (p *Plan) declared(pkg *Package, lp *load.Package, f *load.File) {
	for _, d := range f.Syntax.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				if name.Name == "_" || pkg.Vars[name.Name] != nil {
					continue
				}
				v := &Var{Key: Key{lp.Path, name.Name}, File: f, Pos: name.Pos()}
				if value := valueOf(spec, i); value != nil {
					v.init = &initializer{rhs: value, pkg: lp, tuple: len(spec.Values) < len(spec.Names)}
				}
				pkg.Vars[name.Name] = v
			}
		}
	}
}

func valueOf(s *ast.ValueSpec, i int) ast.Expr {
	switch len(s.Values) {
	case 0:
		return nil
	case len(s.Names):
		return s.Values[i]
	}
	return s.Values[0]
}
