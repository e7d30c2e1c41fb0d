package plan

import (
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// initNames refuses references, by go:linkname and from assembly, to what the
// compiler makes of a package's initialisation:
//
//	//go:linkname again example.com/lib.init.0
//	CALL ·init·0(SB)
//
// The linker's names for init functions (p.init.0), for the function that gives
// variables their values (p.init) and for function literals in initialisers
// (p.init.func1) are other functions' in a rewritten package, or nothing's.
func (p *Plan) initNames() (out []Finding) {
	refuse := func(at token.Position, symbol string) {
		path, name, ok := CutSymbol(symbol)
		if !ok || name != "init" && !strings.HasPrefix(name, "init.") && !strings.HasPrefix(name, "glob..") {
			return
		}
		for _, pkg := range p.Order {
			if (pkg.Path == path || path == "main" && pkg.Name == "main") && (!pkg.Standard || pkg.Replayed) {
				out = append(out, Finding{at, "symbol " + symbol, "it is of a package's initialisation, which each image runs from other functions"})
				return
			}
		}
	}
	for _, pkg := range p.Order {
		if pkg.Standard {
			continue
		}
		for _, lp := range pkg.Variants {
			for _, f := range lp.Files {
				if f.Package != lp {
					continue
				}
				for _, l := range Linknames(f) {
					refuse(p.Prog.Fset.Position(l.Pos), l.Symbol)
				}
			}
		}
		lp := pkg.Variants[0]
		for _, l := range asmLines(lp) {
			for _, s := range l.symbols {
				symbol := s.pkg + "." + s.name
				if strings.HasPrefix(symbol, ".") {
					symbol = lp.Path + symbol
				}
				name, line, _ := strings.Cut(l.at, ":")
				n, _ := strconv.Atoi(line)
				refuse(token.Position{Filename: filepath.Join(lp.Dir, name), Line: n}, symbol)
			}
		}
	}
	return out
}
