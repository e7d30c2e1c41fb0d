package globals

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/mutation"
	"github.com/go-vimage/vimage/analyzers/perimage"
	"github.com/go-vimage/vimage/analyzers/proof"
	"golang.org/x/tools/go/analysis"
)

// Analyzer reports package-level variables that change after initialisation.
var Analyzer = &analysis.Analyzer{
	Name:     "globals",
	Doc:      "report package-level variables that change after initialisation, and how",
	URL:      "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/globals",
	Run:      finding.Run(run),
	Requires: []*analysis.Analyzer{mutation.Analyzer},
}

func run(pass *analysis.Pass) (any, error) {
	words := map[types.Object]directive.Word{}
	for _, f := range pass.Files {
		named, problems := directive.Read(f)
		for id, w := range named {
			words[pass.TypesInfo.Defs[id]] = w
		}
		for _, p := range problems {
			pass.Report(analysis.Diagnostic{Pos: p.Pos, Category: finding.Category("directive", ""), Message: p.Message})
		}
	}
	open := pass.ResultOf[mutation.Analyzer].(*proof.Open)
	for _, v := range sorted(open.Vars) {
		if v.Changed == nil || v.Escapes {
			continue
		}
		if v.Pkg == pass.Pkg.Path() {
			own(pass, v, words)
		} else if v.By != v.Pkg && !perimage.Has(v.Pkg, v.Name.Name) { // what its own package does with it is that package's affair
			foreign(pass, v)
		}
	}
	return nil, nil
}

// own reports a variable of this package.
func own(pass *analysis.Pass, v *proof.Var, words map[types.Object]directive.Word) {
	obj := pass.Pkg.Scope().Lookup(v.Name.Name)
	if obj == nil {
		return
	}
	d := analysis.Diagnostic{
		Pos: obj.Pos(), End: obj.Pos() + token.Pos(len(obj.Name())), Category: finding.Category("mutable", obj.Name()),
		Message: fmt.Sprintf("variable %s changes after initialisation: %s", obj.Name(), spell(pass, v.Changed)),
	}
	for _, s := range v.Changed {
		if s.Pos.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, Message: s.Text})
		}
	}
	if w, ok := words[obj]; ok {
		if w.Verb != directive.Shared || w.Reason == "" {
			return
		}
		d.Category = finding.Category("contradiction", obj.Name())
		d.Message = fmt.Sprintf("variable %s is called shared (%s), yet it changes after initialisation: %s",
			obj.Name(), w.Reason, spell(pass, v.Changed))
	}
	pass.Report(d)
}

// foreign reports the write of another package's variable, where it is done.
func foreign(pass *analysis.Pass, v *proof.Var) {
	s := v.Changed[0]
	if !s.Pos.IsValid() || !inFiles(pass, s.Pos) {
		return
	}
	pass.Report(analysis.Diagnostic{
		Pos: s.Pos, Category: finding.Category("foreign-write", v.Pkg+"."+v.Name.Name),
		Message: fmt.Sprintf("variable %s of package %s changes here after initialisation: %s", v.Name.Name, v.Pkg, spell(pass, v.Changed)),
	})
}

func inFiles(pass *analysis.Pass, pos token.Pos) bool {
	return slices.ContainsFunc(pass.Files, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd })
}

// spell writes a chain in one line.
func spell(pass *analysis.Pass, chain []proof.Step) string {
	var parts []string
	for _, s := range chain {
		text := s.Text
		if s.Pos.IsValid() {
			at := pass.Fset.Position(s.Pos)
			text += fmt.Sprintf(" (%s:%d)", filepath.Base(at.Filename), at.Line)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func sorted(vars map[proof.Name]*proof.Var) []*proof.Var {
	var out []*proof.Var
	for _, v := range vars {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b *proof.Var) int {
		return cmp.Or(cmp.Compare(a.Pkg, b.Pkg), cmp.Compare(a.Name.Name, b.Name.Name))
	})
	return out
}
