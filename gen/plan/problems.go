package plan

import (
	"cmp"
	"go/token"
	"slices"
)

// A Problem is something that the user said about variables and that makes no
// sense: a directive, or a line of the settings file. What is asked for is not
// done before it is mended, since a word without effect looks like one with.
type Problem struct {
	Pos     token.Position
	Message string
}

func sortProblems(list []Problem) {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
}
