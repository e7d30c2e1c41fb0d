package tamper

import (
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/identity"
)

// A Verdict is what became of a mutation.
type Verdict string

const (
	Found     Verdict = "found"     // where it is
	Elsewhere Verdict = "elsewhere" // found, but not where it is
	NoEffect  Verdict = "no effect" // the compiler makes the same code
	Missed    Verdict = "missed"
)

// An Outcome is a mutation and what became of it.
type Outcome struct {
	Mutation
	Package string
	Verdict Verdict
	Symbols []string // that differ
}

// Run makes mutations of each kind in packages, as many as can be had up to
// count of a kind that the checker should find.
func Run(ctx context.Context, packages []*Package, seed int64, count int, each func(Outcome)) error {
	rnd := rand.New(rand.NewSource(seed))
	type candidate struct {
		p *Package
		m Mutation
	}
	byKind := map[Kind][]candidate{}
	for _, p := range packages {
		for _, m := range p.mutations() {
			byKind[m.Kind] = append(byKind[m.Kind], candidate{p, m})
		}
	}
	bases := map[*Package]string{}
	dir, err := os.MkdirTemp("", "tamper-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	for _, kind := range Kinds() {
		list := byKind[kind]
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		had := 0
		for _, c := range list {
			if had == count {
				break
			}
			if bases[c.p] == "" {
				object, out, err := c.p.compile(ctx, work, "", nil)
				if err != nil {
					return &CompileError{c.p.Path, out}
				}
				bases[c.p] = filepath.Join(dir, strings.ReplaceAll(c.p.Path, "/", "_")+".a")
				if err := os.Rename(object, bases[c.p]); err != nil {
					return err
				}
			}
			o, ok, err := c.p.try(ctx, work, bases[c.p], c.m)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if o.Verdict != NoEffect {
				had++
			}
			each(o)
			for _, name := range c.p.names {
				os.Remove(filepath.Join(work, name))
			}
		}
	}
	return nil
}

// A CompileError is a package that does not compile as it is.
type CompileError struct{ Package, Text string }

func (e *CompileError) Error() string { return e.Package + ": " + e.Text }

// try makes one mutation; it is not ok if that does not compile.
func (p *Package) try(ctx context.Context, work, base string, m Mutation) (Outcome, bool, error) {
	name, src := p.apply(m)
	object, _, err := p.compile(ctx, work, name, src)
	if err != nil {
		return Outcome{}, false, ctx.Err()
	}
	r, err := identity.CompareObjects(p.Path, p.Name, base, object)
	if err != nil {
		return Outcome{}, false, err
	}
	o := Outcome{Mutation: m, Package: p.Path, Verdict: Elsewhere}
	for _, d := range r.Differences {
		o.Symbols = append(o.Symbols, d.Symbol)
		if p.right(m, d) {
			o.Verdict = Found
		}
	}
	if len(r.Differences) > 0 {
		return o, true, nil
	}
	before, err := p.listing(ctx, work, "", nil)
	if err != nil {
		return o, false, err
	}
	after, err := p.listing(ctx, work, name, src)
	if err != nil {
		return o, false, err
	}
	if o.Verdict = Missed; before == after {
		o.Verdict = NoEffect
	}
	return o, true, nil
}

var brackets = regexp.MustCompile(`\[[^\[\]]*\]`)

// right reports whether a difference is where the mutation is.
func (p *Package) right(m Mutation, d identity.Difference) bool {
	path := p.Path
	if p.Name == "main" {
		path = "main"
	}
	symbol := d.Symbol
	for brackets.MatchString(symbol) && !strings.HasPrefix(symbol, "type:") { // type arguments
		symbol = brackets.ReplaceAllString(symbol, "")
	}
	slash := strings.LastIndex(path, "/") + 1
	path = path[:slash] + strings.ReplaceAll(path[slash:], ".", "%2e")
	local := strings.TrimPrefix(symbol, path+".")
	within := func(f string) bool {
		return local == f || strings.HasPrefix(local, f+".") || strings.HasPrefix(local, f+"-") || strings.HasPrefix(local, f+"#")
	}
	atStart := within("init") || strings.HasPrefix(local, "map.init.")
	switch m.Kind {
	case Removed:
		return local == m.In // by a method of an embedded field's, if there is one of that name
	case Order:
		return atStart
	case Datum:
		return slices.Contains(m.Vars, local) || atStart
	case Layout: // what describes the type, or else code that uses it
		return strings.Contains(symbol, "."+m.In) || d.Kind == "function"
	}
	return within(m.In)
}
