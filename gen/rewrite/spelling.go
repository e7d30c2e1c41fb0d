package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
)

// A Build is one of the rewritten builds. In the plain one nothing is
// rewritten.
type Build string

const (
	Vimage Build = "vimage" // x is vnet_p.V_x, through the hook's pointer

	// Committed is Vimage in files that people read and commit: laid out as
	// source, without positions and names for the tool's own runtime.
	Committed Build = "committed"
	Nop       Build = "nop"    // x is V_x, a plain variable
	Static    Build = "static" // x is VNET0_P.V_x, a field of one static struct
)

// A spelling is how one build writes what the builds differ in.
type spelling struct {
	// takes reports whether a virtual variable takes part.
	takes func(p *plan.Plan, v *plan.Var) bool
	// refer spells a mention of a variable; the qualifier is that of its
	// package, with a dot, or empty.
	refer func(fr *fileRewriter, v *plan.Var, qualifier string) string
	// renames: a declaration stays where it is, under the name that refer
	// spells.
	renames bool
	// open and end stand around an initialiser that becomes the function id,
	// which assigns to left.
	open func(fr *fileRewriter, id string, value ast.Expr, f *frame, left string) string
	end  string
	// replays: each image runs init functions, and what mentions a variable
	// takes a hook.
	replays bool
	// readable: the text is laid out for readers, and lines may move.
	readable bool
}

// through spells a mention by the pointer that the function takes from the
// hook.
func through(fr *fileRewriter, v *plan.Var, qualifier string) string {
	k := fr.partOf(v)
	h := hook{local: fr.names.localName(fr.pkg.Path, k), call: qualifier + fr.names.parts[k].Hook + "()"}
	fr.need(h)
	return h.local + "." + Field(v)
}

func spellings() map[Build]spelling {
	return map[Build]spelling{
		Committed: {
			takes:    func(*plan.Plan, *plan.Var) bool { return true },
			refer:    through,
			open:     (*fileRewriter).openReadable,
			end:      "\n}\n",
			replays:  true,
			readable: true,
		},
		Vimage: {
			takes: func(*plan.Plan, *plan.Var) bool { return true },
			refer: through,
			open: func(_ *fileRewriter, id string, _ ast.Expr, f *frame, left string) string {
				return "func " + id + "() {" + f.head() + " " + left + " = "
			},
			end:     " }",
			replays: true,
		},
		Nop: {
			takes: func(p *plan.Plan, v *plan.Var) bool {
				// What the linker sets it finds by its name.
				return !p.Packages[v.Pkg].Standard && !v.Uses.Named && (v.Start != plan.Template || v.Uses.Embed.IsValid())
			},
			refer: func(fr *fileRewriter, v *plan.Var, qualifier string) string {
				return qualifier + fr.names.nop(v)
			},
			renames: true,
		},
		Static: {
			takes: func(p *plan.Plan, v *plan.Var) bool {
				return !p.Packages[v.Pkg].Standard && !v.Uses.Named && v.Start != plan.Template
			},
			refer: func(fr *fileRewriter, v *plan.Var, qualifier string) string {
				return qualifier + fr.names.parts[fr.partOf(v)].Static() + "." + Field(v)
			},
			open: func(fr *fileRewriter, id string, value ast.Expr, _ *frame, left string) string {
				open := "var " + doneOf(id) + " = " + id + "(); func " + id + "() struct{} { "
				for _, before := range fr.before(value) {
					open += "_ = " + doneOf(before) + "; "
				}
				// A function that recovers is not inlined. Where this one was,
				// into the package's own init, the compiler would not inline
				// calls within the copies of its closures, as it does within
				// the author's.
				if fr.lp.Types.Scope().Lookup("recover") == nil {
					open += "recover(); "
				}
				return open + left + " = "
			},
			end: "; return struct{}{} }",
		},
	}
}

// taken returns the planned variable that obj is if it is virtual and takes
// part in this build, else nil.
func (r *rewriter) taken(obj types.Object) *plan.Var {
	if v := r.plan.IsVirtual(obj); v != nil && r.spell.takes(r.plan, v) {
		return v
	}
	return nil
}

// laid reports whether a variable's first value is a constant, which stands in
// the static build's struct.
func (r *rewriter) laid(v *plan.Var, lp *load.Package, value ast.Expr) bool {
	if r.opts.Build != Static || v == nil || r.taken(v.Obj) == nil || value == nil {
		return false
	}
	_, basic := v.Obj.Type().Underlying().(*types.Basic)
	return basic && lp.Info.Types[value].Value != nil
}

// before names the initialisers that an initialiser waits for in the static
// build: the last ones before it, in the package and in its tests. The
// compiler, which goes by the order of declarations where no variable depends
// on another, would not see any more that one reads what the other writes. With
// each waiting for the one before it the order is the author's: what is picked
// next there is ready here too, and nothing is that is not there.
func (fr *fileRewriter) before(value ast.Expr) []string {
	last := map[bool]string{}
	for _, in := range fr.lp.Info.InitOrder {
		if in.Rhs == value {
			break
		}
		if fr.becomesStep(in) {
			last[fr.testExpr(in.Rhs)] = fr.stepID(in.Lhs[0].Name(), in.Rhs)
		}
	}
	var out []string
	for _, test := range []bool{false, true} {
		if last[test] != "" {
			out = append(out, last[test])
		}
	}
	return out
}

// becomesStep reports whether an initialiser becomes a function.
func (fr *fileRewriter) becomesStep(in *types.Initializer) bool {
	lhs := make([]types.Object, len(in.Lhs))
	for i, v := range in.Lhs {
		lhs[i] = v
	}
	return fr.roleOfAll(lhs, in.Rhs) != stays && !fr.laid(fr.plan.Var(lhs[0]), fr.lp, in.Rhs)
}

// doneOf names the variable that calls an initialiser's function in the static
// build.
func doneOf(id string) string { return strings.Replace(id, "_init_", "_init_0done_", 1) }

// testExpr reports whether an expression stands in the in-package tests' part.
func (fr *fileRewriter) testExpr(e ast.Expr) bool { return fr.isTest(e) && !fr.external() }

func (fr *fileRewriter) external() bool {
	return strings.HasSuffix(fr.pkg.Name, "_test") && strings.HasSuffix(fr.pkg.Path, "_test")
}

// stepID names the function that an initialiser becomes, by the first variable
// that it gives a value. A name that is not made of a variable's has a digit
// first, which no variable's name has.
func (fr *fileRewriter) stepID(name string, value ast.Expr) string {
	id := fr.stepName(name, value)
	if fr.spell.replays && !fr.spell.readable {
		id += fr.count(value).mark()
	}
	return id
}

func (fr *fileRewriter) stepName(name string, value ast.Expr) string {
	id := fr.names.parts[partKey{path: fr.pkg.Path, test: fr.testExpr(value)}].Stem + "_init_" + name
	if name != "_" {
		return id
	}
	for i, in := range fr.lp.Info.InitOrder {
		if in.Rhs == value {
			return fmt.Sprintf("%s%dblank", strings.TrimSuffix(id, "_"), i)
		}
	}
	return id
}
