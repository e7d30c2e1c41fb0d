package verdicts

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// The canonical form of a file is the sequence of its tokens. Left out are
//
//   - comments, layout, and the commas and semicolons before a closing bracket;
//   - names of local variables, in place of which there are numbers, in the
//     order in which the variables appear;
//   - values of literals, where the proof does not look at them.
//
// Two files with the same form declare the same things, with the same types and
// in the same order, and their functions lead to the same constraints. The proof
// looks at constants in comparisons with reflect's kinds, in limits of slices, in
// shifts, and as arguments of system calls; the plan, besides, in calls of functions that change
// nothing if they are called with a certain number; types depend on constants in
// lengths of arrays. So a literal has no value only
//
//   - if it is no part of a larger constant, or of a type, an index, a label of a
//     case or a key;
//   - and, as a number, if it is given to a call, returned, or put into a literal
//     of a composite type or a package-level variable: a local variable could
//     carry it to a comparison;
//   - in packages that neither import syscall or golang.org/x/sys nor name symbols
//     of others by go:linkname.
//
// A constant that is declared as a literal counts like one, if its name is not
// exported and all that uses it could be one of these literals.

// values tells which constants' values are left out.
type values struct {
	places map[token.Pos]bool         // literals without a value
	locals map[token.Pos]types.Object // local variables, by the positions of their names
}

// newValues looks at all packages whose files may be edited.
func newValues(prog *load.Program) *values {
	v := &values{places: map[token.Pos]bool{}, locals: map[token.Pos]types.Object{}}
	declared := map[token.Pos]*ast.BasicLit{} // by the constant's name
	for _, f := range prog.Files {
		if !isFixed(f) && isPlain(f.Package) {
			declarations(f.Syntax, declared)
		}
	}
	bad := map[token.Pos]bool{}
	asks := asking()
	for _, p := range prog.Packages {
		if p.Info == nil || !Edited(p.Listed) {
			continue
		}
		local := func(id *ast.Ident, obj types.Object) {
			if isLocal(obj) {
				v.locals[id.Pos()] = obj
			}
		}
		for id, obj := range p.Info.Defs {
			local(id, obj)
		}
		for id, obj := range p.Info.Uses {
			local(id, obj)
		}
		for _, f := range p.Files {
			if f.Syntax == nil {
				continue
			}
			u := &uses{info: p.Info, plain: isPlain(p) && !isFixed(f), asks: asks}
			u.found = func(e ast.Expr, free bool) {
				switch e := e.(type) {
				case *ast.BasicLit:
					if free {
						v.places[e.Pos()] = true
					}
				case *ast.Ident:
					if c, ok := p.Info.Uses[e].(*types.Const); ok && !free {
						bad[c.Pos()] = true
					}
				}
			}
			u.file(f.Syntax)
		}
	}
	for name, lit := range declared {
		if !bad[name] {
			v.places[lit.Pos()] = true
		}
	}
	return v
}

// Free returns a function that reports whether a plan does not depend on the
// value of the literal at an offset in a file.
func Free(prog *load.Program) func(path string, offset int) bool {
	v := newValues(prog)
	return func(path string, offset int) bool {
		f := prog.Files[path]
		if f == nil || isFixed(f) {
			return false
		}
		at := prog.Fset.File(f.Syntax.FileStart)
		return offset < at.Size() && v.places[at.Pos(offset)]
	}
}

// isLocal reports whether an object is a variable of a function.
func isLocal(obj types.Object) bool {
	o, ok := obj.(*types.Var)
	return ok && !o.IsField() && o.Pkg() != nil && o.Parent() != nil && o.Parent() != o.Pkg().Scope()
}

// isPlain reports whether nothing in a package's text makes a constant one that
// the proof looks at as an argument.
func isPlain(p *load.Package) bool {
	for _, imp := range p.Imports {
		if imp == "syscall" || strings.HasPrefix(imp, "golang.org/x/sys/") {
			return false
		}
	}
	for _, f := range p.Files {
		if strings.Contains(string(f.Src), "//go:linkname ") {
			return false
		}
	}
	return true
}

// declarations enters the constants of a file that are declared as literals,
// and whose names are not exported.
func declarations(f *ast.File, out map[token.Pos]*ast.BasicLit) {
	ast.Inspect(f, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		for _, spec := range d.Specs {
			if len(spec.(*ast.ValueSpec).Values) == 0 {
				return true // it repeats the one before
			}
		}
		for _, spec := range d.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				if i >= len(spec.Values) {
					break
				}
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok && !name.IsExported() {
					out[name.Pos()] = lit
				}
			}
		}
		return true
	})
}

// canonical returns the canonical form of a file, and the offsets of the tokens
// in it. Semicolons have none: which of them are in the file is layout.
func (v *values) canonical(fset *token.FileSet, f *load.File) (text string, offsets []int) {
	var (
		b       strings.Builder
		s       scanner.Scanner
		numbers = map[types.Object]int{}
		pending token.Token // a comma or semicolon that is not written yet, ILLEGAL for none
		comma   int         // its offset
		base    = fset.File(f.Syntax.FileStart).Base()
	)
	at := token.NewFileSet().AddFile(f.Path, -1, len(f.Src))
	s.Init(at, f.Src, nil, 0)
	for {
		pos, tok, lit := s.Scan()
		offset := at.Offset(pos)
		switch tok {
		case token.RPAREN, token.RBRACK, token.RBRACE, token.EOF:
			pending = token.ILLEGAL
		}
		if pending != token.ILLEGAL {
			b.WriteString(pending.String() + "\n")
			if pending == token.COMMA {
				offsets = append(offsets, comma)
			}
			pending = token.ILLEGAL
		}
		switch tok {
		case token.EOF:
			return b.String(), offsets
		case token.COMMA, token.SEMICOLON:
			pending, comma = tok, offset
			continue
		}
		offsets = append(offsets, offset)
		pos = token.Pos(base + offset)
		b.WriteString(tok.String())
		switch obj := v.locals[pos]; {
		case obj != nil:
			n, ok := numbers[obj]
			if !ok {
				n = len(numbers)
				numbers[obj] = n
			}
			b.WriteString(" #" + strconv.Itoa(n))
		case v.places[pos]:
		case lit != "":
			b.WriteString(" " + strconv.Quote(lit))
		}
		b.WriteByte('\n')
	}
}
