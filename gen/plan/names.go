package plan

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-vimage/vimage/analyzers/perprocess"
	"github.com/go-vimage/vimage/analyzers/stdstate"
)

// check returns what is wrong with the settings in this program: names that do
// not exist, and words that contradict a directive. The file serves all
// programs of a module, on all platforms, with and without tests: a name that
// this build does not have is right if the package's folder declares it in some
// file. dir returns a package's folder, or "".
func (s *Settings) check(p *Plan, dir func(pkg string) string, std *stdstate.Table) []Problem {
	if s == nil {
		return nil
	}
	var out []Problem
	for _, e := range s.wrong {
		out = append(out, s.problem(e.Line, "%s", e.Msg))
	}
	for name, w := range s.words {
		if r := s.process.Rule(name); r != nil {
			switch {
			case !w.Shared:
				out = append(out, s.problem(w.Line, "%s is a function: what it does to the process cannot be virtual", name))
			case r.Verdict == perprocess.Image && r.System == "":
				out = append(out, s.problem(w.Line, "%s needs no word: it does to an image what it does to a process", name))
			}
			continue
		}
		pkg, member := splitName(name)
		if pkg == "" || member == "" {
			out = append(out, s.problem(w.Line, "%s does not name a variable: want PACKAGE.VARIABLE", name))
			continue
		}
		if v := p.byName(pkg, member); v != nil {
			if v.std != notStandard && !w.Shared && !std.Own(pkg, member) {
				out = append(out, s.problem(w.Line, "%s is of the standard library and shared in every build", name))
			}
			if d := v.Uses.Word; d.Verb != "" && d.Fate() != wordFate(w) {
				out = append(out, s.problem(w.Line, "%s %s contradicts //vimage:%s at %s", wordFate(w), name, d.Verb, p.place(d.Pos)))
			}
			continue
		}
		folder := ""
		base := strings.TrimSuffix(pkg, "_test") // external tests lie beside their package
		for _, path := range []string{pkg, base} {
			if lp := p.Prog.ByID[path]; lp != nil && folder == "" {
				folder = lp.Dir
			}
		}
		for _, path := range []string{pkg, base} {
			if folder == "" && dir != nil {
				folder = dir(path)
			}
		}
		switch {
		case folder == "":
			out = append(out, s.problem(w.Line, "there is no package %s", pkg))
		case member == "C" && !w.Shared:
			out = append(out, s.problem(w.Line, "C variables cannot be virtual: %s", name))
		case member == "C":
			if !hasC(folder) {
				out = append(out, s.problem(w.Line, "package %s has no C code", pkg))
			}
		case member == codeWord && !w.Shared:
			out = append(out, s.problem(w.Line, "machine code cannot be virtual: %s", name))
		case member == codeWord:
			if !protectsIn(folder) {
				out = append(out, s.problem(w.Line, "package %s does not change the protection of memory", pkg))
			}
		case !declares(folder, member):
			out = append(out, s.problem(w.Line, "package %s has no variable %s", pkg, member))
		case !w.Shared && p.ofStandard(pkg, folder) && !std.Own(pkg, member):
			out = append(out, s.problem(w.Line, "%s is of the standard library and shared in every build", name))
		}
	}
	return out
}

// ofStandard reports whether a package in a folder is of the standard library,
// imported or not.
func (p *Plan) ofStandard(pkg, folder string) bool {
	if lp := p.Prog.ByID[pkg]; lp != nil {
		return lp.Standard
	}
	for _, lp := range p.Prog.Packages { // every program has some of it
		if root, ok := strings.CutSuffix(lp.Dir, filepath.FromSlash("/"+lp.Path)); ok && lp.Standard {
			return folder == filepath.Join(root, filepath.FromSlash(pkg))
		}
	}
	return false
}

// splitName cuts a variable's full name. A path's last element may have a dot
// in it; a variable's name has none.
func splitName(name string) (pkg, member string) {
	i := strings.LastIndexByte(name, '.')
	if i < strings.LastIndexByte(name, '/') || i < 0 {
		return "", ""
	}
	return name[:i], name[i+1:]
}

func (p *Plan) byName(pkg, name string) *Var {
	if q := p.Packages[pkg]; q != nil {
		return q.Vars[name]
	}
	return nil
}

// declares reports whether some Go file of a folder, whatever it is built for,
// declares a package-level variable.
func declares(dir, name string) bool {
	for _, f := range goFiles(dir, parser.SkipObjectResolution) {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if id.Name == name {
						return true
					}
				}
			}
		}
	}
	return false
}

// hasC reports whether a folder holds C code, or Go code that imports it.
func hasC(dir string) bool {
	entries, _ := os.ReadDir(dir) // a folder that cannot be read has nothing
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".c", ".cc", ".cpp", ".cxx", ".m", ".h":
			return true
		}
	}
	for _, f := range goFiles(dir, parser.ImportsOnly) {
		for _, imp := range f.Imports {
			if imp.Path.Value == `"C"` {
				return true
			}
		}
	}
	return false
}

func goFiles(dir string, mode parser.Mode) []*ast.File {
	var out []*ast.File
	entries, _ := os.ReadDir(dir) // as above
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" {
			continue
		}
		if f, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, mode); f != nil {
			out = append(out, f)
		}
	}
	return out
}
