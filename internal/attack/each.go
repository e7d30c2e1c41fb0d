package attack

// A trial is a walk with a single entry of the tables in it, or one that puts
// in and one that takes out.
type trial func(w *walk)

// Trials says how many there are, which is how many variables there are in mode
// each, or pairs.
func Trials(m Mode) int {
	t := all()
	w := &writer{Options: Options{Mode: m}, tables: t.only(set(t.features()))}
	return len(w.trials())
}

func set(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// each goes the i-th trial's way; after the last comes the first.
func (w *walk) each(i int) {
	t := w.trials()
	t[i%len(t)](w)
}

func (wr *writer) trials() []trial {
	var out []trial
	bases := wr.bases
	some := func(i int, f *form) *base {
		// By turns, of those of the language; a form that wants one that can be
		// compared has the first.
		if f != nil && f.ok != nil {
			return &bases[0]
		}
		return &bases[[]int{0, 0, 1, 2, 3}[i%5]]
	}
	for k := range wr.forms {
		f := &wr.forms[k]
		for i := range f.in {
			for o := range f.out {
				if n := min(len(f.in), len(f.out)); !wr.Mode.Pairs && i%n != o%n {
					continue
				}
				out = append(out, func(w *walk) {
					b := some(i+o, f)
					w.forward(b, 0)
					w.wrap(f, i)
					w.unwrap(o)
					w.end(b, b.writes[0].text)
				}, func(w *walk) {
					b := some(i+o+1, f)
					w.newValue(b)
					w.wrap(f, i)
					w.backward(i % 2 * 2)
					w.unwrap(o)
					w.end(b, b.writes[0].text)
				})
			}
		}
	}
	for i, p := range wr.passes {
		out = append(out, func(w *walk) {
			b := some(i, nil)
			w.forward(b, 0)
			w.pass(p)
			w.end(b, b.writes[0].text)
		})
	}
	for i, c := range wr.cuts {
		out = append(out, func(w *walk) {
			b := some(i, nil)
			w.forward(b, 0)
			w.cut(c)
			w.end(b, b.writes[0].text)
		})
	}
	for k := range bases {
		b := &bases[k]
		for i := range max(len(b.vars), len(b.writes)) {
			out = append(out, func(w *walk) {
				w.forward(b, i%len(b.vars))
				w.end(b, b.writes[i%len(b.writes)].text)
			})
		}
	}
	for i := range births() {
		out = append(out, func(w *walk) {
			b := some(i, nil)
			w.newValue(b)
			w.wrap(&wr.forms[0], i%2)
			w.backward(i)
			w.unwrap(0)
			w.end(b, b.writes[0].text)
		})
	}
	return out
}
