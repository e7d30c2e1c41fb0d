package corpus

import (
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// constrainAll gives a module's files the constraint of committed builds, and returns how many have become longer. With
// give, the lines below it keep the numbers that they had.
func constrainAll(module string, give bool) (changed, longer int, err error) {
	err = filepath.WalkDir(module, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "vendor") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(d.Name(), "zz_vnet_") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, given, err := constrain(string(src))
		if err != nil || text == string(src) {
			return err
		}
		changed++
		if text != given {
			longer++
		}
		if give {
			text = given
		}
		return errors.Join(
			os.WriteFile(path, []byte(text), 0o666),
			os.WriteFile(filepath.Join(filepath.Dir(path), "zz_vnet_"+d.Name()), []byte("//go:build vimage\n\npackage "+packageClause.FindStringSubmatch(text)[1]+"\n"), 0o666))
	})
	return changed, longer, err
}

const ours = "//go:build !vimage\n\n"

var packageClause = regexp.MustCompile(`(?m)^package (\w+)`)

// constrain adds the constraint to a file, as gofmt would have it.
//
// Where there is a constraint, ours is joined with it on its line, and no line moves. Else there is none that could be
// spared: gofmt leaves single blank lines only, wants one below the constraint, and takes it out of a comment that it is
// put into. So the file begins with two lines more. No directive gives the lines below their old numbers: these
// would be wrong in every trace and debugger for whoever opens the file. Only the second text has them, for the
// comparison.
//
// A file whose only constraint is of before Go 1.17 (// +build) is left alone: a new one would put that out of force.
func constrain(src string) (text, given string, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return "", "", err
	}
	old := false
	for _, group := range f.Comments {
		for i, c := range group.List {
			at := fset.File(f.FileStart).Offset(c.Pos())
			switch {
			case c.Pos() > f.Package || strings.Trim(src[strings.LastIndexByte(src[:at], '\n')+1:at], " \t\ufeff") != "":
			case constraint.IsPlusBuild(c.Text):
				old = true
			case constraint.IsGoBuild(c.Text):
				x, err := constraint.Parse(c.Text)
				if err != nil {
					return "", "", err
				}
				x = &constraint.AndExpr{X: &constraint.NotExpr{X: &constraint.TagExpr{Tag: "vimage"}}, Y: x}
				line, rest := "//go:build "+x.String(), src[at+len(c.Text):]
				return src[:at] + line + synced(rest, group.List[i+1:], x), src[:at] + line + rest, nil
			}
		}
	}
	if old {
		return src, src, nil
	}
	mark := ""
	if rest, ok := strings.CutPrefix(src, "\ufeff"); ok { // must stay first
		mark, src = "\ufeff", rest
	}
	// No file is named: with -trimpath a name would be taken as it is, where the compiler writes the import path before the
	// author's.
	return mark + ours + src, mark + ours + "//line :1:1\n" + src, nil
}

// synced has the lines for go commands of before Go 1.17, which stand first in the rest of a file, say the same, as go vet
// asks for. They become one more where the constraint has alternatives.
func synced(rest string, comments []*ast.Comment, x constraint.Expr) string {
	plus, err := constraint.PlusBuildLines(x)
	if err != nil { // it cannot be said in that form
		return rest
	}
	old := ""
	for _, c := range comments {
		if !constraint.IsPlusBuild(c.Text) {
			break
		}
		old += "\n" + c.Text
	}
	if below, ok := strings.CutPrefix(rest, old); ok && old != "" {
		return "\n" + strings.Join(plus, "\n") + below
	}
	return rest
}
