package tamper

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// A Kind is a way to tamper.
type Kind string

const (
	Constant Kind = "constant"         // a number in a function
	Operands Kind = "swapped operands" // of what is not commutative
	Store    Kind = "dropped store"    // the value is computed and thrown away
	Callee   Kind = "another callee"   // of the same signature
	Datum    Kind = "initialised datum"
	String   Kind = "string" // in a function, of the same length
	Removed  Kind = "removed function"
	Layout   Kind = "struct layout" // two fields change places
	Order    Kind = "init order"    // two variables' declarations do
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{Constant, Operands, Store, Callee, Datum, String, Removed, Layout, Order}
}

// A Mutation is one edit, or two.
type Mutation struct {
	Kind  Kind
	Pos   token.Position
	In    string // the function or type that it is in: F, T.M, (*T).M; "" for a variable's initialiser
	Vars  []string
	edits []edit
}

type edit struct {
	start, end token.Pos
	text       string
}

func (m Mutation) String() string {
	in := m.In
	if in == "" {
		in = strings.Join(m.Vars, ", ")
	}
	return fmt.Sprintf("%s in %s at %s", m.Kind, in, m.Pos)
}

// A finder collects a package's possible mutations.
type finder struct {
	*Package
	file *ast.File
	out  []Mutation
	in   string
	vars []string
}

func (p *Package) mutations() []Mutation {
	var out []Mutation
	for _, f := range p.files {
		d := &finder{Package: p, file: f}
		for _, decl := range f.Decls {
			d.decl(decl)
		}
		out = append(out, d.out...)
	}
	return out
}

func (d *finder) add(k Kind, at token.Pos, edits ...edit) {
	d.out = append(d.out, Mutation{Kind: k, Pos: d.fset.Position(at), In: d.in, Vars: d.vars, edits: edits})
}

func (d *finder) decl(decl ast.Decl) {
	d.in, d.vars = "", nil
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Body == nil {
			return
		}
		d.in = funcName(decl)
		if decl.Name.Name != "init" && decl.Name.Name != "main" && decl.Type.TypeParams == nil {
			d.add(Removed, decl.Pos(), edit{decl.Pos(), decl.End(), ""})
		}
		d.body(decl.Body)
	case *ast.GenDecl:
		switch decl.Tok {
		case token.VAR:
			d.order(decl)
			for _, s := range decl.Specs {
				d.datum(s.(*ast.ValueSpec))
			}
		case token.TYPE:
			for _, s := range decl.Specs {
				d.layout(s.(*ast.TypeSpec))
			}
		}
	}
}

func funcName(decl *ast.FuncDecl) string {
	if decl.Recv == nil {
		return decl.Name.Name
	}
	t, star := decl.Recv.List[0].Type, false
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = s.X, true
	}
	switch x := t.(type) { // type parameters are left out
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	name := t.(*ast.Ident).Name
	if star {
		name = "(*" + name + ")"
	}
	return name + "." + decl.Name.Name
}

// body finds what can be changed in a function.
func (d *finder) body(b *ast.BlockStmt) {
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ArrayType, *ast.GenDecl: // lengths and constants
			return false
		case *ast.BasicLit:
			d.literal(n, Constant, String)
		case *ast.BinaryExpr:
			d.operands(n)
		case *ast.AssignStmt:
			d.store(n)
		case *ast.CallExpr:
			d.callee(n)
		}
		return true
	})
}

func (d *finder) literal(n *ast.BasicLit, number, text Kind) {
	switch n.Kind {
	case token.INT:
		if v, err := strconv.ParseInt(n.Value, 0, 32); err == nil {
			d.add(number, n.Pos(), edit{n.Pos(), n.End(), strconv.FormatInt(v+1, 10)})
		}
	case token.STRING:
		if v, err := strconv.Unquote(n.Value); err == nil && len(v) > 0 && v[0] >= ' ' && v[0] < 0x7e {
			d.add(text, n.Pos(), edit{n.Pos(), n.End(), strconv.Quote(string(v[0]+1) + v[1:])})
		}
	}
}

func (d *finder) operands(n *ast.BinaryExpr) {
	switch n.Op {
	case token.SUB, token.QUO, token.REM, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return
	}
	x, y := d.text(n.X), d.text(n.Y)
	if x == y || d.info.Types[n].Value != nil {
		return
	}
	d.add(Operands, n.OpPos, edit{n.X.Pos(), n.X.End(), "(" + y + ")"}, edit{n.Y.Pos(), n.Y.End(), "(" + x + ")"})
}

func (d *finder) store(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN || len(n.Lhs) != 1 {
		return
	}
	switch n.Lhs[0].(type) {
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		d.add(Store, n.Pos(), edit{n.Lhs[0].Pos(), n.Lhs[0].End(), "_"})
	}
}

// callee finds another function or method of the same signature.
func (d *finder) callee(n *ast.CallExpr) {
	var id *ast.Ident
	switch f := n.Fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return
	}
	fn, ok := d.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	try := func(other types.Object) bool {
		o, ok := other.(*types.Func)
		if !ok || o == fn || o.Name() == "init" || !o.Exported() && o.Pkg() != d.types || !types.Identical(o.Signature(), fn.Signature()) {
			return false
		}
		d.add(Callee, n.Pos(), edit{id.Pos(), id.End(), o.Name()})
		return true
	}
	if recv := fn.Signature().Recv(); recv != nil {
		for set, i := types.NewMethodSet(recv.Type()), 0; i < set.Len(); i++ {
			if try(set.At(i).Obj()) {
				return
			}
		}
		return
	}
	for _, name := range fn.Pkg().Scope().Names() {
		if try(fn.Pkg().Scope().Lookup(name)) {
			return
		}
	}
}

// datum finds literals in the initialisers of variables.
func (d *finder) datum(s *ast.ValueSpec) {
	for i, v := range s.Values {
		name := s.Names[min(i, len(s.Names)-1)].Name
		if name == "_" {
			continue
		}
		d.vars = []string{name}
		ast.Inspect(v, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.ArrayType, *ast.CallExpr:
				return false
			case *ast.KeyValueExpr:
				ast.Inspect(n.Value, func(n ast.Node) bool {
					if l, ok := n.(*ast.BasicLit); ok {
						d.literal(l, Datum, Datum)
					}
					_, call := n.(*ast.CallExpr)
					_, fun := n.(*ast.FuncLit)
					return !call && !fun
				})
				return false
			case *ast.BasicLit:
				d.literal(n, Datum, Datum)
			}
			return true
		})
	}
}

// order finds variables of one group whose initialisers call something:
// changing places, they are called the other way round.
func (d *finder) order(decl *ast.GenDecl) {
	last := ast.Spec(nil)
	for _, s := range decl.Specs {
		v := s.(*ast.ValueSpec)
		if len(v.Values) != 1 || len(v.Names) != 1 {
			continue
		}
		if _, ok := v.Values[0].(*ast.CallExpr); !ok || d.info.Types[v.Values[0]].Value != nil {
			continue
		}
		if last != nil {
			d.vars = []string{last.(*ast.ValueSpec).Names[0].Name, v.Names[0].Name}
			d.add(Order, s.Pos(), edit{last.Pos(), last.End(), d.text(s)}, edit{s.Pos(), s.End(), d.text(last)})
		}
		last = s
	}
}

// layout finds neighbouring fields of different types.
func (d *finder) layout(s *ast.TypeSpec) {
	st, ok := s.Type.(*ast.StructType)
	if !ok || s.TypeParams != nil {
		return
	}
	d.in = s.Name.Name
	for i := 1; i < len(st.Fields.List); i++ {
		f, g := st.Fields.List[i-1], st.Fields.List[i]
		if d.text(f.Type) == d.text(g.Type) || d.fset.Position(f.End()).Line == d.fset.Position(g.Pos()).Line {
			continue
		}
		d.add(Layout, g.Pos(), edit{f.Pos(), f.End(), d.text(g)}, edit{g.Pos(), g.End(), d.text(f)})
	}
}
