package collisions

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// rename returns the edits that give an object another name, if all its
// mentions are seen.
func (c *checker) rename(def *ast.Ident, obj types.Object) (analysis.SuggestedFix, bool) {
	none := analysis.SuggestedFix{}
	same := map[types.Object]bool{obj: true}
	c.clauses(def, same)
	if obj.Parent() == c.pass.Pkg.Scope() && (obj.Exported() || c.mentionedOutside(obj)) {
		return none, false
	}
	name := c.fresh(def.Name)
	var edits []analysis.TextEdit
	for _, f := range c.pass.Files {
		if c.cgo(f) { // its bytes are not the author's
			return none, false
		}
		ok := true
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				if c.pass.TypesInfo.Implicits[n] == obj {
					edits = append(edits, analysis.TextEdit{Pos: n.Path.Pos(), End: n.Path.Pos(), NewText: []byte(name + " ")})
				}
			case *ast.Ident:
				if n == def || same[c.pass.TypesInfo.Defs[n]] || same[c.pass.TypesInfo.Uses[n]] {
					edits = append(edits, analysis.TextEdit{Pos: n.Pos(), End: n.End(), NewText: []byte(name)})
				}
			case *ast.Field:
				// An embedded type's name is the field's too, which others may
				// name.
				if t, is := obj.(*types.TypeName); is && len(n.Names) == 0 && embeds(c.pass.TypesInfo, n.Type, t) {
					ok = false
				}
			}
			return true
		})
		if !ok {
			return none, false
		}
	}
	return analysis.SuggestedFix{Message: fmt.Sprintf("rename %s to %s", def.Name, name), TextEdits: edits}, true
}

// clauses adds the objects that a type switch's symbol has in its clauses.
func (c *checker) clauses(def *ast.Ident, same map[types.Object]bool) {
	for _, f := range c.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSwitchStmt); ok {
				if a, ok := s.Assign.(*ast.AssignStmt); ok && a.Lhs[0] == def {
					for _, clause := range s.Body.List {
						if obj := c.pass.TypesInfo.Implicits[clause]; obj != nil {
							same[obj] = true
						}
					}
				}
			}
			return true
		})
	}
}

func embeds(info *types.Info, e ast.Expr, t *types.TypeName) bool {
	if s, ok := e.(*ast.StarExpr); ok {
		e = s.X
	}
	id, ok := e.(*ast.Ident)
	return ok && info.Uses[id] == t
}

// fresh makes of a generated-looking name one in the author's manner that
// nothing in the package bears.
func (c *checker) fresh(name string) string {
	words := strings.Split(strings.ToLower(name), "_")
	for i := 1; i < len(words); i++ {
		if w := words[i]; w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	fresh := strings.Join(words, "")
	for i := 2; c.idents[fresh] || c.given[fresh] != "" && c.given[fresh] != name || types.Universe.Lookup(fresh) != nil || token.IsKeyword(fresh); i++ {
		fresh = fmt.Sprintf("%s%d", strings.Join(words, ""), i)
	}
	c.given[fresh] = name // locals of one name may get one name: they hide each other as before
	return fresh
}

// mentionedOutside reports whether a file that is not type-checked, or a
// directive, contains the name.
func (c *checker) mentionedOutside(obj types.Object) bool {
	for _, paths := range [][]string{c.pass.IgnoredFiles, c.pass.OtherFiles} {
		for _, path := range paths {
			if src, err := c.pass.ReadFile(path); err != nil || bytes.Contains(src, []byte(obj.Name())) {
				return true
			}
		}
	}
	for _, f := range c.pass.Files {
		for _, g := range f.Comments {
			for _, line := range g.List {
				if strings.HasPrefix(line.Text, "//go:") || strings.HasPrefix(line.Text, "//export") {
					if strings.Contains(line.Text, obj.Name()) {
						return true
					}
				}
			}
		}
	}
	return false
}
