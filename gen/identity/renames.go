package identity

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// A Rename is a function or variable that has another name on the right side.
type Rename struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// renames finds which functions and variables of some packages only have other
// names on the right side, by what they hold and refer to. What it returns
// leads from a package's names there to those on the left side.
//
// It is no more than a guess which is then put to the test: names are taken for
// each other, one to one, and all is compared as ever. Where every symbol is
// the same then, the two sides are the same program but for these names,
// whatever they were found by; and a guess that is wrong makes a difference in
// whoever mentions the name. A name that both sides have is never taken for
// another: two functions that change names with each other are two differences.
//
// Names that data holds (of types, of their exported methods) are content, not
// symbols', and differ.
func renames(left []*listed, right map[string]*listed) (map[string]map[string]string, error) {
	type open struct {
		path string
		n    *renaming
	}
	var all []open
	for _, l := range left {
		m := right[l.ImportPath]
		if m == nil {
			continue
		}
		a, err := readUnit(l)
		if err != nil {
			return nil, err
		}
		b, err := readUnit(m)
		if err != nil {
			return nil, err
		}
		if n := newRenaming(a, b); len(n.onlyA) > 0 && len(n.onlyB) > 0 {
			all = append(all, open{l.ImportPath, n})
		}
	}
	// What is found in one package may be what was missing in one that imports
	// it.
	found := map[string]map[string]string{}
	for more := true; more; {
		more = false
		for _, o := range all {
			names := o.n.find(visible(found, o.path))
			more = more || len(names) > len(found[o.path])
			found[o.path] = names
		}
	}
	return found, nil
}

// visible are the names that a package's symbols may refer to: its own, and
// those of packages that can be imported. Two programs' main packages have one
// prefix.
func visible(found map[string]map[string]string, path string) map[string]string {
	out := map[string]string{}
	for p, names := range found {
		for b, a := range names {
			if p != path && !strings.HasPrefix(b, "main.") {
				out[b] = a
			}
		}
	}
	maps.Copy(out, found[path])
	return out
}

// A renaming is one package's symbols that only one side has.
type renaming struct {
	a, b         *unit
	onlyA, onlyB map[string][]*objfile.Symbol
}

func newRenaming(a, b *unit) *renaming {
	only := func(u, other *unit) map[string][]*objfile.Symbol {
		there := map[string]bool{}
		for _, s := range other.symbols {
			there[s.Name] = true
		}
		out := map[string][]*objfile.Symbol{}
		for _, k := range sortedKeys(u.symbols) {
			s := u.symbols[k]
			local, own := strings.CutPrefix(s.Name, u.prefix)
			if (own || instance(s.Name)) && !there[s.Name] && !nameless.MatchString(s.Name) && !closure.MatchString(local) && k.abi != static {
				out[s.Name] = append(out[s.Name], s)
			}
		}
		return out
	}
	return &renaming{a: a, b: b, onlyA: only(a, b), onlyB: only(b, a)}
}

// instance reports whether a symbol is one of a generic function's, which may
// be another package's.
func instance(name string) bool {
	return strings.Contains(name, "[") && !strings.HasPrefix(name, "type:") && !strings.HasPrefix(name, "go:")
}

// told are the names to be told of: those of declarations that a package's
// symbols are of.
func told(u *unit, renamed map[string]string) []Rename {
	var out []Rename
	for _, k := range sortedKeys(u.symbols) {
		generic := instance(k.name)
		old := renamed[k.name]
		if old == "" || !generic && !strings.HasPrefix(k.name, u.prefix) || strings.HasSuffix(k.name, "·f") || strings.Contains(k.name, "..dict.") {
			continue
		}
		if isClosure.MatchString(k.name) && isClosure.MatchString(old) {
			continue
		}
		r := Rename{old, k.name}
		if generic {
			r.Old, _, _ = strings.Cut(r.Old, "[")
			r.New, _, _ = strings.Cut(r.New, "[")
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// find pairs names. Symbols are told by what they hold; those that hold the
// same, by who refers to them; and those that nothing tells apart are taken in
// order, as any order is as good.
func (n *renaming) find(known map[string]string) map[string]string {
	names := map[string]string{}
	a, b := maps.Clone(n.onlyA), maps.Clone(n.onlyB)
	for _, step := range []struct{ users, ties bool }{{false, false}, {true, false}, {true, true}} {
		colorsA, colorsB := refine(n.a, a, func(s string) string { return s }, step.users), refine(n.b, b, func(s string) string {
			if base, ok := strings.CutSuffix(s, "·f"); ok && names[s]+known[s] == "" {
				if to := cmp.Or(names[base], known[base]); to != "" {
					return to + "·f"
				}
			}
			return cmp.Or(names[s], known[s], s)
		}, step.users)
		byA, byB := byColor(colorsA), byColor(colorsB)
		for color, left := range byA {
			right := byB[color]
			if len(left) != len(right) || len(left) > 1 && !step.ties {
				continue
			}
			for i := range left {
				names[right[i]] = left[i]
				delete(a, left[i])
				delete(b, right[i])
			}
		}
	}
	return names
}

// refine tells names apart by each other until no more can be told.
func refine(u *unit, only map[string][]*objfile.Symbol, known func(string) string, users bool) map[string]string {
	colors := map[string]string{}
	for range len(only) + 1 {
		next := u.colors(only, colors, known, users)
		done := distinct(next) == distinct(colors)
		if colors = next; done && len(colors) > 0 {
			break
		}
	}
	return colors
}

func distinct(colors map[string]string) int {
	seen := map[string]bool{}
	for _, c := range colors {
		seen[c] = true
	}
	return len(seen)
}

func byColor(colors map[string]string) map[string][]string {
	out := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(colors)) {
		out[colors[name]] = append(out[colors[name]], name)
	}
	return out
}

// colors tells names apart by what their symbols hold, as far as the colors
// before did; with users, by who refers to them too.
func (u *unit) colors(only map[string][]*objfile.Symbol, before map[string]string, known func(string) string, users bool) map[string]string {
	label := func(name string) string {
		if only[name] != nil {
			return "color " + before[name]
		}
		if base, ok := strings.CutSuffix(name, "·f"); ok && only[base] != nil {
			return "color " + before[base] + " as a value"
		}
		return known(name)
	}
	by := map[string][]string{}
	if users {
		for _, s := range u.symbols {
			for _, r := range s.Relocs {
				if only[r.Sym] != nil {
					by[r.Sym] = append(by[r.Sym], fmt.Sprint(label(s.Name), r.Off, r.Add))
				}
			}
		}
	}
	out := map[string]string{}
	for name, symbols := range only {
		h := sha256.New()
		for _, s := range symbols {
			fmt.Fprint(h, s.ABI)
			u.write(h, s, label, nil)
		}
		slices.Sort(by[name])
		fmt.Fprintln(h, by[name])
		out[name] = fmt.Sprintf("%x", h.Sum(nil))
	}
	return out
}

// write writes all of a symbol that is compared, names as they are labelled.
func (u *unit) write(w interface{ Write([]byte) (int, error) }, s *objfile.Symbol, label func(string) string, within []*objfile.Symbol) {
	if slices.Contains(within, s) {
		fmt.Fprintln(w, "itself")
		return
	}
	within = append(within, s)
	data := bytes.TrimRight(s.Data, "\x00")
	fmt.Fprintln(w, s.Kind, s.Size, s.Align, s.Flag, s.Flag2, len(data), len(s.Relocs), len(s.Tables))
	_, _ = w.Write(data)
	_, _ = w.Write(s.Info)
	for _, r := range s.Relocs {
		fmt.Fprintln(w, r.Off, r.Size, r.Type, r.Add, r.ABI)
		if isNameless(r.Def) {
			u.write(w, r.Def, label, within)
		} else {
			fmt.Fprintln(w, label(r.Sym))
		}
	}
	for _, t := range s.Tables {
		u.write(w, t, label, within)
	}
}
