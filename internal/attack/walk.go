package attack

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A walk is one variable's attack while it is written: where it is, and what it
// has in its hand.
type walk struct {
	*writer
	r    *rand.Rand
	n    int // the variable's number
	ids  int // fresh names that were made
	src  *source
	fn   *function // nil between functions
	x    string    // the variable that holds the value
	t    *typ      // its type
	call string    // in a library: the importer's call that is being answered
	user *function // the importer's function
}

// A function that is being written.
type function struct {
	head, result string
	lines        []string
}

func (f *function) text() string {
	return fmt.Sprintf("%s %s {\n%s\n}", f.head, f.result, strings.Join(f.lines, "\n"))
}

// name makes a name that is the program's only one.
func (w *walk) name(like string) string {
	w.ids++
	return fmt.Sprintf("%s%d_%d", strings.TrimPrefix(like, "_"), w.n, w.ids)
}

// with is what words stand for, apart from the fresh names.
func (w *walk) with(t string, names ...subst) subst {
	s := subst{"T": t, "X": w.x}
	if w.exported {
		s["get"], s["set"], s["addr"], s["elem"] = "Get", "Set", "Addr", "Elem"
	}
	for _, n := range names {
		for k, v := range n {
			s[k] = v
		}
	}
	return s
}

// declare adds declarations to a package, unless they are there and the dice
// say that these are good enough, and returns what their fresh names are. Those
// in s are not fresh.
func (w *walk) declare(src *source, lines []string, s subst) subst {
	if lines == nil {
		return nil
	}
	again := w.r.IntN(2) == 0
	key := fmt.Sprintf("%p ", src) + s.expand(strings.Join(lines, "\n"))
	if names := w.shared[key]; names != nil && again {
		return names
	}
	names, all := subst{}, subst{}
	for k, v := range s {
		all[k] = v
	}
	for _, f := range fresh(lines) {
		if all[f] == "" {
			names[f] = w.name(f)
			all[f] = names[f]
		}
	}
	for _, line := range lines {
		src.add("%s", all.expand(line))
	}
	w.shared[key] = names
	return names
}

// do adds an entry's lines to the function.
func (w *walk) do(entry string, s subst) {
	t := parse(entry)
	for k, v := range w.declare(w.src, t.top, s) {
		s[k] = v
	}
	for _, f := range fresh(t.body) {
		if s[f] == "" {
			s[f] = w.name(f)
		}
	}
	for _, line := range t.body {
		w.fn.lines = append(w.fn.lines, s.expand(line))
	}
}

// yields does what makes Y, and takes that up.
func (w *walk) yields(entry string, s subst, t *typ) {
	y := w.name("v")
	s["Y"] = y
	w.do(entry, s)
	w.x, w.t = y, t
}

// wrap puts the value into a form, in the i-th way.
func (w *walk) wrap(f *form, i int) {
	names := w.declare(w.m, parse(f.top).top, w.with(w.t.src))
	s := w.with(w.t.src, names)
	t := &typ{src: s.expand(f.typ), form: f, elem: w.t, names: names, key: f.key == always || f.key == asElem && w.t.key}
	w.yields(f.in[i], s, t)
}

// unwrap takes the value out, in the i-th way.
func (w *walk) unwrap(i int) {
	w.yields(w.t.form.out[i], w.with(w.t.elem.src, w.t.names), w.t.elem)
}

func (w *walk) pass(p pass) { w.yields(p.text, w.with(w.t.src), w.t) }

// cut goes on in another function.
func (w *walk) cut(c cut) {
	g := w.name("go")
	w.do(c.text, w.with(w.t.src, subst{"_G": g}))
	w.leave()
	w.enter(g)
}

// enter begins a function that takes the value.
func (w *walk) enter(name string) {
	w.x = w.name("v")
	w.fn = &function{head: fmt.Sprintf("func %s(%s %s)", name, w.x, w.t.src)}
}

// leave ends the function.
func (w *walk) leave() {
	w.src.add("%s", w.fn.text())
	w.fn = nil
}

// toUser returns the value to the importer.
func (w *walk) toUser() {
	w.fn.lines = append(w.fn.lines, "return "+w.x)
	w.fn.result = w.t.src
	w.leave()
	w.x = w.name("v")
	w.src, w.fn = w.writer.user, w.user
	w.fn.lines = append(w.fn.lines, w.x+" := "+w.call)
	w.call = ""
}

// fromUser has the importer call the library with the value.
func (w *walk) fromUser() {
	name := w.name("Go")
	w.call = fmt.Sprintf("%s(%s)", name, w.x)
	w.src = w.m
	w.enter(name)
}

// end writes what the base is a reference to, and ends the last function.
func (w *walk) end(b *base, text string) {
	if w.Harmless[w.n] {
		text = "_ = X"
	}
	w.do(text, w.with("", w.t.names))
	w.leave()
	if w.user != nil {
		w.user.lines = append(w.user.lines, w.call)
		w.writer.user.add("%s", w.user.text())
		w.drives = append(w.drives, strings.TrimSuffix(strings.TrimPrefix(w.user.head, "func "), "()"))
	}
	keep := fmt.Sprintf("Witness%d", w.n)
	w.witness.add("var %s %s", keep, w.t.src)
	w.checks = append(w.checks, fmt.Sprintf("if !(%s) { not = append(not, %q) }\n", w.with("", w.t.names, subst{"X": keep}).expand(b.changed), w.variable()))
}

// keep has the witness remember the reference in X.
func (w *walk) keep() {
	w.fn.lines = append(w.fn.lines, fmt.Sprintf("Witness%d = %s %s", w.n, w.x, mark))
}

func (w *walk) variable() string { return fmt.Sprintf("changes%d", w.n) }
