package rewrite

import (
	"cmp"
	"go/ast"
	"strings"

	"github.com/go-vimage/vimage/gen/plan"
)

// parts takes those parts out of an initialiser that the compiler does not lay
// out with the rest, and spells the functions that store them in their turn,
// each of which calls the next. Zero values take their places.
//
//	var x = &T{name: f(), size: g()}
//
// becomes
//
//	func vnet_p_init_x() { vnet_p := INIT_VNET_P(); vnet_p.V_x = &T{name: vnet_p_zero0, size: vnet_p_zero1} }
//	func vnet_p_init_0rest_x() { vnet_p := INIT_VNET_P(); vnet_p.V_x.name = f(); vnet_p_init_1rest_x() }
//	func vnet_p_init_1rest_x() { vnet_p := INIT_VNET_P(); vnet_p.V_x.size = g() }
//
// There is one function for each, because the coverage tool is shown variables
// in place of functions that were added.
func (fr *fileRewriter) parts(name *ast.Ident, value ast.Expr) string {
	parts := fr.plan.Parts(value)
	if len(parts) == 0 {
		return ""
	}
	var out strings.Builder
	zeros := map[ast.Expr]string{}
	id := func(k int) string {
		rest := "_init_" + itoa(k) + "rest_"
		return strings.Replace(fr.stepName(name.Name, value), "_init_", rest, 1) + fr.countIn(value, parts[k].Expr).mark()
	}
	for k, p := range parts {
		zero := Zero{Name: fr.part.Stem + "_zero" + itoa(len(fr.part.Zeros)), Type: p.Zero}
		fr.part.Zeros = append(fr.part.Zeros, zero)
		zeros[p.Expr] = zero.Name
		f := &frame{}
		target := p.Open + fr.target(name, f) + p.Path
		text := fr.moved(p, f)
		end := " }"
		if k+1 < len(parts) {
			end = "; " + id(k+1) + "() }"
		}
		out.WriteString("; " + added("func "+id(k)+"() {"+f.head()+" "+target+" = ") + text + added(end))
	}
	fr.late[value] = Step{Call: id(0)}
	fr.zeros = zeros
	return out.String()
}

// countIn numbers the function literals of a part of an initialiser, as they
// are numbered in the whole.
func (fr *fileRewriter) countIn(value, part ast.Expr) literals {
	c := fr.count(value)
	for _, lit := range topLiterals(value) {
		if lit.Pos() < part.Pos() {
			c.before++
		}
	}
	c.own = len(topLiterals(part))
	return c
}

// moved returns the rewritten text of a part, with its positions.
func (fr *fileRewriter) moved(p plan.Part, f *frame) string {
	own, frames := fr.edits, fr.frames
	fr.edits.list, fr.edits.tail = nil, ""
	fr.frames = append(frames, f)
	fr.walk(p.Expr)
	text, err := fr.edits.between(p.Expr.Pos(), p.Expr.End())
	fr.fault = cmp.Or(fr.fault, err)
	fr.edits, fr.frames = own, frames
	fr.edits.bound = true
	return text
}
