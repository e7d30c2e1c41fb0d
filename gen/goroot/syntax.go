package goroot

import (
	"go/ast"
	"go/token"
	"strings"
)

// atHead inserts a statement at a function's head, in which % stands for the
// last parameter of the given type.
func atHead(typ, stmt string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			return false
		}
		var param string
		if typ != "" {
			if param = parameter(f, fn, typ); param == "" || param == "_" {
				return false
			}
		}
		f.insert(fn.Body.Lbrace+1, " "+strings.ReplaceAll(stmt, "%", param)+";")
		return true
	}
}

// atHeadOf is atHead with all of a function's parameters, of which there are n
// of one type, for %.
func atHeadOf(typ string, n int, stmt string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			return false
		}
		var params []string
		for _, field := range fn.Type.Params.List {
			for _, id := range field.Names {
				if f.source(field.Type) == typ && id.Name != "_" {
					params = append(params, id.Name)
				}
			}
		}
		if len(params) != n || fn.Type.Params.NumFields() != n {
			return false
		}
		f.insert(fn.Body.Lbrace+1, " "+strings.ReplaceAll(stmt, "%", strings.Join(params, ", "))+";")
		return true
	}
}

// callInstead has all calls of one function call another.
func callInstead(old, instead string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && f.source(call.Fun) == old {
				f.replace(call.Fun, instead)
				found = true
			}
			return true
		})
		return found
	}
}

// labelsByTag edits the assignments whose right side is gp.labels, or
// &gp.labels if that is asked for.
func labelsByTag(address bool) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || len(a.Rhs) != 1 {
				return true
			}
			e := a.Rhs[0]
			if u, ok := e.(*ast.UnaryExpr); ok == address && ok && u.Op == token.AND {
				e = u.X
			}
			if sel, ok := e.(*ast.SelectorExpr); ok && sel.Sel.Name == "labels" && (address == (e != a.Rhs[0])) {
				tag := "*vnetTag(" + f.source(sel.X) + ")"
				if address {
					tag = tag[1:]
				}
				f.replace(a.Rhs[0], tag)
				found = true
			}
			return true
		})
		return found
	}
}

// parameter returns the name of the last parameter of the type, "" if there is
// none.
func parameter(f *file, fn *ast.FuncDecl, typ string) string {
	name := ""
	for _, field := range fn.Type.Params.List {
		if f.source(field.Type) == typ {
			for _, id := range field.Names {
				name = id.Name
			}
		}
	}
	return name
}

// called returns the last name of what is called.
func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

func structOf(decl ast.Node) (*ast.StructType, bool) {
	spec, ok := decl.(*ast.TypeSpec)
	if !ok {
		return nil, false
	}
	st, ok := spec.Type.(*ast.StructType)
	return st, ok
}

// fieldsAre asks for a struct of exactly these fields.
func fieldsAre(want ...string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		st, ok := structOf(decl)
		if !ok {
			return false
		}
		var have []string
		for _, field := range st.Fields.List {
			for _, id := range field.Names {
				have = append(have, id.Name+" "+f.source(field.Type))
			}
		}
		return strings.Join(have, ";") == strings.Join(want, ";")
	}
}

// before inserts a statement in front of the one whose text is given.
func before(text, stmt string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		s := statement(f, decl, text)
		if s != nil {
			f.insert(s.Pos(), stmt+"; ")
		}
		return s != nil
	}
}

// after inserts a statement behind the one whose text is given.
func after(text, stmt string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		s := statement(f, decl, text)
		if s != nil {
			f.insert(s.End(), "; "+stmt)
		}
		return s != nil
	}
}

// inIf inserts a statement at the head of the block whose condition is given.
func inIf(cond, stmt string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			if s, ok := n.(*ast.IfStmt); ok && !found && f.source(s.Cond) == cond {
				f.insert(s.Body.Lbrace+1, " "+stmt+";")
				found = true
			}
			return !found
		})
		return found
	}
}

// resultInstead has the return statement of one result return another.
func resultInstead(old, instead string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		s, _ := statement(f, decl, "return "+old).(*ast.ReturnStmt)
		if s == nil || len(s.Results) != 1 {
			return false
		}
		f.replace(s.Results[0], instead)
		return true
	}
}

// statement finds the first statement below decl whose text is given; nil if
// there is none.
func statement(f *file, decl ast.Node, text string) (found ast.Stmt) {
	ast.Inspect(decl, func(n ast.Node) bool {
		if s, ok := n.(ast.Stmt); ok && found == nil && f.source(s) == text {
			found = s
		}
		return found == nil
	})
	return found
}

// around inserts statements in front of and behind the one whose text is given.
func around(text, first, last string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		return before(text, first)(f, decl) && after(text, last)(f, decl)
	}
}

// hasFields asks for a struct with fields of some names.
func hasFields(names ...string) func(*file, ast.Node) bool {
	return func(f *file, decl ast.Node) bool {
		st, ok := structOf(decl)
		if !ok {
			return false
		}
		have := map[string]bool{}
		for _, field := range st.Fields.List {
			for _, id := range field.Names {
				have[id.Name] = true
			}
		}
		for _, name := range names {
			if !have[name] {
				return false
			}
		}
		return true
	}
}
