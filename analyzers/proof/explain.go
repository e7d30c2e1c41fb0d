package proof

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// explain traces one variable until the first change, which gives the shortest chain of reasons, and enters it.
func (a *analysis) explain(v *Var, s source) {
	if a.trail == nil {
		a.trail = newTrace(a.g)
		a.trail.from = slices.Repeat([]origin{{node: nowhere}}, len(a.g.nodes))
		a.trail.level = make([]uint8, len(a.g.nodes))
		a.trail.avoid = func(f flow.FuncID) bool { return a.nearness(v.Name, f) == weakest }
	}
	end, what := a.first(v.Name, s, true)
	if end < 0 || what.kind == flow.Unknown {
		end, what = a.first(v.Name, s, false)
	}
	if end < 0 {
		return
	}
	v.Escapes = what.kind == flow.Unknown
	if what.by >= 0 {
		if fn := a.p.Funcs[what.by].SSA(); fn.Object() != nil && fn.Object().Pkg() != nil {
			v.By = fn.Object().Pkg().Path()
		}
	}
	c := a.cause(v.Name, end, what)
	chain := []Step{{what.pos, a.change(what)}}
	if before := a.trail.from[end].node; before >= 0 && a.g.nodes[before] == a.p.Handed { // by any of many
		to := "code of which nothing is known"
		if what.by >= 0 {
			to = a.name(a.p.Funcs[what.by]) + ", of which nothing is known"
		}
		chain[0].Text = "can be reached from memory whose address, without its type, may be what " +
			a.name(a.p.Funcs[what.in]) + " hands to " + to
	}
	if a.in.Nearness != nil && what.in >= 0 && c.rank >= far && a.approximate(end) {
		chain[0].Text = "by approximation, " + chain[0].Text
	}
	index, at := 0, 0
	found := false // by reflection in what comes next
	a.back(end, func(n int32, st step) bool {
		text, last := a.passage(n, st), &chain[len(chain)-1]
		here := Step{st.pos, text}
		switch {
		case text == "":
		case len(chain) > 1 && last.Text == text:
			if passes(st.kind) { // internal/sync's method is spelled as sync's: sync's caller counts
				*last = here
			}
		case st.kind == stepKeep && found:
			here.Text += ", where reflection finds it"
			*last = here
		default:
			chain = append(chain, here)
		}
		found = st.kind == stepRead && text != ""
		if at == c.at {
			index = len(chain) - 1
		}
		at++
		return true
	})
	// From the change back to the variable: that is the order in which a person reads it.
	v.Changed, v.Details = a.lead(c, what, chain, index)
	if n := len(v.Changed); n > 12 {
		if v.Details >= 6 {
			v.Details = max(v.Details-(n-12), 6)
		}
		v.Changed = slices.Concat(v.Changed[:6], []Step{{Text: fmt.Sprintf("(%d more steps)", len(v.Changed)-11)}}, v.Changed[len(v.Changed)-5:])
	}
}

// first finds the first change of a variable, the node at which it happens at last; modest says to look
// first for what does not need that reflection is followed everywhere, which gives better reasons. It looks a little
// further for a change that is nearer to the variable.
func (a *analysis) first(v Name, s source, modest bool) (end int32, what event) {
	t := a.trail
	t.reset()
	if a.open {
		t.wild = 1
	}
	t.modest = modest
	t.start(s, 1)
	end = -1
	looks, at, rank := 0, 0, far
	counts := a.counts([]*flow.Global{s.global})
	t.found = func(n int32, e event, _ mask) {
		if counts(e, 1) == 0 {
			return
		}
		r := a.cause(v, n, e).rank
		if end < 0 || what.kind == flow.Unknown && e.kind != flow.Unknown ||
			(what.kind == flow.Unknown) == (e.kind == flow.Unknown) && r < rank {
			end, what, at, rank = n, e, looks, r
		}
	}
	// What is handed to code of which nothing is known tells less than a write that is not much farther away. Of one package
	// alone it is no reason at all where there is a write.
	t.done = func() bool {
		looks++
		if modest && looks > maxModest {
			return true
		}
		switch {
		case end < 0, rank == weakest && looks < maxModest:
			return false
		case what.kind == flow.Unknown:
			return !a.open && looks > 2*at+1000
		case a.in.Nearness != nil && rank > nearby:
			if a.recast(end) {
				return looks > 8*at+20_000
			}
			return looks > at+at/2+2000
		}
		return true
	}
	t.run()
	return end, what
}

// recast reports whether the trail to a change comes through memory that is
// seen under two types. What functions do far from the variable with the other
// type is a bad reason.
func (a *analysis) recast(end int32) bool {
	for n := end; a.trail.from[n].node >= 0; n = a.trail.from[n].node {
		if k := a.g.steps[a.trail.from[n].node][a.trail.from[n].step].kind; k == stepTie || k == stepRecast {
			return true
		}
	}
	return false
}

// nearby is the rank up to which a change is near enough to look for no other.
const nearby = 1

// maxModest is how often nodes are looked at for a better reason. In a large program it takes seconds to see
// that there is none.
const maxModest = 200_000

// change says what an event does.
func (a *analysis) change(e event) string {
	if e.in < 0 {
		return "handed to whoever opens the plugin"
	}
	f := a.p.Funcs[e.in]
	switch e.kind {
	case flow.Append:
		return "written in " + a.name(f) + ", by append, behind its length"
	case flow.Unknown:
		if f.InC() != "" {
			return "handed to " + a.name(f)
		}
		if f.Said() {
			return "handed to " + a.name(f) + ", of which nothing is known: " + f.Word.Reason
		}
		return "handed in " + a.name(f) + " to code of which nothing is known"
	}
	if e.by >= 0 {
		return "written by " + a.name(a.p.Funcs[e.by]) + ", called in " + a.name(f)
	}
	if f.Said() {
		return "written by " + a.name(f)
	}
	return "written in " + a.name(f)
}

// passage says how a reference got from node n to the next, if that is worth a word.
func (a *analysis) passage(n int32, s step) string {
	if s.in < 0 && (s.kind == stepReceive || s.kind == stepCapture || s.kind == stepKeep) {
		return "the receiver of a method that is called through an interface"
	}
	switch s.kind {
	case stepRead:
		if m := a.p.Describe(a.g.nodes[n]); m != "" {
			return "found by reflection in " + m
		}
	case stepIn:
		return "an importer may give it to " + a.name(a.p.Funcs[s.in])
	case stepOut:
		return "an importer's function, called in " + a.name(a.p.Funcs[s.aux]) + ", may get it"
	case stepCall:
		return "an argument of " + a.name(a.p.Funcs[s.aux])
	case stepReceive:
		return "the receiver of a method called in " + a.name(a.p.Funcs[s.in])
	case stepReturn:
		return "returned by " + a.name(a.p.Funcs[s.aux])
	case stepCapture:
		return "captured by a function called in " + a.name(a.p.Funcs[s.in])
	case stepKeep:
		if m := a.p.Describe(a.g.nodes[s.to]); m != "" {
			return "kept in " + m + " by " + a.name(a.p.Funcs[s.in])
		}
	case stepTie:
		if m := a.p.Describe(a.g.nodes[s.to]); m != "" {
			return "seen as " + m
		}
	}
	return ""
}

// name spells a function as a person would: with its package's last element.
func (a *analysis) name(f *flow.Func) string {
	if c := f.InC(); c != "" {
		return "C." + c
	}
	name, _, _ := strings.Cut(f.Key, "|")
	name, lits, lit := strings.Cut(name, "$")
	name, _, _ = strings.Cut(name, "@")
	if i := strings.Index(name, ".init:"); i >= 0 {
		return "an initialiser of package " + path.Base(name[:i])
	}
	name = withoutFolders(name)
	if lit && lits != "" && lits[0] >= '0' && lits[0] <= '9' {
		return "a function literal in " + name
	}
	return name
}

// withoutFolders cuts import paths short, to their last elements.
func withoutFolders(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		i := strings.IndexAny(name, "()[]*, ")
		if i < 0 {
			i = len(name)
		}
		b.WriteString(name[strings.LastIndexByte(name[:i], '/')+1 : i])
		if i < len(name) {
			b.WriteByte(name[i])
			i++
		}
		name = name[i:]
	}
	return b.String()
}
