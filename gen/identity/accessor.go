package identity

import (
	"path"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/objects/objfile"
)

// findAccessors finds what a package has more for its accessors: the functions,
// and descriptors of pointer types that their results have. A descriptor of *T
// is referred to by that of T, weakly, so that it is in a binary only if
// something else needs it. It counts as added if nothing in the package refers
// to it in another way.
func (p *pair) findAccessors() {
	p.added = map[string]bool{}
	for k, s := range p.b.symbols {
		if p.a.symbols[k] == nil && p.isAccessor(s) {
			p.added[s.Name] = true
		}
	}
	if len(p.added) == 0 {
		return
	}
	types := map[string]bool{}
	for k, s := range p.b.symbols {
		pointer := strings.HasPrefix(s.Name, "type:*") || strings.HasPrefix(s.Name, "type:.namedata.*")
		if pointer && p.a.symbols[k] == nil && s.Flag&objfile.Dupok != 0 && !s.Kind.IsText() {
			types[s.Name] = true
		}
	}
	for more := true; more; {
		more = false
		for _, s := range p.b.symbols {
			if types[s.Name] {
				continue
			}
			for _, r := range s.Relocs {
				if types[r.Sym] && !r.Weak() {
					delete(types, r.Sym)
					more = true
				}
			}
		}
	}
	for name := range types {
		p.added[name] = true
	}
}

// without leaves out weak references to types that were added for accessors, or
// that a linker leaves out.
func (p *pair) without(relocs []objfile.Reloc) []objfile.Reloc {
	added := func(r objfile.Reloc) bool { return r.Weak() && (p.added[r.Sym] || p.unused[r.Sym]) }
	if len(p.added)+len(p.unused) == 0 || !slices.ContainsFunc(relocs, added) {
		return relocs
	}
	return slices.DeleteFunc(slices.Clone(relocs), added)
}

// isAccessor reports whether a symbol of the right side is the plain build's
// accessor of a variable: a function of a file of package generate, whose name
// is V_ and the variable's, and which refers to that variable alone.
func (p *pair) isAccessor(s *objfile.Symbol) bool {
	variable, ok := strings.CutPrefix(s.Name, p.b.prefix+naming.Field)
	if !ok || !s.Kind.IsText() || len(s.Relocs) == 0 || !strings.HasPrefix(path.Base(s.File), naming.File+"_plain") {
		return false
	}
	for _, r := range s.Relocs {
		if r.Sym != p.b.prefix+variable || r.Add != 0 {
			return false
		}
	}
	return true
}
