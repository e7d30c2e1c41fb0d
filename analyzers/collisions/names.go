package collisions

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/naming"
)

// reservedNames reports declared names that generated code takes.
func (c *checker) reservedNames() {
	if !c.generates() {
		return
	}
	names := c.names()
	var ids []*ast.Ident
	objs := map[*ast.Ident]types.Object{}
	for _, f := range c.files {
		for id, obj := range c.declared(f) {
			ids, objs[id] = append(ids, id), obj
		}
	}
	slices.SortFunc(ids, func(a, b *ast.Ident) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, id := range ids {
		if why := names.taken(c, id, objs[id]); why != "" {
			c.reserved(id, objs[id], why)
		}
	}
}

// generates reports whether the package gets a generated file: it has variables
// that change, or init functions.
func (c *checker) generates() bool {
	for v := range c.written {
		if v.Pkg() == c.pass.Pkg {
			return true
		}
	}
	for _, f := range c.files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				return true
			}
		}
	}
	return false
}

// declared yields what a file declares: all but fields, methods and labels,
// which no other name meets.
func (c *checker) declared(f *ast.File) func(func(*ast.Ident, types.Object) bool) {
	return func(yield func(*ast.Ident, types.Object) bool) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				obj := c.pass.TypesInfo.Defs[n]
				if obj == nil || obj.Pkg() == nil {
					return true
				}
				switch obj := obj.(type) {
				case *types.Label:
					return true
				case *types.Var:
					if obj.IsField() {
						return true
					}
				case *types.Func:
					if obj.Signature().Recv() != nil {
						return true
					}
				}
				return yield(n, obj)
			case *ast.ImportSpec:
				if obj := c.pass.TypesInfo.Implicits[n]; obj != nil {
					return yield(&ast.Ident{NamePos: n.Path.Pos(), Name: obj.Name()}, obj)
				}
			case *ast.TypeSwitchStmt:
				// The symbol has an object in each clause and none of its own.
				if a, ok := n.Assign.(*ast.AssignStmt); ok {
					return yield(a.Lhs[0].(*ast.Ident), types.NewVar(a.Pos(), c.pass.Pkg, a.Lhs[0].(*ast.Ident).Name, nil))
				}
			}
			return true
		})
	}
}

// generatedNames are those that code generated for one package bears in it.
type generatedNames struct {
	own      []naming.Names
	pointers map[string]string // local pointer's name -> the package whose container it points to
}

func (c *checker) names() *generatedNames {
	name := c.pass.Pkg.Name()
	g := &generatedNames{
		own:      []naming.Names{naming.Of(name, 1), naming.Of(naming.InTest(name), 1)},
		pointers: map[string]string{},
	}
	add := func(name string) { g.pointers[naming.Of(name, 1).Container] = name }
	add(name)
	for _, obj := range c.pass.TypesInfo.Uses {
		if v, ok := obj.(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			add(v.Pkg().Name())
		}
	}
	return g
}

// taken says what generated code uses a name for that obj bears, or "".
func (g *generatedNames) taken(c *checker, id *ast.Ident, obj types.Object) string {
	_, imported := obj.(*types.PkgName)
	level := obj.Parent() == c.pass.Pkg.Scope()
	number := "; in a committed build the generated one gets a number"
	for _, n := range g.own {
		if (level || imported) && n.Owns(id.Name) {
			return "bears a name of the generated part of this package" + number + ", which importers' code then names"
		}
		if id.Name == n.Hook {
			return "hides the hook that functions take their container from" + number + ", which importers' code then names"
		}
	}
	if (level || imported) && id.Name == naming.Import+"sysctl" {
		return "bears the name of the import in what vimagegen sysctl writes, which then does not compile"
	}
	if p := g.pointers[id.Name]; p != "" {
		return "bears the name of the pointer to " + p + "'s container" + number
	}
	if plain, ok := strings.CutPrefix(id.Name, naming.Field); ok && !imported {
		if x := c.pass.Pkg.Scope().Lookup(plain); c.carried(x) && (level || c.reads(obj, x)) {
			return "bears the name that variable " + plain + " takes in a nop build, which proves the rewriting"
		}
	}
	return ""
}

// reads reports whether the function in which a local is declared mentions x.
func (c *checker) reads(local, x types.Object) bool {
	for _, f := range c.pass.Files {
		if local.Pos() < f.FileStart || f.FileEnd < local.Pos() {
			continue
		}
		for _, d := range f.Decls {
			if local.Pos() < d.Pos() || d.End() < local.Pos() {
				continue
			}
			found := false
			ast.Inspect(d, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && c.pass.TypesInfo.Uses[id] == x {
					found = true
				}
				return !found
			})
			return found
		}
	}
	return false
}

func (c *checker) reserved(id *ast.Ident, obj types.Object, why string) {
	d := analysis.Diagnostic{
		Pos: id.Pos(), End: id.End(), Category: ruleName,
		Message: fmt.Sprintf("%s %s %s: rename it", kind(c.pass.Pkg, obj), id.Name, why),
	}
	if fix, ok := c.rename(id, obj); ok {
		d.SuggestedFixes = []analysis.SuggestedFix{fix}
	}
	c.report(d)
}

// kind says what an object is, for a message.
func kind(pkg *types.Package, obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		return "import"
	case *types.Func:
		return "function"
	case *types.TypeName:
		return "type"
	case *types.Const:
		return "constant"
	case *types.Var:
		if obj.Parent() == pkg.Scope() {
			return "variable"
		}
	}
	return "local variable"
}

// generatedFiles reports files of the author's that bear the name of a
// generated one.
func (c *checker) generatedFiles() error {
	for _, f := range c.pass.Files {
		if base := base(c.path(f)); strings.HasPrefix(base, naming.File) && !ours(f) {
			c.fileNamed(f.Package, base)
		}
	}
	for _, path := range c.pass.IgnoredFiles {
		if !strings.HasPrefix(base(path), naming.File) || !strings.HasSuffix(path, ".go") {
			continue
		}
		f, err := c.parse(path)
		if err != nil {
			return err
		}
		if f != nil && !ours(f) {
			c.fileNamed(f.Package, base(path))
		}
	}
	return nil
}

func (c *checker) fileNamed(pos token.Pos, base string) {
	c.report(analysis.Diagnostic{
		Pos: pos, Category: ruleFile,
		Message: fmt.Sprintf("file %s is called as a generated one: vimagegen generate would have to write over it; give it another name", base),
	})
}

// ours reports whether vimagegen made a file.
func ours(f *ast.File) bool {
	for _, g := range f.Comments {
		if g.Pos() > f.Package {
			break
		}
		for _, line := range g.List {
			if line.Text == "// "+naming.Header {
				return true
			}
		}
	}
	return false
}

func base(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }
