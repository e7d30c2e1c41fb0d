package rewrite

import (
	"go/ast"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/plan"
)

// The compiler numbers the function literals of a package's initialisers in the
// type checker's InitOrder, and its init functions in the order of files.
// Programs see these numbers in functions' names (main.init.func1,
// main.init.0), so a function that is made of an initialiser has them in its
// own name, where the runtime reads them; and what takes the place of the
// literals and functions that are gone keeps the numbers of the others.

// A literals says which initialiser one is, and which literals are in it.
type literals struct {
	step, before, own, all int
}

func (l literals) mark() string { return naming.Initializer(l.step, l.before, l.own, l.all) }

// A counting is what is known of a package's initialisers, and those function
// literals in them that stay.
type counting struct {
	of    map[ast.Expr]literals
	stays map[*ast.FuncLit]bool // those in initialisers that stay; whether there are others, which must not change places
}

// counting counts the function literals of the package's initialisers.
func (fr *fileRewriter) counting() *counting {
	if c := fr.counts[fr.lp]; c != nil {
		return c
	}
	order := fr.lp.Info.InitOrder
	own := make([][]*ast.FuncLit, len(order))
	all := 0
	for i, in := range order {
		own[i] = topLiterals(in.Rhs)
		all += len(own[i])
	}
	c := &counting{map[ast.Expr]literals{}, map[*ast.FuncLit]bool{}}
	before := 0
	for i, in := range order {
		n := len(own[i])
		c.of[in.Rhs] = literals{step: i, before: before, own: n, all: all}
		before += n
		if fr.becomesStep(in) {
			continue
		}
		for _, lit := range own[i] {
			c.stays[lit] = all > n
		}
	}
	fr.counts[fr.lp] = c
	return c
}

// count returns what is known of an initialiser.
func (fr *fileRewriter) count(value ast.Expr) literals { return fr.counting().of[value] }

// ordered spells a statement for the beginning of a literal that stays. A
// literal whose body takes a container has to wait for the generated variable
// that registers the package, so all of them do: then their order is that of
// their declarations, as the author's mostly is.
func (fr *fileRewriter) ordered(lit *ast.FuncLit) string {
	if fr.registered == "" || !fr.spell.replays || fr.spell.readable || !fr.counting().stays[lit] {
		return ""
	}
	return " _ = " + fr.registered + ";"
}

// topLiterals returns the function literals in an expression that are in no
// other one.
func topLiterals(e ast.Expr) (list []*ast.FuncLit) {
	ast.Inspect(e, func(node ast.Node) bool {
		lit, ok := node.(*ast.FuncLit)
		if ok {
			list = append(list, lit)
		}
		return !ok
	})
	return list
}

// dummies spells literals that take the numbers of those in an initialiser that
// has become a function.
func (fr *fileRewriter) dummies(value ast.Expr) string {
	if !fr.spell.replays || fr.spell.readable {
		return ""
	}
	c := fr.count(value)
	if c.own == 0 || len(fr.counting().stays) == 0 {
		return ""
	}
	lit := "func() {}"
	if fr.registered != "" {
		lit = "func() { _ = " + fr.registered + " }"
	}
	return "; var _" + strings.Repeat(", _", c.own-1) + " = " + lit + strings.Repeat(", "+lit, c.own-1)
}

// initNumber returns the number of an init function in its package, and whether
// one after it stays.
func (fr *fileRewriter) initNumber(d *ast.FuncDecl) (number int, mixed bool) {
	n, found := 0, false
	for _, f := range fr.lp.Files {
		for _, other := range f.Syntax.Decls {
			fn, ok := other.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Name.Name != "init" || fn.Body == nil {
				continue
			}
			if fn == d {
				number, found = n, true
			} else if found && fr.plan.RunsOnce(fn) {
				mixed = true
			}
			n++
		}
	}
	return number, mixed
}

// registered returns the names of the variables that register a package with
// virtual variables, for each of its parts.
func (r *rewriter) registered(pkg *plan.Package, main, test *Part, external bool) map[*Part]string {
	out := map[*Part]string{}
	for _, v := range pkg.Sorted() {
		if r.taken(v.Obj) == nil {
			continue
		}
		if !v.File.Test || external {
			out[main], out[test] = main.Module(), main.Module()
		} else if out[test] == "" {
			out[test] = test.Module()
		}
	}
	return out
}
