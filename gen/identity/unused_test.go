package identity

import (
	"maps"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// What the static build alone has is left out only if no other symbol of the
// package refers to it, however far away.
func TestUnused(t *testing.T) {
	symbol := func(name string, flag uint8, refers ...string) *objfile.Symbol {
		s := &objfile.Symbol{Name: name, Flag: flag}
		for _, to := range refers {
			s.Relocs = append(s.Relocs, objfile.Reloc{Sym: to})
		}
		return s
	}
	unitOf := func(symbols ...*objfile.Symbol) *unit {
		u := &unit{symbols: map[key]*objfile.Symbol{}, renamed: map[string]string{}}
		for _, s := range symbols {
			u.symbols[key{s.Name, 0}] = s
		}
		return u
	}
	weak := symbol("type:T", objfile.Dupok)
	weak.Relocs = []objfile.Reloc{{Sym: "type:*T", Type: 1 << 15}}
	left := unitOf(symbol("m.f", 0), weak)
	for _, c := range []struct {
		name  string
		right []*objfile.Symbol
		want  []string
	}{
		{"a circle", []*objfile.Symbol{symbol("a", objfile.Dupok, "b"), symbol("b", objfile.Dupok, "a"), symbol("m.f", 0)}, []string{"a", "b"}},
		{"a weak reference", []*objfile.Symbol{symbol("type:*T", objfile.Dupok), weak}, []string{"type:*T"}},
		{"a reference", []*objfile.Symbol{symbol("a", objfile.Dupok), symbol("m.f", 0, "a")}, nil},
		{"a reference by another", []*objfile.Symbol{symbol("a", objfile.Dupok, "b"), symbol("b", objfile.Dupok), symbol("m.f", 0, "a")}, nil},
		{"not an instance", []*objfile.Symbol{symbol("m.g", 0)}, nil},
		{"referred to by what differs", []*objfile.Symbol{symbol("a", objfile.Dupok), symbol("m.g", 0, "a")}, nil},
		{"on both sides", []*objfile.Symbol{symbol("type:T", objfile.Dupok)}, nil},
	} {
		p := &pair{a: left, b: unitOf(c.right...), fields: map[string]map[string]field{"m.VNET0": {}}}
		p.findUnused()
		if got := slices.Sorted(maps.Keys(p.unused)); !slices.Equal(got, c.want) {
			t.Errorf("%s: unused: %q, want %q", c.name, got, c.want)
		}
		p.fields = nil // not a static build
		if p.findUnused(); len(p.unused) != 0 {
			t.Errorf("%s: %q are left out of another build", c.name, slices.Sorted(maps.Keys(p.unused)))
		}
	}
}
