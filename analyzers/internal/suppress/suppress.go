package suppress

import (
	"go/ast"
	"go/token"
	"math"
	"slices"
	"strings"
)

// Everything is the name that stands for all our analyzers.
const Everything = "vimage"

// A Comment silences findings of some analyzers on some lines.
type Comment struct {
	Pos, End token.Pos
	Names    []string
	Reason   string

	from, to int // lines of the file as it was parsed
}

// For reports whether the comment speaks to an analyzer.
func (c *Comment) For(analyzer string) bool {
	return slices.Contains(c.Names, analyzer) || slices.Contains(c.Names, Everything)
}

// Silences reports whether the comment silences an analyzer at a position of
// its file.
func (c *Comment) Silences(fset *token.FileSet, analyzer string, pos token.Pos) bool {
	line := fset.PositionFor(pos, false).Line
	return c.Reason != "" && c.For(analyzer) && c.from <= line && line <= c.to
}

// Comments returns the comments of a file.
func Comments(fset *token.FileSet, file *ast.File) []*Comment {
	type place struct{ line, column int }
	at := func(pos token.Pos) place {
		p := fset.PositionFor(pos, false)
		return place{p.Line, p.Column}
	}
	var all []*Comment
	beside := map[int][]*Comment{}  // by the line that they stand on
	above := map[place][]*Comment{} // by where what they stand above begins
	for _, group := range file.Comments {
		for _, text := range group.List {
			c := parse(text)
			if c == nil {
				continue
			}
			p := at(c.Pos)
			c.from, c.to = p.line, p.line
			all = append(all, c)
			beside[p.line] = append(beside[p.line], c)
			next := place{at(group.End()).line + 1, p.column}
			above[next] = append(above[next], c)
		}
	}
	if all == nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		p, end := at(n.Pos()), at(n.End()).line
		if _, ok := n.(*ast.File); ok {
			p, end = at(file.Package), math.MaxInt
		}
		for _, c := range slices.Concat(beside[p.line], above[p]) {
			c.to = max(c.to, end)
		}
		return true
	})
	return all
}

// parse reads a comment, and returns nil if it is not one of ours.
func parse(text *ast.Comment) *Comment {
	rest, ok := strings.CutPrefix(text.Text, "//")
	if !ok {
		return nil
	}
	if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t"), "nolint:"); !ok {
		return nil
	}
	names, reason, _ := strings.Cut(rest, "//")
	c := &Comment{Pos: text.Pos(), End: text.End(), Reason: strings.TrimSpace(reason)}
	for name := range strings.SplitSeq(names, ",") {
		if f := strings.Fields(name); len(f) > 0 { // what follows a name without a comma is prose
			c.Names = append(c.Names, strings.ToLower(f[0]))
		}
	}
	return c
}
