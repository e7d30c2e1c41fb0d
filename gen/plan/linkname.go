package plan

import (
	"go/token"
	"net/url"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
)

// A Linkname is a //go:linkname directive: "//go:linkname Local Symbol" gives a
// declaration another symbol, "//go:linkname Local" permits others to name it.
type Linkname struct {
	Local  string // name of the declaration, in its own package
	Symbol string // the linker's name for it, or ""
	Pos    token.Pos
	End    token.Pos
}

// Linknames lists a file's go:linkname directives.
func Linknames(f *load.File) (out []Linkname) {
	for _, group := range f.Syntax.Comments {
		for _, c := range group.List {
			fields := strings.Fields(c.Text)
			if len(fields) < 2 || len(fields) > 3 || fields[0] != "//go:linkname" {
				continue
			}
			l := Linkname{Local: fields[1], Pos: c.Pos(), End: c.End()}
			if len(fields) == 3 {
				l.Symbol = fields[2]
			}
			out = append(out, l)
		}
	}
	return out
}

// CutSymbol splits a symbol into its package's import path and the rest. The
// path ends at the first dot behind its last slash; the linker writes dots that
// belong to the path's last element as %2e.
func CutSymbol(symbol string) (path, name string, ok bool) {
	slash := strings.LastIndexByte(symbol, '/') + 1
	last, name, ok := strings.Cut(symbol[slash:], ".")
	if !ok || name == "" {
		return "", "", false
	}
	path = symbol[:slash] + last
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return path, name, true
}
