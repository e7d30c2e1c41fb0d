package alias

import (
	"slices"
	"testing"
)

// Every image's init functions export the same symbols: a linker keeps one
// list, and no copy of it. Of two signatures the later one counts.
func TestExport(t *testing.T) {
	var k Linker
	bus := []Symbol{{"bus.Read", "func()"}, {"bus.Write", "func()"}}
	k.Export(bus...)
	k.Export(slices.Clone(bus)...)
	if len(k.exports) != 1 || &k.exports[0][0] != &bus[0] {
		t.Errorf("exports: %v", k.exports)
	}
	k.Export(Symbol{"bus.Read", "func(int)"})
	if got := k.symbols(); len(got) != 2 || got["bus.Read"] != "func(int)" {
		t.Errorf("symbols: %v", got)
	}
}

// A layer has counters from its module's first Load on, and keeps them, because
// a caller that is late may still count itself in and out.
func TestCountersByLoad(t *testing.T) {
	g := &Group{Name: "bus", Slots: []Slot{{Name: "Read", ABI: "func()"}}}
	l := &Layer{Group: g, ABI: []string{"func()"}, Number: 1}
	m := &Module{Name: "fault", Layers: []*Layer{l}}
	var k Linker
	if l.count != nil {
		t.Error("counters before the first Load")
	}
	if err := k.Load(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	counters := l.count
	if counters == nil {
		t.Fatal("no counters after Load")
	}
	if err := k.Unload(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if err := k.Load(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if l.count != counters {
		t.Error("other counters after the second Load")
	}
}
