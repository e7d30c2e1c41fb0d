package report_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/internal/archives"
)

// What a place does with a variable, and the function that it is in, for each line of an archive's program.
func TestUses(t *testing.T) {
	const path = "testdata/uses.txtar"
	type use struct {
		line, column int
		text         string
	}
	var uses []use
	for _, v := range analyze(t, path).Variables {
		for _, u := range slices.Concat(v.Reads, v.Writes) {
			how := cmp.Or(u.How, "read")
			uses = append(uses, use{u.Place.Line, u.Place.Column, fmt.Sprintf("%s %s in %q\n", v.Name, how, u.Function)})
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column)) })
	ar := archives.Read(t, path)
	var got strings.Builder
	for _, u := range uses {
		source := strings.TrimSpace(strings.Split(string(ar.Files[1].Data), "\n")[u.line-1])
		fmt.Fprintf(&got, "%s: %s", source, u.text)
	}
	ar.Want(t, ar.Files[len(ar.Files)-1].Name, got.String())
}
