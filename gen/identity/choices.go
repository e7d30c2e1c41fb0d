package identity

import (
	"bytes"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// What is told of functions of the static build that the compiler was given
// alike.
const (
	causeBackEnd  = "the back end was given the same"
	causeLowering = "the lowering was given the same"
)

// blameChoices finds the functions that differ although the compiler had the
// same to compile. That is read from the trees that it prints (-W), inlining,
// devirtualisation and escape analysis being done: node for node the same, but
// that a field stands where the variable stood. What comes after decides by
// positions, offsets and running numbers where nothing else does: which of two
// loads goes first, which operand is taken from memory, where a value is kept
// (the back end, if the trees are the same when it takes over); and it copies
// some fields into temporaries where it takes a variable as it is (the
// lowering, if they are not).
func (s *side) blameChoices(ctx context.Context, cfg Config, t *side, p *pair, pkg *Package) error {
	if !slices.ContainsFunc(pkg.Differences, p.onlyCode) {
		return nil
	}
	a, b, err := bothTrees(ctx, cfg, s, t, p, "-W")
	if err != nil {
		return err
	}
	var rest []Difference
	for _, d := range pkg.Differences {
		why := p.choice(d, a[p.a.local(d.Symbol)], b[p.b.local(d.nameB)])
		if why == "" {
			rest = append(rest, d)
			continue
		}
		d.Why = why
		pkg.Chosen = append(pkg.Chosen, d)
		pkg.Different--
		pkg.Choice++
	}
	pkg.Differences = rest
	return nil
}

// takeTables has tables of jumps go with the functions that the compiler made
// otherwise.
func (p *pair) takeTables(pkg *Package) {
	functions := slices.Concat(pkg.Chosen, pkg.Inlined)
	pkg.Differences = slices.DeleteFunc(pkg.Differences, func(d Difference) bool {
		if d.Why = p.tableOf(d, functions); d.Why == "" {
			return false
		}
		pkg.Chosen = append(pkg.Chosen, d)
		pkg.DataDifferent--
		return true
	})
}

// tableOf tells why a table of jumps differs, if it is one of a function that
// the compiler made otherwise: it holds places in that function and nothing
// else.
func (p *pair) tableOf(d Difference, chosen []Difference) string {
	m := jumpTable.FindStringSubmatch(d.Symbol)
	if m == nil || d.Kind == "function" {
		return ""
	}
	a, b := p.a.datumNamed(d.Symbol), p.b.datumNamed(d.nameB)
	i := slices.IndexFunc(chosen, func(f Difference) bool { return f.Kind == "function" && f.Symbol == m[1] })
	if i < 0 || a == nil || b == nil || a.Size != b.Size || len(a.Relocs) != len(b.Relocs) || !bytes.Equal(a.Data, b.Data) {
		return ""
	}
	for n, r := range a.Relocs {
		s := b.Relocs[n]
		if r.Sym != chosen[i].Symbol || s.Sym != chosen[i].nameB || r.Off != s.Off || r.Size != s.Size || r.Type != s.Type {
			return ""
		}
	}
	return "a table of jumps of " + chosen[i].Symbol
}

var jumpTable = regexp.MustCompile(`^(.+)\.jump\d+(?:<\d+>)?$`)

func (u *unit) datumNamed(name string) *objfile.Symbol {
	for k, s := range u.symbols {
		if k.name == name && !s.Kind.IsText() {
			return s
		}
	}
	return nil
}

// bothTrees has a package compiled once more on both sides, and returns its
// functions' trees.
func bothTrees(ctx context.Context, cfg Config, s, t *side, p *pair, flags string) (a, b map[string]*tree, err error) {
	left, err := s.diagnostics(ctx, cfg, p.a, flags)
	if err != nil {
		return nil, nil, err
	}
	right, err := t.diagnostics(ctx, cfg, p.b, flags)
	if err != nil {
		return nil, nil, err
	}
	return readTrees(left), readTrees(right), nil
}

// sameSource reports whether the compiler had the same to lower.
func (p *pair) sameSource(a, b *tree) bool {
	return a != nil && b != nil && !a.twice && !b.twice && p.sameTree(a.before, b.before)
}

// choice says where the compiler begins to make different things of two
// functions, or nothing if it had different ones.
func (p *pair) choice(d Difference, a, b *tree) string {
	switch {
	case !p.onlyCode(d) || !p.sameSource(a, b):
		return ""
	case p.sameTree(a.after, b.after):
		return causeBackEnd
	}
	return causeLowering
}

// local is a function's name within its package, as the compiler knows it.
func (u *unit) local(symbol string) string { return strings.TrimPrefix(bare(symbol), u.prefix) }

// onlyCode reports whether two functions differ in no more than instructions:
// their flags and alignment are the same, and so is what they refer to.
// Functions of the runtime apart, as some stand for several (gcWriteBarrier2).
func (p *pair) onlyCode(d Difference) bool {
	a, b := p.a.function(d.Symbol), p.b.function(d.nameB)
	if d.Kind != "function" || a == nil || b == nil || a.Flag != b.Flag || a.Flag2 != b.Flag2 || a.Align != b.Align {
		return false
	}
	left, right := map[string]bool{}, map[string]bool{}
	for _, r := range a.Relocs {
		left[p.a.content(r.Sym, r.Def, nil)] = true
	}
	for _, r := range b.Relocs {
		fields := p.fields[r.Sym]
		if fields == nil {
			right[p.name(p.b.content(r.Sym, r.Def, p))] = true
			continue
		}
		// An offset from the next instruction on may name a place before the
		// field: it is told by the other side's.
		found := false
		for _, s := range a.Relocs {
			if f, ok := fields[s.Sym]; ok && r.Add == f.offset+s.Add {
				right[s.Sym], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	for _, names := range []map[string]bool{left, right} {
		maps.DeleteFunc(names, func(name string, _ bool) bool {
			return name == "" || strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "function ")
		})
	}
	return maps.Equal(left, right)
}

var isClosure = regexp.MustCompile(`\.func\d+(\.\d+)*$`)

func (u *unit) function(name string) *objfile.Symbol {
	for k, s := range u.symbols {
		if k.name == name && s.Kind.IsText() {
			return s
		}
	}
	return nil
}

// content names what a relocation is to, data that has only a number by what it
// holds.
func (u *unit) content(name string, def *objfile.Symbol, p *pair) string {
	if isNameless(def) {
		return u.hash(def, p, nil)
	}
	return name
}
