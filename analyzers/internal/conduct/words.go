package conduct

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/settings"
)

// words reads //vimage:shared above declarations, and what the settings of the
// package's module say of it. A line of the settings that makes no sense is
// package globals' to report, as a directive is.
func (r *Result) words() {
	if !r.std {
		if words, err := settings.Near(r.pass.Fset, r.pass.Files); err == nil {
			for name, word := range words {
				local, ok := strings.CutPrefix(name, r.pass.Pkg.Path()+".")
				if v, is := r.pass.Pkg.Scope().Lookup(local).(*types.Var); ok && is && word.Shared {
					r.vars[v] = &Variable{Shared: true}
				}
			}
		}
	}
	for _, f := range r.pass.Files {
		words, _ := directive.Read(f)
		for name, word := range words {
			if v, ok := r.pass.TypesInfo.Defs[name].(*types.Var); ok && word.Verb == directive.Shared {
				r.vars[v] = &Variable{Shared: true}
			}
		}
	}
}

// standard reports whether the package belongs to the standard library: it has
// no module, and its source tree contains package unsafe. If file names were
// trimmed (-trimpath), its import path decides.
func standard(pass *analysis.Pass) bool {
	path := strings.TrimSuffix(pass.Pkg.Path(), "_test")
	first, _, _ := strings.Cut(path, "/")
	if pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" || strings.Contains(first, ".") || len(pass.Files) == 0 {
		return false
	}
	file := pass.Fset.Position(pass.Files[0].Package).Filename
	if !filepath.IsAbs(file) {
		return true
	}
	root, ok := strings.CutSuffix(filepath.ToSlash(filepath.Dir(file)), "/src/"+path)
	if !ok {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "src", "unsafe", "unsafe.go"))
	return err == nil
}
