package objects

import (
	"cmp"
	"context"
	"go/token"
	"slices"
)

// Config says where and how the go command runs.
type Config struct {
	Go    string // the go command, if not the one that is found in PATH
	Dir   string
	Env   []string
	Flags []string            // build flags
	Trace func(args []string) // shown every go command before it runs; nil for none
}

// A Kind is what accounts for a symbol.
type Kind int

const (
	Declared Kind = iota // a Go declaration
	Made                 // the compiler's or cgo's own
	Assembly             // data that assembly defines
	C                    // a variable of C code
	Linkname             // a variable with a second name
	Unseen               // nothing that was seen
)

// A Symbol is one symbol of writable data.
type Symbol struct {
	Package string
	Name    string // without the package's path
	Kind    Kind
	Pos     token.Position // of the declaration, if there is one
	Note    string         // for Linkname the other name, for Unseen the object's member
}

// A Report is the symbols of all packages, by package and name.
type Report struct {
	Packages int
	Symbols  []Symbol
}

// Count returns how many symbols are of a kind.
func (r *Report) Count(k Kind) int {
	n := 0
	for _, s := range r.Symbols {
		if s.Kind == k {
			n++
		}
	}
	return n
}

// Same returns the unexported names that are declared in several packages, each with its symbols.
func (r *Report) Same() [][]Symbol {
	byName := map[string][]Symbol{}
	for _, s := range r.Symbols {
		if s.Kind == Declared && !token.IsExported(s.Name) {
			byName[s.Name] = append(byName[s.Name], s)
		}
	}
	var out [][]Symbol
	for _, list := range byName {
		if len(list) > 1 {
			out = append(out, list)
		}
	}
	slices.SortFunc(out, func(a, b []Symbol) int { return cmp.Compare(a[0].Name, b[0].Name) })
	return out
}

// Read compiles packages and accounts for their symbols.
func Read(ctx context.Context, cfg Config, patterns []string) (*Report, error) {
	packages, err := list(ctx, cfg, patterns)
	if err != nil {
		return nil, err
	}
	r := &Report{Packages: len(packages)}
	for _, p := range packages {
		src, err := readSource(p)
		if err != nil {
			return nil, err
		}
		syms, err := Writables(ctx, cfg, p.Export)
		if err != nil {
			return nil, err
		}
		seen := map[Symbol]bool{} // a C variable has a symbol in its object and one of cgo's
		for _, s := range syms {
			if sym := src.account(s); !seen[sym] {
				seen[sym] = true
				r.Symbols = append(r.Symbols, sym)
			}
		}
		for name, l := range src.linknames { // those that are defined elsewhere have no data symbol here
			if pos, ok := src.vars[name]; ok && l.remote != "" && !slices.ContainsFunc(r.Symbols, func(s Symbol) bool {
				return s.Package == p.ImportPath && s.Kind == Linkname && s.Name == name
			}) {
				r.Symbols = append(r.Symbols, Symbol{Package: p.ImportPath, Name: name, Kind: Linkname, Pos: pos, Note: l.remote})
			}
		}
	}
	slices.SortFunc(r.Symbols, func(a, b Symbol) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Note, b.Note))
	})
	return r, nil
}
