package finding

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/go-vimage/vimage/analyzers/internal/suppress"
)

// Category joins a rule and what a finding under it is about: a package-level
// name, with a dot and a field or method behind it where that matters. Neither
// holds a space.
func Category(rule, object string) string { return rule + ":" + object }

// Split takes a diagnostic's category apart. Without an object, object is "".
func Split(category string) (rule, object string) {
	rule, object, _ = strings.Cut(category, ":")
	return rule, object
}

// Run returns an analyzer's run function with the findings filtered.
func Run(run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		f := &filter{pass: pass, files: map[*ast.File]*file{}}
		p := *pass
		p.Report = f.report
		return run(&p)
	}
}

// A filter stands between an analyzer and its driver, for one package.
type filter struct {
	pass    *analysis.Pass
	outside *bool
	files   map[*ast.File]*file
}

// A file is what the filter knows of one, once there is a finding in it.
type file struct {
	authored bool
	comments []*suppress.Comment
}

func (f *filter) report(d analysis.Diagnostic) {
	if f.outside == nil {
		outside := outsideModule(f.pass)
		f.outside = &outside
	}
	if *f.outside {
		return
	}
	rule, object := Split(d.Category)
	if rule == "" {
		rule = f.pass.Analyzer.Name
	}
	if in := f.in(d.Pos); in != nil {
		file := f.file(in)
		if !file.authored {
			return
		}
		for _, c := range file.comments {
			if c.Silences(f.pass.Fset, f.pass.Analyzer.Name, d.Pos) {
				return
			}
		}
		if object == "" {
			object = Enclosing(in, d.Pos)
		}
	}
	if object == "" {
		object = filepath.Base(f.pass.Fset.Position(d.Pos).Filename)
	}
	if d.URL == "" {
		d.URL = Anchor(rule)
	}
	d.Category = Category(rule, strings.ReplaceAll(object, " ", "_"))
	if !f.editable(d) {
		d.SuggestedFixes = nil
	}
	f.pass.Report(d)
}

// in returns the Go file that a position is in, if any.
func (f *filter) in(pos token.Pos) *ast.File {
	for _, file := range f.pass.Files {
		if file.FileStart <= pos && pos <= file.FileEnd {
			return file
		}
	}
	return nil
}

func (f *filter) file(in *ast.File) *file {
	known, ok := f.files[in]
	if !ok {
		known = &file{authored: authored(f.pass.Fset, in), comments: suppress.Comments(f.pass.Fset, in)}
		f.files[in] = known
	}
	return known
}

// editable reports whether the offsets of a finding's fixes are those of the
// author's files.
func (f *filter) editable(d analysis.Diagnostic) bool {
	for _, fix := range d.SuggestedFixes {
		for _, edit := range fix.TextEdits {
			if f.pass.Fset.Position(edit.Pos) != f.pass.Fset.PositionFor(edit.Pos, false) {
				return false
			}
		}
	}
	return true
}

// outsideModule reports whether the package is none of the user's: of the
// standard library, of a module at a version, or made by the go command for a
// test binary.
func outsideModule(pass *analysis.Pass) bool {
	if len(pass.Files) == 0 || strings.HasSuffix(pass.Pkg.Path(), ".test") && pass.Pkg.Name() == "main" {
		return true
	}
	if m := pass.Module; m != nil && m.Path != "" {
		return m.Version != "" || m.Path == "std" || m.Path == "cmd"
	}
	// Without a module it may be a driver that has none, or the standard
	// library.
	return standard(pass.Fset.Position(pass.Files[0].Package).Filename, pass.Pkg.Path())
}

// authored reports whether a person wrote the file. What cgo makes of a
// person's file bears the mark of a generated one, and the person's own file's
// name in a line directive.
func authored(fset *token.FileSet, in *ast.File) bool {
	if !ast.IsGenerated(in) {
		return true
	}
	name := fset.Position(in.Package).Filename
	if name == fset.PositionFor(in.Package, false).Filename || !strings.HasSuffix(name, ".go") {
		return false
	}
	origin, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
	return err == nil && !ast.IsGenerated(origin)
}
