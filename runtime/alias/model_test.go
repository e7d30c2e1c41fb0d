//go:build vimage_steps

package alias

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
)

// TestModel runs the real code in every order that its steps can be in, for two
// callers and each kind of transition over three layers. An actor is a
// coroutine that hands control back after each step; an order of steps is
// explored anew from the beginning, and ended where it reaches a state that was
// seen.
func TestModel(t *testing.T) {
	for name, build := range map[string]func(*world){
		"unload top":     func(w *world) { w.transition(w.unload(context.Background(), 2)) },
		"unload middle":  func(w *world) { w.transition(w.unload(context.Background(), 1)) },
		"unload bottom":  func(w *world) { w.transition(w.unload(context.Background(), 0)) },
		"refused top":    func(w *world) { w.refuse(2); w.transition(w.unload(context.Background(), 2)) },
		"refused middle": func(w *world) { w.refuse(1); w.transition(w.unload(context.Background(), 1)) },
		"given up, then one below": func(w *world) {
			w.transition(w.unload(w.hasty(1), 1), w.unload(context.Background(), 0))
		},
		"cancelled middle":      func(w *world) { w.cancelled(1) },
		"replace top":           func(w *world) { w.transition(w.replace(2)) },
		"replace middle":        func(w *world) { w.transition(w.replace(1)) },
		"replace refused":       func(w *world) { w.refuse(1); w.transition(w.replace(1)) },
		"unload and load again": func(w *world) { w.transition(w.unload(context.Background(), 1), w.load(1)) },
		"two layers, one by one": func(w *world) {
			w.transition(w.unload(context.Background(), 1), w.unload(context.Background(), 2))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := explorer{seen: map[string]bool{}}
			for x.next() {
				if w := x.run(build); w.fault != "" {
					t.Fatalf("%s\n%s", w.fault, strings.Join(w.steps, "\n"))
				}
			}
			t.Logf("%d states in %d runs", len(x.seen), x.runs)
		})
	}
}

// An explorer enumerates orders of steps, depth first.
type explorer struct {
	seen   map[string]bool
	choice []int // of the actors that could run, by step
	widths []int // how many could
	runs   int
}

// next moves on to the next order, and reports whether there is one.
func (x *explorer) next() bool {
	x.runs++
	if x.runs == 1 {
		return true
	}
	for i := len(x.choice) - 1; i >= 0; i-- {
		if x.choice[i]+1 < x.widths[i] {
			x.choice[i]++
			x.choice, x.widths = x.choice[:i+1], x.widths[:i+1]
			return true
		}
	}
	return false
}

// run makes a new world and has its actors take their steps in the chosen
// order, then in the first that is possible, until a state was seen before.
func (x *explorer) run(build func(*world)) *world {
	w := newWorld()
	defer w.stop()
	build(w)
	w.caller("x")
	w.caller("y")
	for step := 0; w.fault == ""; step++ {
		ready := w.ready()
		if len(ready) == 0 {
			w.end()
			break
		}
		if step == len(x.choice) {
			if state := w.state(); x.seen[state] {
				break
			} else {
				x.seen[state] = true
			}
			x.choice, x.widths = append(x.choice, 0), append(x.widths, len(ready))
		}
		w.step(ready[x.choice[step]])
	}
	return w
}

// A world is three modules on one slot, with its callers and transitions.
type world struct {
	linker  Linker
	group   *Group
	modules []*Module // three, and the one that replaces
	alive   map[*Module]bool
	inside  map[*Module]int
	order   map[*Module]int // from the lowest, as it has to be
	allowed func(chain []string) bool
	again   bool // a module changes its place
	actors  []*actor
	now     *actor
	steps   []string
	moves   int
	fault   string
	stopped bool
}

// An actor is a coroutine with a name for where it is.
type actor struct {
	name  string
	at    string // where it is, with what it has read
	trail []string
	yield func(struct{}) bool
	next  func() (struct{}, bool)
	stop  func()
	over  bool
	waits bool     // until another actor makes a step
	moves int      // its steps
	since int      // how many steps others had made when it summed the first counter
	sums  []uint64 // what the counters were then, and when it summed the second
}

var errRefused = errors.New("refused")

func newWorld() *world {
	w := &world{alive: map[*Module]bool{}, inside: map[*Module]int{}, order: map[*Module]int{}}
	w.linker.hook = &hook{w.after}
	w.group = &Group{Name: "slot", Slots: []Slot{{Name: "slot", ABI: "func()"}}}
	for i, name := range []string{"a", "b", "c", "new"} {
		m := &Module{Name: name}
		m.Layers = []*Layer{{Group: w.group, Number: i + 1, ABI: []string{"func()"}}}
		m.Init = func(context.Context) error { w.alive[m] = true; return nil }
		m.Fini = func(context.Context) error {
			if w.inside[m] > 0 {
				w.fault = m.Name + ": Fini while a caller is inside"
			}
			w.alive[m] = false
			return nil
		}
		w.modules = append(w.modules, m)
		w.order[m] = i
		if name != "new" {
			if err := w.linker.Load(context.Background(), m); err != nil {
				panic(err)
			}
		}
	}
	return w
}

// after is the hook.
func (w *world) after(s Step, l *Layer) {
	a := w.now
	if a == nil {
		return // the world is being made
	}
	switch s {
	case StepExits:
		a.since = w.moves - a.moves
		a.sums = w.sums()
	case StepEntries:
		a.sums = append(a.sums, w.sums()...)
	case StepFini, StepRestore:
		a.sums = nil
	case StepWait: // for nothing, if another made a step since the exits were summed
		a.sums = nil
		a.waits = a.since == w.moves-a.moves
	}
	what := string(s)
	if l != nil {
		what += " " + l.module.Name
	}
	w.pause(what)
}

// pause hands control back.
func (w *world) pause(what string) {
	if w.stopped { // deferred functions run
		return
	}
	a := w.now
	a.at = what
	w.steps = append(w.steps, a.name+": "+what)
	if !a.yield(struct{}{}) {
		w.stopped = true
		panic(errStopped)
	}
}

var errStopped = errors.New("stopped")

func (w *world) actor(name string, f func(a *actor)) {
	a := &actor{name: name}
	a.next, a.stop = iter.Pull(func(yield func(struct{}) bool) {
		a.yield = yield
		defer func() {
			if r := recover(); r != nil && r != errStopped {
				panic(r)
			}
		}()
		f(a)
	})
	w.actors = append(w.actors, a)
}

func (w *world) ready() []*actor {
	var out []*actor
	for _, a := range w.actors {
		if !a.over && !a.waits {
			out = append(out, a)
		}
	}
	return out
}

// step has an actor make one step. Who waits looks again after that.
func (w *world) step(a *actor) {
	w.now = a
	w.moves++
	a.moves++
	_, ok := a.next()
	a.over = !ok
	for _, other := range w.actors {
		if other != a {
			other.waits = false
		}
	}
}

// end checks the world when nobody can make a step.
func (w *world) end() {
	for _, a := range w.actors {
		if !a.over {
			w.fault = a.name + " never ends"
		}
	}
	var chain []string
	for _, m := range w.linker.Stack(w.group) {
		chain = append(chain, m.Name)
		if !w.alive[m] {
			w.fault = m.Name + " is linked and not alive"
		}
	}
	if !slices.IsSortedFunc(w.linker.Stack(w.group), func(m, n *Module) int { return w.order[n] - w.order[m] }) {
		w.fault = fmt.Sprintf("the stack is %v", chain)
	}
	if w.linker.Stack(w.group) == nil {
		w.fault = "all layers are lost"
	}
}

// sums returns the entrances and exits of the module that is drained.
func (w *world) sums() []uint64 {
	for _, m := range w.modules {
		if m.state == unloading {
			return []uint64{m.entered(), m.exited()}
		}
	}
	return nil
}

// state spells all that decides what can still happen. Counters are spelled by
// their differences, so that a caller who starts over makes no new state.
func (w *world) state() string {
	var b strings.Builder
	name := func(l *Layer) string {
		if l == nil {
			return "-"
		}
		return l.module.Name
	}
	fmt.Fprint(&b, name(w.group.Top.to.Load()))
	for _, m := range w.modules {
		fmt.Fprint(&b, " ", name(m.Layers[0].Super.to.Load()), m.state, w.inside[m], w.alive[m],
			m.entered()-m.exited())
	}
	for _, a := range w.actors {
		fmt.Fprint(&b, "|", a.at, a.trail, a.over, a.waits, w.moves-a.moves == a.since)
		for i, n := range a.sums { // what counts is how far they are from each other
			fmt.Fprint(&b, " ", int64(n-w.sums()[len(w.sums())-1]), i)
		}
	}
	return b.String()
}

func (w *world) stop() {
	for _, a := range w.actors {
		w.stopped = false
		a.stop()
	}
}

// caller adds an actor that calls the slot once. Its layers call super.
func (w *world) caller(name string) {
	w.actor(name, func(a *actor) {
		w.call(a, &w.group.Top)
		at := -1
		for _, m := range a.trail { // from the outermost layer
			i := slices.IndexFunc(w.modules, func(x *Module) bool { return x.Name == m })
			if i >= 0 && at >= 0 && !w.again && w.order[w.modules[i]] >= at {
				w.fault = fmt.Sprintf("%s ran %v", name, a.trail)
			}
			if i >= 0 {
				at = w.order[w.modules[i]]
			}
		}
		if w.allowed != nil && !w.allowed(a.trail) {
			w.fault = fmt.Sprintf("%s ran %v", name, a.trail)
		}
	})
}

func (w *world) call(a *actor, k *Link) {
	stub := func() { a.trail = append(a.trail, "stub") }
	l := k.Read() // as in generated code
	if l == nil {
		stub()
		return
	}
	in, ok := k.Try(l)
	if !ok {
		if in = k.Enter(); in.Layer == nil {
			stub()
			return
		}
	}
	defer in.Leave()
	m := in.module
	if !w.alive[m] {
		w.fault = a.name + " begins in " + m.Name + ", which is not alive"
	}
	a.trail = append(a.trail, m.Name)
	w.inside[m]++
	w.call(a, &in.Super)
	w.inside[m]--
}

// transition adds an actor that makes transitions, one after the other.
func (w *world) transition(fs ...func()) {
	w.actor("linker", func(a *actor) {
		for i, f := range fs {
			a.trail = append(a.trail, fmt.Sprint(i))
			f()
		}
	})
}

func (w *world) unload(ctx context.Context, i int) func() {
	return func() {
		m := w.modules[i]
		err := w.linker.Unload(ctx, m)
		if err == nil == w.alive[m] {
			w.fault = fmt.Sprintf("unload of %s: %v", m.Name, err)
		}
	}
}

// load loads a module again. A caller may pass it in its old place, too.
func (w *world) load(i int) func() {
	w.again = true
	return func() {
		w.order[w.modules[i]] = len(w.modules) // on top
		if err := w.linker.Load(context.Background(), w.modules[i]); err != nil {
			w.fault = err.Error()
		}
	}
}

// replace has the fourth module take the place of another. Whoever calls
// passes one of the two.
func (w *world) replace(i int) func() {
	old, new := w.modules[i], w.modules[3]
	w.order[new] = i
	w.allowed = func(chain []string) bool {
		return slices.Contains(chain, old.Name) != slices.Contains(chain, new.Name)
	}
	return func() {
		if err := w.linker.Replace(context.Background(), old, new); err == nil == w.alive[old] {
			w.fault = fmt.Sprintf("replace of %s: %v", old.Name, err)
		}
	}
}

// refuse has a module's Fini refuse.
func (w *world) refuse(i int) {
	m := w.modules[i]
	fini := m.Fini
	m.Fini = func(ctx context.Context) error {
		_ = fini(ctx)
		w.alive[m] = true
		return errRefused
	}
}

// hasty returns a context that ends before a module is drained.
func (w *world) hasty(i int) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	w.modules[i].Catch = func(context.Context) error { cancel(); return nil }
	return ctx
}

// cancelled unloads a module with a context that another actor cancels.
func (w *world) cancelled(i int) {
	ctx, cancel := context.WithCancel(context.Background())
	w.transition(w.unload(ctx, i))
	w.actor("canceller", func(*actor) {
		w.pause("cancel")
		cancel()
	})
}
