package plan

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// A Part is an expression in a variable's initialiser that is evaluated in its
// place in the order of initialisation, while what stands around it is laid out
// by the compiler and there from the beginning.
//
//	var x = &T{name: f(), size: 8}     f(): x.name is "" until it has run
type Part struct {
	Expr ast.Expr
	Zero types.Type // of the value that is there before
	Path string     // what is written behind the variable to name the place
	Open string     // and before it
}

// A parter takes an initialiser apart, by what the compiler has laid out of it.
type parter struct {
	o     *object
	info  *types.Info
	sizes types.Sizes
	text  func(ast.Node) string
	parts []Part
}

// A slot is memory in an object.
type slot struct {
	s   *objfile.Symbol
	off int64
}

// partsOf lists the parts of a variable's initialiser, or says why it cannot be
// taken apart.
func (p *Plan) partsOf(o *object, v *Var) ([]Part, error) {
	pt := &parter{o: o, info: v.init.pkg.Info, sizes: p.Prog.Sizes, text: p.text(v.init.pkg)}
	if err := pt.walk(v.init.rhs, v.Obj.Type(), slot{o.symbols[o.prefix+v.Name], 0}, "", ""); err != nil {
		return nil, err
	}
	return pt.parts, nil
}

// text returns a function that gives the author's text of a node.
func (p *Plan) text(lp *load.Package) func(ast.Node) string {
	return func(n ast.Node) string {
		f := p.Prog.Fset.File(n.Pos())
		for _, file := range lp.Files {
			if p.Prog.Fset.File(file.Syntax.FileStart) == f {
				return string(file.Src[f.Offset(n.Pos()):f.Offset(n.End())])
			}
		}
		return ""
	}
}

// walk takes apart an expression that is assigned to memory of a type. The
// memory is named by open, the variable and path.
func (pt *parter) walk(e ast.Expr, to types.Type, at slot, open, path string) error {
	e = ast.Unparen(e)
	if Static(pt.info, e) {
		return nil
	}
	t := pt.info.Types[e].Type
	if types.IsInterface(to) && !types.IsInterface(t) {
		return pt.boxed(e, t, at, open, path)
	}
	part := func() error {
		pt.parts = append(pt.parts, Part{Expr: e, Zero: to, Path: path, Open: open})
		return nil
	}
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND {
			return pt.literal(lit, t.Underlying().(*types.Pointer).Elem(), at.follow(pt.o), open, path)
		}
	case *ast.CompositeLit:
		if ptr, ok := t.Underlying().(*types.Pointer); ok { // an element whose & is left out
			return pt.literal(e, ptr.Elem(), at.follow(pt.o), open, path)
		}
		if !isMap(t) {
			return pt.literal(e, t, at, open, path)
		}
	case *ast.CallExpr:
		if pt.info.Types[e.Fun].IsType() && len(e.Args) == 1 && (types.IsInterface(t) || sameBits(pt.info.Types[e.Args[0]].Type, t)) {
			return pt.walk(e.Args[0], t, at, open, path)
		}
		return pt.unsure(e, t, at, part)
	case *ast.Ident:
		return pt.unsure(e, t, at, part)
	}
	return part()
}

// unsure decides on a call or a copy by what is there.
func (pt *parter) unsure(e ast.Expr, t types.Type, at slot, part func() error) error {
	switch pt.o.extent(at, t, pt.sizes) {
	case nothing:
		return part()
	case partially:
		return fmt.Errorf("what %s gives is laid out in part", pt.text(e))
	}
	return nil
}

// literal takes apart a composite literal of a type.
func (pt *parter) literal(e *ast.CompositeLit, t types.Type, at slot, open, path string) error {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		var fields []*types.Var
		for f := range u.Fields() {
			fields = append(fields, f)
		}
		offsets := pt.sizes.Offsetsof(fields)
		for i, x := range e.Elts {
			f := fieldOf(pt.info, u, i, x)
			if f.Name() == "_" {
				return fmt.Errorf("it fills a blank field")
			}
			for k, g := range fields {
				if g == f {
					if err := pt.walk(value(x), f.Type(), at.plus(offsets[k]), open, path+"."+f.Name()); err != nil {
						return err
					}
				}
			}
		}
		return nil
	case *types.Slice:
		return pt.elements(e, u.Elem(), at.follow(pt.o), open, path)
	case *types.Array:
		return pt.elements(e, u.Elem(), at, open, path)
	}
	return fmt.Errorf("it takes the address of a map or of something else that is made later")
}

func (pt *parter) elements(e *ast.CompositeLit, elem types.Type, at slot, open, path string) error {
	size, k := pt.sizes.Sizeof(elem), int64(0)
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			key, err := fmt.Sscan(pt.info.Types[kv.Key].Value.ExactString(), &k)
			if key != 1 {
				return err
			}
		}
		if err := pt.walk(value(x), elem, at.plus(k*size), open, fmt.Sprintf("%s[%d]", path, k)); err != nil {
			return err
		}
		k++
	}
	return nil
}

// boxed takes apart a value that is put into an interface, whose type is there
// from the beginning.
func (pt *parter) boxed(e ast.Expr, t types.Type, at slot, open, path string) error {
	word := pt.sizes.Sizeof(types.Typ[types.Uintptr])
	data := at.plus(word)
	if !direct(t) {
		data = data.follow(pt.o)
	}
	if u, ok := e.(*ast.UnaryExpr); ok {
		if lit, ok := ast.Unparen(u.X).(*ast.CompositeLit); ok && u.Op == token.AND {
			name := pt.text(lit.Type)
			return pt.literal(lit, t.Underlying().(*types.Pointer).Elem(), data.follow(pt.o), open, path+".(*"+name+")")
		}
	}
	if lit, ok := e.(*ast.CompositeLit); ok && !isMap(t) {
		return fmt.Errorf("a part of what %s holds gets its value later", pt.text(lit.Type))
	}
	return pt.unsure(e, t, data, func() error {
		pt.parts = append(pt.parts, Part{Expr: e, Zero: t, Path: path, Open: open})
		return nil
	})
}

// direct reports whether an interface holds values of a type in its own word.
func direct(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature:
		return true
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Struct:
		return t.NumFields() == 1 && direct(t.Field(0).Type())
	case *types.Array:
		return t.Len() == 1 && direct(t.Elem())
	}
	return false
}

func (at slot) plus(n int64) slot { return slot{at.s, at.off + n} }

// follow returns the memory to which a slot refers, or none.
func (at slot) follow(o *object) slot {
	if at.s != nil {
		for _, r := range at.s.Relocs {
			if r.Size > 0 && int64(r.Off) == at.off {
				return slot{o.symbols[r.Sym], r.Add}
			}
		}
	}
	return slot{}
}
