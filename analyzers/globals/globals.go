package globals

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/directive"
	"github.com/go-vimage/vimage/analyzers/finding"
	"github.com/go-vimage/vimage/analyzers/internal/conduct"
	"github.com/go-vimage/vimage/analyzers/internal/guards"
	"github.com/go-vimage/vimage/analyzers/mutation"
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/analyzers/stdstate"
	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var doc string

// Analyzer reports package-level variables that change after initialisation.
var Analyzer = &analysis.Analyzer{
	Name:     "globals",
	Doc:      finding.Doc("globals", doc),
	URL:      "https://pkg.go.dev/github.com/go-vimage/vimage/analyzers/globals",
	Run:      finding.Run(run),
	Requires: []*analysis.Analyzer{mutation.Analyzer, conduct.Analyzer},
}

func run(pass *analysis.Pass) (any, error) {
	std, err := stdstate.Read()
	if err != nil {
		return nil, err
	}
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
	facts := pass.ResultOf[conduct.Analyzer].(*conduct.Result)
	vars := changing(pass.ResultOf[mutation.Analyzer].(*proof.Open))
	guardedBy, folded := locks(pass, facts, vars)
	for _, v := range vars {
		if v.Pkg == pass.Pkg.Path() {
			if !folded[v.Name.Name] {
				own(pass, v, guardedBy[v.Name.Name], words)
			}
		} else if v.By != v.Pkg && !(std.Has(v.Pkg) && std.Own(v.Pkg, v.Name.Name)) {
			// A change by its own package is that package's affair.
			foreign(pass, facts, std, v)
		}
	}
	return nil, nil
}

// changing returns the variables that surely change, sorted.
func changing(open *proof.Open) []*proof.Var {
	return slices.DeleteFunc(sorted(open.Vars), func(v *proof.Var) bool { return v.Changed == nil || v.Escapes })
}

// locks returns, by names of this package, which locks guard a changing
// variable, and the locks that do: they are reported with what they guard.
func locks(pass *analysis.Pass, facts *conduct.Result, vars []*proof.Var) (
	guardedBy map[string][]string, folded map[string]bool,
) {
	guardedBy, folded = map[string][]string{}, map[string]bool{}
	changes := map[string]bool{}
	for _, v := range vars {
		if obj := pass.Pkg.Scope().Lookup(v.Name.Name); v.Pkg == pass.Pkg.Path() && obj != nil {
			changes[obj.Name()] = !guards.IsLock(obj.Type())
		}
	}
	if !slices.Contains(slices.Collect(maps.Values(changes)), false) { // no lock
		return guardedBy, folded
	}
	for _, p := range slices.Concat(guards.Mutexes(facts), guards.Onces(facts)) {
		if p.Lock.Pkg == facts.Pkg && p.Data.Pkg == facts.Pkg && changes[p.Data.Name()] {
			guardedBy[p.Data.Name()] = append(guardedBy[p.Data.Name()], p.Lock.Name())
			folded[p.Lock.Name()] = true
		}
	}
	return guardedBy, folded
}

// advice says what to do about a variable that changes.
const advice = "code that runs twice in the process shares it:" +
	" keep it in a value that is passed on, or mark it //vimage:virtual"

// own reports a variable of this package, and the locks that guard it.
func own(pass *analysis.Pass, v *proof.Var, guardedBy []string, words map[types.Object]directive.Word) {
	obj := pass.Pkg.Scope().Lookup(v.Name.Name)
	if obj == nil {
		return
	}
	name := obj.Name()
	if guardedBy != nil {
		name += ", guarded by " + strings.Join(guardedBy, " and ") + ","
	}
	d := analysis.Diagnostic{
		Pos: obj.Pos(), End: obj.Pos() + token.Pos(len(obj.Name())), Category: finding.Category("mutable", obj.Name()),
		Message: fmt.Sprintf("variable %s changes after initialisation: %s; %s", name, spell(pass, v.Changed), advice),
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
		d.Message = fmt.Sprintf("variable %s is marked shared (%s), but it changes after initialisation: %s;"+
			" images then see each other's changes: remove the directive, or the write",
			obj.Name(), w.Reason, spell(pass, v.Changed))
	}
	pass.Report(d)
}

// foreign reports the write of another package's variable, where it happens.
// The rule std-variable of package crossing reports assignments to those of the
// standard library.
func foreign(pass *analysis.Pass, facts *conduct.Result, std *stdstate.Table, v *proof.Var) {
	s := v.Changed[0]
	if !s.Pos.IsValid() || !inFiles(pass, s.Pos) || assignsStd(facts, s.Pos) {
		return
	}
	users := "all users of the package see it"
	if facts.StdPath(v.Pkg) && std.Own(v.Pkg, v.Name.Name) {
		users = "in a committed build all images see it (in a vimagegen build each has its own)"
	}
	pass.Report(analysis.Diagnostic{
		Pos: s.Pos, Category: finding.Category("foreign-write", v.Pkg+"."+v.Name.Name),
		Message: fmt.Sprintf("variable %s of package %s changes here after initialisation: %s; %s:"+
			" set it once at start, or use a value of your own",
			v.Name.Name, v.Pkg, spell(pass, v.Changed), users),
	})
}

// assignsStd reports whether a standard variable is assigned at a position that
// is not in a test file.
func assignsStd(facts *conduct.Result, pos token.Pos) bool {
	for _, fn := range facts.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if in.Pos() == pos && facts.StdVariable(in) != nil {
					return !facts.InTest(pos)
				}
			}
		}
	}
	return false
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
