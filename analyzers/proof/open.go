package proof

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/flow"
	"golang.org/x/tools/go/ssa"
)

// An Effect says what a function may do to what an argument leads to.
type Effect uint8

// The effects, which add up.
const (
	Writes Effect = 1 << iota // it is written
	Keeps                     // a reference to it is kept
	Leaves                    // it is passed to unknown code
)

// A Summary says what a function may do to its arguments, the receiver first.
type Summary struct {
	Params  []Effect
	Returns uint64 // the arguments to which results may lead, as bits; the last bit stands for all further ones too
}

// word puts a summary into the form in which package flow takes it.
func (s *Summary) word(key string) *flow.Word {
	w := &flow.Word{Key: key, Reason: "as its own code shows"}
	for i, e := range s.Params {
		if e&Writes != 0 {
			w.Effects = append(w.Effects, flow.Effect{Verb: "write", Arg: i})
		}
		if e&(Keeps|Leaves) != 0 {
			w.Effects = append(w.Effects, flow.Effect{Verb: "unknown", Arg: i})
		}
		if s.Returns&(1<<min(i, 63)) != 0 {
			w.Effects = append(w.Effects, flow.Effect{Verb: "ret", Arg: i})
		}
	}
	return w
}

// An OpenInput is one package of a program of which no more is known.
type OpenInput struct {
	Package Package
	Funcs   []*ssa.Function // the package's functions, literals included
	// Imported returns the summary of another package's function, nil if there is none.
	Imported func(*types.Func) *Summary
}

// An Open is what is known of one package.
type Open struct {
	Summaries map[*types.Func]*Summary
	Vars      map[Name]*Var // the package's variables, and the exported ones of others that it mentions
}

// Summarize looks at one package by itself. It follows a call of an interface's method where the variable that has the
// interface holds values of one type, and takes the method to write its receiver where all types that implement the
// interface, in its own package and in this one, do. Other calls through interfaces, and calls of function values, may
// do anything.
func Summarize(in OpenInput) (*Open, error) {
	words, err := flow.ReadWords()
	if err != nil {
		return nil, err
	}
	p := flow.New(in.Package.SSA.Prog, words)
	o := &Open{Summaries: map[*types.Func]*Summary{}, Vars: map[Name]*Var{}}
	summary := func(obj *types.Func) *Summary {
		s := o.Summaries[obj]
		if s == nil && in.Imported != nil && obj.Pkg() != in.Package.SSA.Pkg {
			s = in.Imported(obj)
		}
		return s
	}
	p.Open = func(fn *ssa.Function) *flow.Word {
		if fn.Origin() != nil {
			fn = fn.Origin()
		}
		obj, ok := fn.Object().(*types.Func)
		if !ok {
			return nil
		}
		if s := summary(obj); s != nil {
			return s.word(fn.String())
		}
		return nil
	}
	d := newDispatcher(in, summary)
	p.Changes = d.changes
	p.Dispatch = func(c *ssa.CallCommon) (*flow.Word, *flow.Func) { return d.word(p, c) }
	var tops []*ssa.Function
	for _, fn := range in.Funcs {
		if fn.Parent() == nil && fn.Synthetic == "" {
			tops = append(tops, fn)
		}
	}
	for _, group := range callOrder(tops, d) {
		o.summarize(p, group)
	}
	d.abstract(o.Summaries)
	o.judge(p, in, tops)
	return o, nil
}

// callOrder sorts functions so that what they call comes before them; those that call each other are one group.
// It is Tarjan's algorithm.
func callOrder(fns []*ssa.Function, d *dispatcher) [][]*ssa.Function {
	own := map[*ssa.Function]bool{}
	for _, fn := range fns {
		own[fn] = true
	}
	var out [][]*ssa.Function
	var stack []*ssa.Function
	index, low, on := map[*ssa.Function]int{}, map[*ssa.Function]int{}, map[*ssa.Function]bool{}
	var visit func(*ssa.Function)
	visit = func(fn *ssa.Function) {
		index[fn] = len(index) + 1
		low[fn] = index[fn]
		stack = append(stack, fn)
		on[fn] = true
		callees(fn, d, func(callee *ssa.Function) {
			if o := callee.Origin(); o != nil {
				callee = o
			}
			switch {
			case !own[callee]:
			case index[callee] == 0:
				visit(callee)
				low[fn] = min(low[fn], low[callee])
			case on[callee]:
				low[fn] = min(low[fn], index[callee])
			}
		})
		if low[fn] == index[fn] {
			i := slices.Index(stack, fn)
			group := slices.Clone(stack[i:])
			stack = stack[:i]
			for _, g := range group {
				on[g] = false
			}
			out = append(out, group)
		}
	}
	for _, fn := range fns {
		if index[fn] == 0 {
			visit(fn)
		}
	}
	return out
}

// callees calls f with the functions that fn, and the literals in it, call directly, and with this package's methods
// that they may call through an interface.
func callees(fn *ssa.Function, d *dispatcher, f func(*ssa.Function)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			c := call.Common()
			if callee := c.StaticCallee(); callee != nil {
				f(callee)
			}
			if !c.IsInvoke() {
				continue
			}
			for m := range d.methods(c.Value.Type(), c.Method) {
				if callee := d.functions[m]; callee != nil {
					f(callee)
				}
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		callees(anon, d, f)
	}
}

// summarize finds out what the functions of a group do to their arguments.
func (o *Open) summarize(p *flow.Program, group []*ssa.Function) {
	r := newReach(p, newNumbers())
	r.only = map[*ssa.Function]bool{}
	var funcs []*flow.Func
	for _, fn := range group {
		f := p.Func(fn)
		funcs = append(funcs, f)
		r.only[fn] = true
	}
	for _, f := range funcs {
		r.activate(f)
	}
	r.runOpen()
	g := newGraph(r, newContents(r), func(flow.FuncID) bool { return true }, nil)
	type param struct {
		s *Summary
		i int
		n flow.Node
	}
	var params []param
	for i, f := range funcs {
		obj, ok := group[i].Object().(*types.Func)
		if !ok {
			continue
		}
		s := &Summary{Params: make([]Effect, len(f.Params))}
		o.Summaries[obj] = s
		for k, n := range f.Params {
			if n != 0 {
				params = append(params, param{s, k, n})
			}
		}
	}
	for chunk := range slices.Chunk(params, 64) {
		t := newTrace(g)
		t.wild = ^mask(0)
		t.found = func(_ int32, e event, who mask) {
			for i := range chunk {
				if who&(1<<i) == 0 {
					continue
				}
				if e.kind == flow.Unknown {
					chunk[i].s.Params[chunk[i].i] |= Leaves
				} else {
					chunk[i].s.Params[chunk[i].i] |= Writes
				}
			}
		}
		t.roomy = t.wild
		for i, c := range chunk {
			if at, ok := g.peek(c.n); ok {
				t.hold(at, leads(1<<i))
			}
		}
		t.run()
		kept := t.kept()
		for i, c := range chunk {
			if kept&(1<<i) != 0 {
				c.s.Params[c.i] |= Keeps
			}
			for k, f := range funcs {
				if obj, ok := group[k].Object().(*types.Func); !ok || o.Summaries[obj] != c.s {
					continue
				}
				for _, n := range f.Results {
					if at, ok := g.peek(n); ok && n != 0 && t.marks[at].refs&(1<<i) != 0 || n == c.n && n != 0 {
						c.s.Returns |= 1 << min(c.i, 63)
					}
				}
			}
		}
	}
	for i, f := range funcs {
		if obj, ok := group[i].Object().(*types.Func); ok && f.Word == nil {
			f.Word = o.Summaries[obj].word(group[i].String())
		}
	}
}

// runOpen is run where function values are not followed: all that are made are read.
func (r *reach) runOpen() {
	r.run()
	for i := 0; i < len(r.takenIn); i++ {
		f := r.p.Funcs[r.takenIn[i]]
		r.activate(f)
		r.run()
	}
}

// kept returns the variables to which references are stored in memory that others see.
func (t *trace) kept() (who mask) {
	for i, steps := range t.g.steps {
		for k := range steps {
			if s := &steps[k]; s.kind == stepKeep && t.g.r.p.Common(t.g.nodes[s.to]) {
				who |= t.marks[i].refs
			}
		}
	}
	return who
}

// judge looks for what changes the package's variables, and other packages' here.
func (o *Open) judge(p *flow.Program, in OpenInput, tops []*ssa.Function) {
	pkg := in.Package.SSA
	r := newReach(p, newNumbers())
	units := p.Initialize(pkg, in.Package.InitOrder)
	initial := map[flow.FuncID]bool{p.Func(pkg.Func("init")).ID: true}
	for _, u := range units {
		initial[u.Func] = true
		r.activate(p.Funcs[u.Func])
	}
	r.activate(p.Func(pkg.Func("init")))
	var roots []flow.FuncID
	for _, fn := range tops {
		f := p.Func(fn)
		r.activate(f)
		if !initial[f.ID] && calledFromOutside(p, fn) {
			roots = append(roots, f.ID)
		}
	}
	r.runOpen()
	roots = append(roots, r.takenIn...)
	after := afterwards(r, roots)
	c := newContents(r)
	g := newGraph(r, c, func(f flow.FuncID) bool { return after[f] }, nil)
	a := &analysis{p: p, full: r, g: g, contents: c, exact: map[Name][]flow.FuncID{}, early: map[flow.FuncID][]*flow.Global{}, open: true, res: &Result{Vars: o.Vars}}
	a.in.InPlay = func(n Name) bool { return n.Pkg == pkg.Pkg.Path() || token.IsExported(n.Name) }
	a.judge()
}

// calledFromOutside reports whether a function may be called by what is not seen: by importers, through an interface, by the
// go command's test main.
func calledFromOutside(p *flow.Program, fn *ssa.Function) bool {
	name := fn.Name()
	if fn.Signature.Recv() != nil || token.IsExported(name) || name == "main" {
		return true
	}
	return strings.HasSuffix(p.SSA.Fset.Position(fn.Pos()).Filename, "_test.go")
}
