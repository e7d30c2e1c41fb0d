package attack

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// longest is how long a type's text may be and still be put into something.
const longest = 160

// attack writes the attack on the variable with a number, and returns the
// variable's name.
func (wr *writer) attack(n int) string {
	w := &walk{writer: wr, r: rand.New(rand.NewPCG(wr.Seed, uint64(n)+1)), n: n, src: wr.m}
	if wr.Mode.Each {
		w.each(int(wr.Seed)*wr.Vars + n)
		return w.variable()
	}
	b := w.anyBase()
	if w.r.IntN(5) < 3 {
		w.forward(b, w.r.IntN(len(b.vars)))
		w.steps(2+w.r.IntN(5), .5, true)
	} else {
		w.newValue(b)
		w.steps(1+w.r.IntN(4), .7, false)
		w.backward(w.r.IntN(len(births())))
		w.steps(w.r.IntN(4), .3, true)
	}
	w.back()
	w.end(b, b.writes[w.r.IntN(len(b.writes))].text)
	return w.variable()
}

// anyBase takes the first one, a struct, every other time.
func (w *walk) anyBase() *base {
	if w.r.IntN(2) == 0 {
		return &w.bases[0]
	}
	return &w.bases[w.r.IntN(len(w.bases))]
}

// declareBase adds a base's declarations. Every attack has its own.
func (w *walk) declareBase(b *base) {
	names := subst{}
	for _, f := range fresh(parse(b.top).top) {
		if names[f] == "" {
			names[f] = w.name(f)
		}
	}
	w.declare(w.m, parse(b.top).top, w.with("", names))
	w.t = &typ{src: w.with("", names).expand(b.typ), names: names, key: b.key == always}
}

// start begins the function that attacks what is declared.
func (w *walk) start(d decl) {
	name := fmt.Sprintf("attack%d", w.n)
	if w.Mode.Lib && !w.Mode.Init && !w.Mode.Each {
		name = "A" + name[1:]
		w.user = &function{head: fmt.Sprintf("func drive%d()", w.n)}
		w.call = name + "()"
	} else {
		w.calls = append(w.calls, name)
		w.late[name] = strings.Contains(d.top, "func init()")
	}
	w.fn = &function{head: fmt.Sprintf("func %s()", name)}
}

// forward declares the variable in the i-th way, and begins the attack with a
// reference to its memory.
func (w *walk) forward(b *base, i int) {
	w.declareBase(b)
	s := w.with(w.t.src, w.t.names, subst{"V": w.variable()})
	names := w.declare(w.m, parse(b.vars[i].top).top, s)
	for k, v := range names {
		s[k] = v
	}
	w.start(b.vars[i])
	w.yields("Y := "+b.vars[i].expr, s, w.t)
	w.keep()
}

// newValue begins the function that makes the variable's value, with new
// memory.
func (w *walk) newValue(b *base) {
	w.declareBase(b)
	w.fn = &function{head: fmt.Sprintf("func make%d()", w.n)}
	w.yields("var Y T = "+b.make[w.r.IntN(len(b.make))], w.with(w.t.src, w.t.names), w.t)
	w.keep()
}

// backward ends it, declares the variable in the i-th way, and begins the
// attack with what is in it.
func (w *walk) backward(i int) {
	w.fn.lines = append(w.fn.lines, "return "+w.x)
	w.fn.result = w.t.src
	w.leave()
	w.x = fmt.Sprintf("make%d()", w.n)
	s := w.with(w.t.src, subst{"V": w.variable()})
	d := births()[i]
	w.declare(w.m, parse(d.top).top, s)
	w.start(d)
	w.yields("Y := "+d.expr, s, w.t)
}

// steps goes n steps at random; wrapping says how often they put the value into
// something.
func (w *walk) steps(n int, wrapping float64, cuts bool) {
	for range n {
		w.step(wrapping)
		if cuts && w.r.IntN(5) == 0 {
			w.goOn()
		}
	}
}

func (w *walk) step(wrapping float64) {
	switch q := w.r.Float64(); {
	case q < wrapping && len(w.t.src) < longest:
		for {
			if f := &w.forms[w.r.IntN(len(w.forms))]; f.ok == nil || f.ok(w.t) {
				w.wrap(f, w.r.IntN(len(f.in)))
				return
			}
		}
	case q > wrapping+.3 && w.t.form != nil:
		w.unwrap(w.r.IntN(len(w.t.form.out)))
	default:
		w.pass(w.passes[w.r.IntN(len(w.passes))])
	}
}

// goOn goes on in another function; in a library by way of an importer, who
// takes a step or two of its own.
func (w *walk) goOn() {
	if w.user == nil {
		w.cut(w.cuts[w.r.IntN(len(w.cuts))])
		return
	}
	w.toUser()
	for range w.r.IntN(3) {
		w.step(.4)
	}
	w.fromUser()
}

// back takes out all that the value is in.
func (w *walk) back() {
	for w.t.form != nil {
		if w.r.IntN(4) == 0 {
			w.pass(w.passes[w.r.IntN(len(w.passes))])
		}
		w.unwrap(w.r.IntN(len(w.t.form.out)))
	}
}
