package listings

import (
	"go/parser"
	"go/token"
	"strconv"
)

// Header returns the part of a Go file that go list reads: build constraints,
// the package clause and imports. Where it reads more, that is all of the text:
// in a file that imports "embed" (directives) or "C", and in one whose header
// has errors.
func Header(text []byte) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	for _, imp := range f.Imports {
		if path, err := strconv.Unquote(imp.Path.Value); err != nil || path == "embed" || path == "C" {
			return text
		}
	}
	end := f.Name.End()
	if n := len(f.Decls); n > 0 {
		end = f.Decls[n-1].End()
	}
	return text[:fset.File(end).Offset(end)]
}
