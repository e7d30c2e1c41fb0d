package proof

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/flow"
)

// TestLetting compares what is remembered of wanted types, which come one after the other, with asking about each.
func TestLetting(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	lets := func(to, typ flow.TypeID) bool { return (to*7+typ*13)%5 == 0 }
	w := newWanted()
	var all []flow.TypeID
	for range 200 {
		to := flow.TypeID(rnd.IntN(100))
		w.add(to)
		if !slices.Contains(all, to) {
			all = append(all, to)
		}
		typ := flow.TypeID(rnd.IntN(20))
		var want []flow.TypeID
		for _, to := range all {
			if lets(to, typ) {
				want = append(want, to)
			}
		}
		slices.Sort(want)
		if got := w.letting(typ, lets); !slices.Equal(got, want) {
			t.Fatalf("%d passes to %v, should to %v", typ, got, want)
		}
	}
}

// TestHaving compares the types found by the rarest of an interface's methods with all that implement it.
func TestHaving(t *testing.T) {
	p, roots := program(t)
	r := newReach(p, newNumbers())
	for _, pkg := range roots {
		for _, fn := range Exported(pkg) {
			r.begin(p.Func(fn))
		}
	}
	r.run()
	var b byMethod
	asked, found := 0, 0
	for half := range 2 { // the list grows
		list := r.madeList[:len(r.madeList)*(half+1)/2]
		for _, iface := range r.madeList {
			if !p.IsInterface(iface) || p.Parametric(iface) {
				continue
			}
			var want, got []flow.TypeID
			for _, t := range list {
				if !p.IsInterface(t) && p.Implements(t, iface) {
					want = append(want, t)
				}
			}
			for _, t := range b.having(p, iface, list) {
				asked++
				if !p.IsInterface(t) && p.Implements(t, iface) {
					got = append(got, t)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d implementers, should be %d", p.TypeOf(iface), len(got), len(want))
			}
			found += len(want)
		}
	}
	if found == 0 || asked == 0 {
		t.Error("no interface is implemented")
	}
}
