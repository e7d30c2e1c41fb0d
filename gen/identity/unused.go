package identity

import "github.com/go-vimage/vimage/gen/objects/objfile"

// findUnused finds what a package of a static build has more, because an
// imported struct has fields of types that the package itself does not use. If
// a function that is inlined from the import reads one field, the compiler
// writes descriptors of the others' types and the methods of their generic
// instances into the object:
//
//	package kern                                package cc
//	var now time.Duration                       func Ack() { last = kern.Now() }
//	var peers sync.Map // an instance in it
//	func Now() time.Duration { return now }
//
// Such symbols may be defined by several packages (Dupok), and a linker keeps
// what is referred to. Those that are referred to by nothing but each other are
// in no program because of this package, and are no difference.
func (p *pair) findUnused() {
	p.unused = map[string]bool{}
	if len(p.fields) == 0 {
		return
	}
	for k, s := range p.b.symbols {
		if p.a.symbols[key{p.name(k.name), k.abi}] == nil && s.Flag&objfile.Dupok != 0 {
			p.unused[s.Name] = true
		}
	}
	for more := true; more; {
		more = false
		for _, s := range p.b.symbols {
			if !p.unused[s.Name] && p.use(s) {
				more = true
			}
		}
	}
}

// use takes what a symbol refers to out of the unused, and reports whether
// there was any.
func (p *pair) use(s *objfile.Symbol) (any bool) {
	for _, r := range s.Relocs {
		if p.unused[r.Sym] && !r.Weak() {
			delete(p.unused, r.Sym)
			any = true
		}
	}
	for _, t := range s.Tables {
		any = p.use(t) || any
	}
	return any
}
