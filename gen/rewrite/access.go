package rewrite

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/managed"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/sysctls"
)

// access spells an access to a marked variable anew. The author's bytes of the
// path, of indices and of the right side stay.
//
//	x.A++              pcpu.Add(&(*vnet_p.V_x.Here()).A, 1)
//	x.A                vnet_p.V_x.Sum().A
//	ttl = e            sysctl.Store(&vnet_p.V_ttl, e)
//	ttl                sysctl.Load(&vnet_p.V_ttl)
func (fr *fileRewriter) access(a *managed.Access) {
	qualifier := ""
	if sel, ok := a.Root.(*ast.SelectorExpr); ok {
		qualifier = sel.X.(*ast.Ident).Name + "."
	}
	x := fr.spell.refer(fr, a.Var, qualifier)
	if a.Fun != "" {
		fr.keep[a.Fun] = true
	}
	switch a.Op {
	case managed.Read:
		if a.Var.Mark == plan.Stat {
			fr.edits.replace(a.Root.Pos(), a.Root.End(), x+".Sum()")
		} else {
			fr.edits.replace(a.Root.Pos(), a.Root.End(), fr.imported(sysctls.Path)+".Load(&"+x+")")
		}
	case managed.Sum:
		fr.around(a, "(", x+".Sum()")
	case managed.Add:
		fr.around(a, fr.imported(plan.PcpuPath)+".Add(&", "(*"+x+".Here())")
		fr.argument(a, ", ", "1")
	case managed.Sub:
		fr.around(a, fr.imported(plan.PcpuPath)+".Sub(&", "(*"+x+".Here())")
		fr.argument(a, ", ", "1")
	case managed.Store:
		fr.around(a, fr.imported(sysctls.Path)+".Store(&", x)
		fr.argument(a, ", ", "")
	case managed.Update:
		pkg := fr.imported(sysctls.Path)
		op := map[token.Token]string{token.INC: "+", token.DEC: "-"}[a.Tok]
		if op == "" {
			op = strings.TrimSuffix(a.Tok.String(), "=")
		}
		fr.around(a, pkg+".Store(&", x)
		fr.argument(a, ", "+pkg+".Load(&"+x+")"+op, "1")
	}
}

// around puts open before the path, and x for its root.
func (fr *fileRewriter) around(a *managed.Access, open, x string) {
	if a.Root.Pos() == a.Path.Pos() {
		fr.edits.replace(a.Node.Pos(), a.Root.End(), open+x)
	} else { // parentheses
		fr.edits.replace(a.Node.Pos(), a.Path.Pos(), open)
		fr.edits.replace(a.Root.Pos(), a.Root.End(), x)
	}
	for e := a.Path; e != a.Root; {
		switch n := e.(type) {
		case *ast.ParenExpr:
			e = n.X
		case *ast.SelectorExpr:
			e = n.X
		case *ast.IndexExpr:
			fr.walk(n.Index)
			e = n.X
		}
	}
}

// argument turns the rest of the statement into the call's last argument: the
// author's right side, or one of ours.
func (fr *fileRewriter) argument(a *managed.Access, sep, ours string) {
	switch {
	case a.Fun != "": // it is the argument of a call already
		fr.walk(a.Arg)
	case a.Arg == nil:
		fr.edits.replace(a.Path.End(), a.Node.End(), sep+ours+")")
	case a.Op == managed.Update:
		fr.edits.replace(a.Path.End(), a.Arg.Pos(), sep+"(")
		fr.walk(a.Arg)
		fr.edits.insert(a.Arg.End(), "))")
	default:
		fr.edits.replace(a.Path.End(), a.Arg.Pos(), sep)
		fr.walk(a.Arg)
		fr.edits.insert(a.Arg.End(), ")")
	}
}

// imported returns the name by which the file knows a package of the runtime
// that it must import.
func (fr *fileRewriter) imported(pkg string) string {
	fr.added[pkg] = true
	return fr.importName(pkg)
}

func (fr *fileRewriter) importName(pkg string) string {
	return naming.ImportOf(pkg, func(name string) bool { return fr.names.taken[name] })
}

// imports adds the imports on the line of the package clause.
func (fr *fileRewriter) imports() {
	if fr.spell.readable && len(fr.added) > 0 {
		for _, pkg := range sortedKeys(fr.added) {
			fr.edits.insert(fr.file.Syntax.Name.End(), "\n\nimport "+fr.importName(pkg)+" \""+pkg+"\"\n")
		}
		return
	}
	for _, pkg := range sortedKeys(fr.added) {
		fr.edits.insert(fr.file.Syntax.Name.End(), "; import "+fr.importName(pkg)+" \""+pkg+"\"")
	}
}
