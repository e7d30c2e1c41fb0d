package plan

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"github.com/go-vimage/vimage/gen/load"
)

// An initializer is one entry of the type checker's InitOrder.
type initializer struct {
	rhs   ast.Expr
	pkg   *load.Package
	tuple bool
}

// decide gives every variable its fate: the user's word first, then the
// proof's, to a fixed point, then what the linker, assembly and embedding make
// of it.
func decide(p *Plan, proved *prover, opts Options, std *standard) {
	vars := p.sorted()
	fixed := map[*Var]bool{}
	for _, v := range vars {
		v.Fate = Shared
		if fate, reason, ok := opts.Committed.decide(p, proved, v, opts.Settings); ok {
			fixed[v] = true
			v.Fate, v.Reason = fate, reason
		} else if w := v.Uses.Word; w.Verb != "" {
			fixed[v], v.byWord = true, true
			v.Fate, v.Reason = w.Fate(), w.text(p)
		} else if fate, reason, ok := opts.Settings.word(v.Key); ok {
			fixed[v], v.byWord = true, true
			v.Fate, v.Reason = fate, reason
		} else if v.entry != nil && v.entry.Copy {
			fixed[v] = true
			v.Fate, v.Start, v.Reason = Virtual, Template, v.entry.Reason
		}
	}
	for _, j := range p.joins {
		j.unite(p, proved, opts)
		for _, v := range j.Vars {
			if v.byWord { // a word about one name is about the variable
				fixed[j.Vars[0]], j.Vars[0].byWord = true, true
				j.Vars[0].Fate, j.Vars[0].Reason = v.Fate, v.Reason
			}
		}
		for _, v := range j.Vars[1:] {
			fixed[v] = true
		}
	}
	for changed := true; changed; {
		changed = proved.settleUnits(p)
		for _, v := range vars {
			if fixed[v] || v.Fate == Virtual {
				continue
			}
			fate, reason := proved.decide(p, v)
			v.Reason = reason
			if fate == Virtual {
				v.Fate = Virtual
				changed = true
			}
		}
		changed = joinTuples(p, vars, fixed) || changed
		changed = joinNames(p) || changed
	}
	for _, v := range vars {
		settle(p, v, proved, opts.LinkerSet[v.Key], std)
	}
}

// joinTuples makes the variables of `a, b = f()` share one fate.
func joinTuples(p *Plan, vars []*Var, fixed map[*Var]bool) bool {
	virtual := map[ast.Expr]*Var{}
	for _, v := range vars {
		if v.init != nil && v.init.tuple && v.Fate == Virtual {
			virtual[v.init.rhs] = v
		}
	}
	changed := false
	for _, v := range vars {
		if v.init == nil || !v.init.tuple || v.Fate == Virtual {
			continue
		}
		if w := virtual[v.init.rhs]; w != nil {
			v.Fate, v.Reason = Virtual, "initialised together with "+w.Name+", which is virtual: "+w.Reason
			changed = true
		}
	}
	return changed
}

// settle says how the variable starts, and refuses what cannot be carried over.
func settle(p *Plan, v *Var, proved *prover, linkerSet bool, std *standard) {
	if v.Fate == Shared {
		v.Start = Plain
		if proved.startsOnce(v) || proved.registersAgain(v) {
			v.Start = Once
		}
		return
	}
	if v.entry != nil && v.entry.Copy {
		v.Start = Template
		return
	}
	where := func(pos token.Pos) string { return p.place(pos) }
	refuse := func(format string, args ...any) {
		if v.std == stdIdle { // what it does with its own variables stays as it is
			v.Fate, v.Start = Shared, Plain
			v.Reason = "standard library: " + fmt.Sprintf(format, args...)
			return
		}
		v.Fate = Refused
		v.Reason = fmt.Sprintf(format, args...)
	}
	u := &v.Uses
	switch {
	case v.Pkg == "runtime":
		refuse("it is the runtime's, of which the process has one; %s", v.Reason)
	case std.below[v.Pkg]:
		refuse("package %s cannot have its variables in images, as the runtime imports it; %s", v.Pkg, v.Reason)
	case v.std == stdWritten && v.entry != nil && v.entry.Verdict == stdstate.Process && !ast.IsExported(v.Name):
		// An exported one is whatever the program makes of it.
		refuse("all images share it (%s), but it changes by way of another variable; %s", v.entry.Reason, v.Reason)
	case std.labels && v.Key == Key{"time", "Local"}:
		refuse("the label slot has timers read it in no image; %s", v.Reason)
	case v.entry != nil && v.entry.Verdict == stdstate.Refused:
		refuse("%s; %s", v.entry.Reason, v.Reason)
	case u.Pulled:
		v.Fate, v.Start = Shared, Plain
		v.Reason = "another name, by go:linkname at " + where(u.Linkname) + ", of a variable of the standard library, which is shared"
	case u.Imported && !u.Written.IsValid():
		v.Fate, v.Start = Shared, Plain
		v.Reason = "what the dynamic linker provides, by go:linkname at " + where(u.Linkname)
	case u.Linkname.IsValid():
		refuse("go:linkname gives it a second name at %s; it would be virtual: %s", where(u.Linkname), v.Reason)
	case u.Asm.Written != "":
		refuse("assembly writes it at %s", u.Asm.Written)
	case u.Asm.Address != "":
		refuse("assembly takes its address at %s", u.Asm.Address)
	case u.Asm.Read != "" && v.init == nil && u.InitOnly && !u.Address.IsValid(),
		u.Asm.Read != "" && !u.Written.IsValid() && !u.Address.IsValid() && !flow.HasRefs(v.Obj.Type()) && proved.givesOnly(p, v):
		// What init functions assign, every image's start assigns again.
		v.Fate, v.Start = Shared, Once
		v.Reason = "assembly reads it (" + u.Asm.Read + "); only initialisation writes it"
	case u.Asm.Read != "":
		refuse("assembly reads it at %s; it would be virtual: %s", u.Asm.Read, v.Reason)
	case v.Join != nil && v.Join.problem != "":
		refuse("it is the same variable as %s, by go:linkname at %s; %s; it would be virtual: %s", v.Join.others(v), where(v.Join.place(v)), v.Join.problem, v.Join.reason)
	case v.Join != nil && v.Join.Template:
		v.Start = Template
	case outOfHeap(v.Obj.Type()) && v.Size == 0:
		v.Fate, v.Start = Shared, Plain
		v.Reason = "it has no memory"
	case outOfHeap(v.Obj.Type()):
		refuse("its type must not be in the heap (runtime/cgo.Incomplete), where containers are; it would be virtual: %s", v.Reason)
	case u.Embed.IsValid():
		v.Start = Template
	case linkerSet:
		if v.init != nil && !isConstant(v.init) {
			refuse("-ldflags=-X sets it, but its initialiser is not a constant string")
			return
		}
		v.Start = Template
	default:
		v.Start = Replay
	}
}

func isConstant(in *initializer) bool {
	tv := in.pkg.Info.Types[in.rhs]
	return tv.Value != nil && tv.Value.Kind() == constant.String
}

// place spells a position for a reason: base name and line.
func (p *Plan) place(pos token.Pos) string {
	at := p.Prog.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", base(at.Filename), at.Line)
}

func base(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' || path[i] == '\\' {
			return path[i+1:]
		}
	}
	return path
}
