package plan

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/sysctls"
)

// A Mark makes more of a variable than it looks like.
type Mark int

const (
	Unmarked Mark = iota
	Stat          // counters by P: //vimage:pcpustat
	Setting       // a sysctl that can be written: what mentions it must be ready for a change at any time
)

// A Sysinit is a function marked //vimage:sysinit or //vimage:sysuninit.
type Sysinit struct {
	directive.Mark
	At token.Position
}

// PcpuPath is the import path of the package that counters by P link against.
const PcpuPath = "github.com/go-vimage/vimage/runtime/pcpu"

// marks reads the marks of a file. Both kinds make the variable virtual, if no
// word says otherwise.
func (p *Plan) marks(pkg *Package, lp *load.Package, f *load.File) {
	problem := func(pos token.Pos, msg string) {
		p.Problems = append(p.Problems, Problem{p.Prog.Fset.Position(pos), msg})
	}
	p.registered(f, problem)
	for _, m := range directive.Marks(f.Syntax) {
		if m.Verb == directive.Sysinit || m.Verb == directive.Sysuninit {
			if f.Test {
				problem(m.Pos, "//vimage:"+m.Verb+" stands in a file of tests")
				continue
			}
			pkg.Sysinits = append(pkg.Sysinits, Sysinit{m, p.Prog.Fset.Position(m.Func.Pos())})
		}
		if _, ok := m.Args.(directive.Alias); ok && f.Test {
			problem(m.Pos, "//vimage:"+m.Verb+" stands in a file of tests, which modules are not linked to: "+
				"want another file, or alias.Override in the test")
		}
		if m.Var == nil {
			continue
		}
		v := pkg.Vars[m.Var.Name]
		if v == nil {
			continue
		}
		if m.Verb == directive.Pcpustat {
			if why := p.uncountable(lp, v); why != "" {
				problem(m.Pos, "//vimage:"+directive.Pcpustat+": "+why)
				continue
			}
			v.Mark = Stat
		} else if s, ok := m.Args.(directive.Setting); ok && s.Writable {
			v.Mark = Setting
		}
		if v.Mark != Unmarked && v.Uses.Word.Verb == "" {
			v.Uses.Word = Word{Verb: m.Verb, Pos: m.Pos}
		}
	}
}

// uncountable says why a variable cannot be counters by P, or returns "".
func (p *Plan) uncountable(lp *load.Package, v *Var) string {
	switch {
	case v.init != nil:
		return "variable " + v.Name + " has an initial value: counters start at zero"
	case !imports(lp, PcpuPath):
		return "package " + lp.Name + ` does not import it: want import _ "` + PcpuPath + `"`
	}
	if p.early {
		return ""
	}
	return p.noCounter(v.Obj.Type(), v.Name, 0)
}

// imports reports whether the files of a package import another. Only those are
// looked at that the package's plain variant has too: what tests import is of
// no help to others.
func imports(lp *load.Package, path string) bool {
	for _, f := range lp.Files {
		for _, imp := range f.Syntax.Imports {
			if imp.Path.Value == `"`+path+`"` {
				return true
			}
		}
	}
	return false
}

// noCounter says what of a type, at an offset, is no integer that atomic
// additions reach.
func (p *Plan) noCounter(t types.Type, name string, at int64) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch u.Kind() {
		case types.Int, types.Int32, types.Int64, types.Uint, types.Uint32, types.Uint64, types.Uintptr:
			if at%p.Prog.Sizes.Sizeof(u) != 0 {
				return name + " is not aligned to its size, which atomic additions need"
			}
			return ""
		}
	case *types.Array:
		if u.Len() > 1 {
			if why := p.noCounter(u.Elem(), name+"[]", at+p.Prog.Sizes.Sizeof(u.Elem())); why != "" {
				return why
			}
		}
		return p.noCounter(u.Elem(), name+"[]", at)
	case *types.Struct:
		var fields []*types.Var
		for f := range u.Fields() {
			fields = append(fields, f)
		}
		for i, off := range p.Prog.Sizes.Offsetsof(fields) {
			if fields[i].Name() == "_" {
				return name + " has a blank field"
			}
			if why := p.noCounter(fields[i].Type(), name+"."+fields[i].Name(), at+off); why != "" {
				return why
			}
		}
		return ""
	}
	return name + " is of type " + types.TypeString(t, nil) +
		": want int, uint, uintptr, an integer of 32 or 64 bits, or structs and arrays of those"
}

// registered checks that the sysctls of a file are registered by the generated
// file beside it, and no others.
func (p *Plan) registered(f *load.File, problem func(token.Pos, string)) {
	dir, base := filepath.Split(f.Path)
	if _, ok := sysctls.Beside(base); ok {
		return
	}
	name := sysctls.Name(base)
	have := p.Prog.Files[filepath.Join(dir, name)]
	marks := sysctls.Marks(f.Syntax)
	if len(marks) == 0 {
		if have != nil && ast.IsGenerated(have.Syntax) {
			problem(have.Syntax.Package, base+" has nothing left to register: run vimagegen sysctl")
		}
		return
	}
	want, err := sysctls.File(p.Prog.Fset, f.Syntax)
	switch {
	case err != nil:
		problem(marks[0].Pos, err.Error())
	case have == nil:
		problem(marks[0].Pos, "//vimage:"+directive.Sysctl+": "+name+", which would register it, is not there: run vimagegen sysctl")
	case !bytes.Equal(bytes.ReplaceAll(have.Src, []byte("\r\n"), []byte("\n")), want):
		problem(marks[0].Pos, "//vimage:"+directive.Sysctl+": "+name+" is out of date: run vimagegen sysctl")
	}
}
