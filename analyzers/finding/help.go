package finding

import (
	"go/parser"
	"go/token"
	"iter"
	"strings"
)

// Doc returns an analyzer's documentation, which is also its help text: the part
// of the package comment below the heading "# Analyzer NAME", as in package
// x/tools/go/analysis/passes. Source is the text of doc.go. The first line of the
// result is a summary; a heading for each rule follows:
//
//	# Analyzer globals
//
//	globals: report package-level variables that change after initialisation
//
//	# mutable
//
//	A variable of this package changes after initialisation.
//
// Doc returns "" if the comment has no such part.
func Doc(name, source string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || file.Doc == nil {
		return ""
	}
	_, text, _ := strings.Cut(file.Doc.Text(), "# Analyzer "+name+"\n\n"+name+": ")
	return strings.TrimSpace(text)
}

// Rules yields the rules that an analyzer's documentation explains, in order,
// with the explanation of each.
func Rules(doc string) iter.Seq2[string, string] {
	return func(yield func(rule, text string) bool) {
		for i, part := range strings.Split("\n"+doc, "\n# ") {
			rule, text, _ := strings.Cut(part, "\n")
			if i > 0 && !yield(rule, strings.TrimSpace(text)) {
				return
			}
		}
	}
}

// Anchor is the place of a rule in an analyzer's documentation on pkg.go.dev,
// relative to the package's page.
func Anchor(rule string) string { return "#hdr-" + strings.ReplaceAll(rule, "-", "_") }
