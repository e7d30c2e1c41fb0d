package goroot

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
)

// hiddenLine is the line from which on the runtime does not show functions; see
// _runtime/names.go.
const hiddenLine = 1_000_000_001

// Hide gives the declarations of a Go file lines by which the runtime leaves
// their functions out of stack traces.
func Hide(src []byte) ([]byte, error) {
	f, err := parse("", src)
	if err != nil {
		return nil, err
	}
	at := f.ast.Name.End()
	for _, d := range f.ast.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			at = g.End()
		}
	}
	f.insert(at, fmt.Sprintf("\n\n//line :%d:1\n", hiddenLine))
	return f.bytes(), nil
}

func hidden(content func() ([]byte, error)) func() ([]byte, error) {
	return func() ([]byte, error) {
		src, err := content()
		if err != nil {
			return nil, err
		}
		return Hide(src)
	}
}

// frames spells the functions that take the places of the runtime's own on an
// image's stack, at the lines of those.
func frames(t *tree) ([]byte, error) {
	var lines []any
	proc := filepath.Join(t.src, "runtime", "proc.go")
	for _, at := range []struct{ decl, call string }{{"main", "doInit(m.inittasks)"}, {"main", "fn()"}, {"doInit", "doInit1(t)"}, {"doInit1", "f()"}} {
		line := 1
		if f, decl, err := t.find("runtime", "proc.go", at.decl); err == nil {
			ast.Inspect(decl, func(n ast.Node) bool {
				if s, ok := n.(*ast.ExprStmt); ok && f.source(s) == at.call {
					line = f.fset.PositionFor(s.Pos(), false).Line
				}
				return true
			})
		}
		lines = append(lines, proc, line)
	}
	src := fmt.Appendf(nil, `package runtime

//go:noinline
func vnet__vnetnmain(start, main func()) {
//line %s:%d:3
	start()
//line %s:%d:2
	main()
}

//go:noinline
func vnet__vnetndoInit(m *VnetModule) {
//line %s:%d:2
	vnet__vnetndoInit1(m)
}

//go:noinline
func vnet__vnetndoInit1(m *VnetModule) {
//line %s:%d:2
	m.Init()
}
`, lines...)
	_, err := parser.ParseFile(token.NewFileSet(), "", src, 0)
	return src, err
}
